import { mkdir, mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { findBun } from "./bun-binary.mjs";

const programBytes = 2_000_000;
const placeholderBytes = 300;
const linux = { platform: "linux", architecture: "x64" };

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bun-binary-"));
});

afterEach(() => rm(root, { recursive: true }));

async function place(path: string, bytes: number): Promise<string> {
  const file = join(root, "node_modules", path);
  await mkdir(dirname(file), { recursive: true });
  await Bun.write(file, "");
  await truncate(file, bytes);
  return file;
}

test("the program that the install script put in place is used", async () => {
  const program = await place("bun/bin/bun.exe", programBytes);
  await place("@oven/bun-linux-x64/bin/bun", programBytes);
  expect(findBun(root, linux)).toBe(program);
});

test("without install scripts the platform's own package is used", async () => {
  await place("bun/bin/bun.exe", placeholderBytes);
  const expected = {
    "linux x64": await place("@oven/bun-linux-x64/bin/bun", programBytes),
    "linux arm64": await place("@oven/bun-linux-aarch64-musl/bin/bun", programBytes),
    "darwin arm64": await place("@oven/bun-darwin-aarch64/bin/bun", programBytes),
    "win32 x64": await place("@oven/bun-windows-x64/bin/bun.exe", programBytes),
  };
  for (const [machine, program] of Object.entries(expected)) {
    const [platform = "", architecture = ""] = machine.split(" ");
    expect(findBun(root, { platform, architecture })).toBe(program);
  }
});

test("a placeholder alone is refused with what to do", async () => {
  await place("bun/bin/bun.exe", placeholderBytes);
  expect(() => findBun(root, linux)).toThrow(/No Bun for linux x64 .* Delete node_modules/);
});
