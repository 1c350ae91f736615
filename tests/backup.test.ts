// `astrolabe backup` against a server that is answering requests: what it makes is a folder that a server starts from.

import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { readConfig } from "../server/config.ts";
import { runCli } from "../server/cli/run-cli.ts";
import { parseObject, type JsonObject } from "../server/contracts/json.ts";
import { startServer, temporaryDirectory, type ServerProcess } from "./support/server-process.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let server: ServerProcess | undefined;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(async () => {
  await server?.end();
  directory.remove();
});

const dataDir = (): string => join(directory.path, "data");
const copy = (): string => join(directory.path, "copy");

async function backup(words: readonly string[], environment: Record<string, string> = {}) {
  const [printed, errors]: [string[], string[]] = [[], []];
  const out = {
    info: (line: string) => printed.push(line),
    error: (line: string) => errors.push(line),
    write: async (text: string) => void printed.push(text),
  };
  const code = await runCli(["backup", ...words], {
    environment: { ASTROLABE_DATA_DIR: dataDir(), ...environment },
    readSettings: readConfig,
    out,
  });
  return { code, printed: printed.join("\n"), errors: errors.join("\n") };
}

function ask(running: ServerProcess, key: string): Promise<Response> {
  return fetch(`${running.url}/v1/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "astrolabe/auto", input: "Tell the story of the astrolabe." }),
  });
}

async function credits(running: ServerProcess, key: string): Promise<JsonObject> {
  const response = await fetch(`${running.url}/v1/credits`, { headers: { authorization: `Bearer ${key}` } });
  return parseObject(await response.text()) ?? {};
}

test("copies a server that is answering; the copy serves the same keys with the credits of that moment", async () => {
  server = await startServer(dataDir());
  const key = server.liveKey;
  expect((await ask(server, key)).status).toBe(200);
  let busy = true;
  const running = server;
  const callers = Array.from({ length: 8 }, async () => {
    while (busy) await (await ask(running, key)).text();
  });
  const { code, printed, errors } = await backup([copy()]);
  busy = false;
  await Promise.all(callers);
  expect([code, errors]).toEqual([0, ""]);
  expect(printed).toMatch(/^Copied \d+ bytes to .*: \d+ ledger entries of 1 workspaces\.$/m);
  expect(printed).toContain("Keep it closed");

  expect(readdirSync(copy()).toSorted()).toEqual(["astrolabe.sqlite", "master.key"]);
  expect(statSync(copy()).mode & 0o777).toBe(0o700);
  expect(statSync(join(copy(), "master.key")).mode & 0o777).toBe(0o600);
  const before = Number((await credits(server, key))["balance_usd"]);
  await server.end();
  server = await startServer(copy());
  const after = Number((await credits(server, key))["balance_usd"]);
  expect(after).toBeGreaterThanOrEqual(before);
  expect(after).toBeLessThan(25);
  expect((await ask(server, key)).status).toBe(200);
});

test("says so and exits with 1 when the ledger it copied does not agree", async () => {
  server = await startServer(dataDir());
  expect((await ask(server, server.liveKey)).status).toBe(200);
  await server.end();
  const sqlite = new Database(join(dataDir(), "astrolabe.sqlite"));
  sqlite.run("UPDATE ledger_entries SET memo = 'changed' WHERE sequence = 1");
  sqlite.close();
  const { code, printed } = await backup([copy(), "--json"]);
  expect(code).toBe(1);
  expect(parseObject(printed)).toMatchObject({ master_secret: true, entries: 2, workspaces: 1 });
});

test("refuses a folder with something in it, a folder without a database, and a Postgres", async () => {
  mkdirSync(copy());
  writeFileSync(join(copy(), "notes.txt"), "x");
  const noDatabase = await backup([join(directory.path, "new")]);
  expect([noDatabase.code, noDatabase.errors]).toEqual([1, expect.stringContaining("There is no database in")]);
  expect(existsSync(join(directory.path, "new"))).toBe(false);
  mkdirSync(dataDir());
  new Database(join(dataDir(), "astrolabe.sqlite")).close();
  const taken = await backup([copy()]);
  expect([taken.code, taken.errors]).toEqual([1, expect.stringContaining("is not empty")]);
  const postgres = await backup([copy()], { DATABASE_URL: "postgres://localhost/astrolabe" });
  expect([postgres.code, postgres.errors]).toEqual([1, expect.stringContaining("pg_dump")]);
});
