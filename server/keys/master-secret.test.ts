// The master secret as a file and as a variable, good and bad.

import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { deriveKey, loadMasterSecret, readMasterSecret } from "./master-secret.ts";

let parent = "";
let dataDir = "";
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "astrolabe-"));
  dataDir = join(parent, "data");
});
afterEach(() => rmSync(parent, { recursive: true }));

const fromFile = () => loadMasterSecret({ dataDir, fromEnvironment: undefined });

describe("the master secret", () => {
  test("is created once, readable by its owner only, and the same ever after", () => {
    const first = fromFile();
    expect(first.length).toBe(32);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, "master.key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(["master.key"]);
    expect(fromFile()).toEqual(first);
  });

  test("is refused when others may read the file, and the message says what to run", () => {
    fromFile();
    chmodSync(join(dataDir, "master.key"), 0o640);
    expect(fromFile).toThrow(/mode 0640.*chmod 600/);
  });

  test("is refused when it is not exactly 32 bytes", () => {
    fromFile();
    writeFileSync(join(dataDir, "master.key"), Buffer.alloc(31).toString("base64"));
    expect(fromFile).toThrow(/exactly 32 bytes/);
    expect(() => loadMasterSecret({ dataDir, fromEnvironment: "not base64!" })).toThrow(/ASTROLABE_MASTER_KEY/);
  });

  test("comes from the environment when given there, and then no file is made", () => {
    const given = Buffer.alloc(32, 9);
    expect(loadMasterSecret({ dataDir, fromEnvironment: given.toString("base64") })).toEqual(new Uint8Array(given));
    expect(readdirSync(parent)).toEqual([]);
  });

  test("is not created by merely reading it", () => {
    expect(readMasterSecret({ dataDir, fromEnvironment: "" })).toBeUndefined();
    expect(readdirSync(parent)).toEqual([]);
  });

  test("gives each purpose a key of its own", () => {
    const master = fromFile();
    expect(deriveKey(master, "api-keys")).toEqual(deriveKey(master, "api-keys"));
    expect(deriveKey(master, "api-keys")).not.toEqual(deriveKey(master, "operator-token"));
  });
});
