// Guards package.json and package-lock.json: exact versions, no registry addresses, and a decision about every package
// that wants to run a script at install time.

import { join } from "node:path";
import { expect, test } from "bun:test";
import { isObject, objectAt, parseObject, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { readSources, root } from "./tidy/source-tree.ts";

const manifest = await readObject("package.json");
const locked = objectAt(await readObject("package-lock.json"), "packages") ?? {};

async function readObject(name: string): Promise<JsonObject> {
  return parseObject(await Bun.file(join(root, name)).text()) ?? {};
}

function dependencies(): [string, string][] {
  return ["dependencies", "devDependencies"].flatMap((group) =>
    Object.entries(objectAt(manifest, group) ?? {}).map(([name, version]): [string, string] => [
      name,
      typeof version === "string" ? version : "",
    ]),
  );
}

test("every dependency is pinned to one version", () => {
  expect(dependencies().length).toBeGreaterThan(10);
  expect(dependencies().filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
});

test("the lock file names no registry, so that any mirror serves", async () => {
  const text = await Bun.file(join(root, "package-lock.json")).text();
  expect(Object.keys(locked).length).toBeGreaterThan(50);
  expect(text.match(/"resolved": .*/g) ?? []).toEqual([]);
  expect(text.match(/registry\.[\w.]+/g) ?? []).toEqual([]);
});

test("every locked package has the checksum of its content, its own or that of the package it came in", () => {
  const bare = Object.entries(locked).filter(
    ([path, entry]) =>
      path !== "" &&
      isObject(entry) &&
      entry["link"] !== true &&
      entry["inBundle"] !== true &&
      !stringAt(entry, "integrity"),
  );
  expect(bare.map(([path]) => path)).toEqual([]);
});

test("allowScripts decides about exactly the packages that have install scripts", () => {
  const wanting = Object.entries(locked).flatMap(([path, entry]) =>
    isObject(entry) && entry["hasInstallScript"] === true
      ? [`${path.replace(/^.*node_modules\//, "")}@${stringAt(entry, "version")}`]
      : [],
  );
  expect(Object.keys(objectAt(manifest, "allowScripts") ?? {}).toSorted()).toEqual(wanting.toSorted());
});

test("each dependency has its line in CONTRIBUTING.md saying what for", async () => {
  const text = await Bun.file(join(root, "CONTRIBUTING.md")).text();
  const unexplained = dependencies().filter(([name]) => !new RegExp(`^\\| \`${name}\`\\s+\\| \\S`, "m").test(text));
  expect(unexplained.map(([name]) => name)).toEqual([]);
});

test("every package that is imported is declared, not only there by chance", async () => {
  const declared = new Set(dependencies().map(([name]) => name));
  const undeclared = (await readSources()).flatMap(({ path, imports }) =>
    imports
      .map(({ target }) => target)
      .filter((target) => !/^(?:\.|node:|bun(?::|$))/.test(target))
      .map((target) =>
        target
          .split("/")
          .slice(0, target.startsWith("@") ? 2 : 1)
          .join("/"),
      )
      .filter((name) => !declared.has(name))
      .map((name) => `${path}: ${name}`),
  );
  expect(undeclared).toEqual([]);
});
