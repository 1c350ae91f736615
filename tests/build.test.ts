// What is built before a start, the console and the server: small enough, made once by however many processes want it, and left alone while its sources
// are the same.

import { expect, test } from "bun:test";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "../scripts/build.mjs";
import { root } from "./tidy/source-tree.ts";

const firstPageBytes = 250_000;
const buildLimitMs = 120_000;

/** Everything that the page names, compressed: scripts, those that they load at once, and styles. */
function firstPageSize(folder: string): number {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const named = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
  expect(named.length).toBeGreaterThan(1);
  // What every signed-in page shows besides.
  const shell = readdirSync(join(folder, "assets")).filter((name) => /^shell-.*\.js$/.test(name));
  expect(shell).toHaveLength(1);
  const all = new Set([...named, ...shell.map((name) => `assets/${name}`)]);
  return [...all].reduce((sum, name) => sum + sizeOf(join(folder, name)), 0);
}

function sizeOf(path: string): number {
  return statSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).size;
}

test(
  "the first page is less than 250 kB",
  async () => {
    await ensureBuilt(root);
    const size = firstPageSize(join(root, "dist/console"));
    process.stdout.write(`    ${Math.round(size / 1000)} kB\n`);
    expect(size).toBeLessThan(firstPageBytes);
  },
  buildLimitMs,
);

test(
  "processes that start at once build it once, and a changed source builds it anew",
  async () => {
    const checkout = mkdtempSync(join(tmpdir(), "astrolabe-build-"));
    const built = join(checkout, "dist/console/index.html");
    try {
      layOut(checkout);
      const first = await Promise.all([buildIn(checkout), buildIn(checkout), buildIn(checkout)]);
      for (const part of ["console", "server"]) {
        expect(first.filter((output) => output.includes(`Building the ${part}.`))).toHaveLength(1);
      }
      expect(readFileSync(built, "utf8")).toContain("<title>One</title>");
      expect(await buildIn(checkout)).not.toContain("Building");
      writeFileSync(join(checkout, "console/index.html"), "<title>Two</title>");
      const again = await buildIn(checkout);
      expect(again).toContain("Building the console.");
      expect(again).not.toContain("Building the server.");
      expect(readFileSync(built, "utf8")).toContain("<title>Two</title>");
      writeFileSync(join(checkout, "runtimes/runtime.ts"), "export const two = 2;");
      expect(await buildIn(checkout)).toContain("Building the server.");
      expect(readdirSync(join(checkout, "dist")).toSorted()).toEqual(["console", "server"]);
    } finally {
      rmSync(checkout, { recursive: true, force: true });
    }
  },
  buildLimitMs,
);

/** A checkout with a console of one page and a server of one line. */
function layOut(checkout: string): void {
  cpSync(join(root, "scripts"), join(checkout, "scripts"), { recursive: true });
  for (const folder of ["console/src", "server/contracts", "blueprint", "runtimes", "routing"])
    mkdirSync(join(checkout, folder), { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) cpSync(join(root, file), join(checkout, file));
  writeFileSync(join(checkout, "console/index.html"), "<title>One</title>");
  writeFileSync(join(checkout, "server/main.ts"), "console.log(1);");
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
}

async function buildIn(checkout: string): Promise<string> {
  const child = Bun.spawn(["node", "scripts/build.mjs"], { cwd: checkout, stdout: "pipe", stderr: "pipe" });
  const [output, errors, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (exitCode !== 0) throw new Error(errors);
  return output + errors;
}
