import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { isInstalled, isLinked, isLockComplete, stampInstalled } from "./installed.mjs";

const locked = {
  "": { version: "1.0.0" },
  "node_modules/hono": { version: "4.0.0", integrity: "sha512-h" },
  "node_modules/oxlint": { version: "1.0.0", integrity: "sha512-o", dev: true },
  "node_modules/@oven/bun-windows-x64": { version: "1.4.5", integrity: "sha512-w", optional: true },
  "node_modules/left-over": { version: "1.0.0", integrity: "sha512-l", extraneous: true },
};
const { "node_modules/hono": hono, "node_modules/oxlint": oxlint } = locked;
const everything = { development: true };
const productionOnly = { development: false };

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "installed-"));
  await Bun.write(join(root, "package.json"), "{}");
  await Bun.write(join(root, "package-lock.json"), JSON.stringify({ packages: locked }));
});

afterEach(() => rm(root, { recursive: true }));

function writeInstalled(packages: object): Promise<number> {
  return Bun.write(join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages }));
}

test("without node_modules nothing is installed", () => {
  expect(isInstalled(root, everything)).toBe(false);
});

test("packages that npm installed by hand count, without those of other platforms and left-over ones", async () => {
  await writeInstalled({ "node_modules/hono": hono, "node_modules/oxlint": oxlint });
  expect(isInstalled(root, everything)).toBe(true);
});

test("another version, another checksum or a missing package is out of date", async () => {
  for (const packages of [
    { "node_modules/hono": { ...hono, version: "4.0.1" }, "node_modules/oxlint": oxlint },
    { "node_modules/hono": { ...hono, integrity: "sha512-x" }, "node_modules/oxlint": oxlint },
    { "node_modules/oxlint": oxlint },
  ]) {
    await writeInstalled(packages);
    expect(isInstalled(root, everything)).toBe(false);
  }
});

test("an install without development packages serves, but does not test", async () => {
  await writeInstalled({ "node_modules/hono": hono });
  expect(isInstalled(root, productionOnly)).toBe(true);
  expect(isInstalled(root, everything)).toBe(false);
});

test("the stamp answers until a package file changes", async () => {
  await writeInstalled({ "node_modules/hono": hono, "node_modules/oxlint": oxlint });
  stampInstalled(root, true);
  await rm(join(root, "node_modules", ".package-lock.json"));
  expect(isInstalled(root, everything)).toBe(true);
  await Bun.write(join(root, "package.json"), '{ "name": "changed" }');
  expect(isInstalled(root, everything)).toBe(false);
});

test("a linked node_modules is used but never written to", async () => {
  await mkdir(join(root, "elsewhere"));
  await symlink(join(root, "elsewhere"), join(root, "node_modules"));
  await writeInstalled({ "node_modules/hono": hono, "node_modules/oxlint": oxlint });
  expect(isLinked(root)).toBe(true);
  expect(isInstalled(root, everything)).toBe(true);
  expect(existsSync(join(root, "elsewhere", ".astrolabe-stamp"))).toBe(false);
});

test("a lock file is complete when it has every platform's optional packages", async () => {
  const bun = { version: "1.4.5", optionalDependencies: { "@oven/bun-windows-x64": "1.4.5" } };
  const complete = { ...locked, "node_modules/bun": bun };
  await Bun.write(join(root, "package-lock.json"), JSON.stringify({ packages: complete }));
  expect(isLockComplete(root)).toBe(true);
  const { "node_modules/@oven/bun-windows-x64": _windows, ...incomplete } = complete;
  await Bun.write(join(root, "package-lock.json"), JSON.stringify({ packages: incomplete }));
  expect(isLockComplete(root)).toBe(false);
});
