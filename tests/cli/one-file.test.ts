// `ast` as the one file that people install: made for this machine, and run where there is nothing else.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { buildAst, hostTarget, writeChecksums } from "../../scripts/build-ast.mjs";
import { root } from "../tidy/source-tree.ts";

const largestBytes = 160_000_000;

let folder = "";
let program = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ast-one-file-"));
  const target = hostTarget();
  if (target === undefined) throw new Error(`ast is not made for ${process.platform}-${process.arch}`);
  program = await buildAst(root, target, folder, { baseline: false });
  await writeChecksums(folder, [target]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without a PATH, in a folder of its own. */
async function run(...words: readonly string[]) {
  const child = Bun.spawn([program, ...words], {
    cwd: folder,
    env: { HOME: folder },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, stdout, stderr };
}

test("it says its version, and is no larger than the runtime in it asks for", async () => {
  expect(await run("--version")).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^ast \d+\.\d+\.\d+\n$/),
    stderr: "",
  });
  expect(statSync(program).size).toBeLessThan(largestBytes);
});

test("templates are in it: it makes an agent, and finds what is wrong with one", async () => {
  const made = await run("create", "helper", "-y");
  expect([made.code, made.stderr]).toEqual([0, ""]);
  expect(readdirSync(join(folder, "helper"))).toContain("astropods.yml");
  const valid = await run("spec", "validate", "-f", "helper/astropods.yml");
  expect([valid.code, valid.stderr]).toEqual([0, ""]);
  await Bun.write(join(folder, "wrong.yml"), "spec: blueprint/v1\nname: wrong\nagnet: {}\n");
  const wrong = await run("spec", "validate", "-f", "wrong.yml");
  expect(wrong.code).not.toBe(0);
  expect(wrong.stdout + wrong.stderr).toContain("wrong.yml:3:1");
});

test("what needs an engine says what to install, without a stack trace", async () => {
  const { code, stderr } = await run("build", "-f", "helper/astropods.yml");
  expect(code).not.toBe(0);
  expect(stderr).not.toMatch(/\n\s+at |bunfs/);
});

test("its checksum is the one that is written beside it", async () => {
  const [line = ""] = readFileSync(join(folder, "SHA256SUMS"), "utf8").split("\n");
  const hash = new Bun.CryptoHasher("sha256").update(readFileSync(program)).digest("hex");
  expect(line).toBe(`${hash}  ast-${hostTarget()}`);
});
