// A server that starts: its price list goes on record, and never under a version that means other prices.

import { Database } from "bun:sqlite";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { readConfig } from "../server/config.ts";
import { wire } from "../server/wire.ts";
import { temporaryDirectory } from "./support/server-process.ts";

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

function start() {
  const surroundings = {
    version: "test",
    publicUrl: "http://gateway.test",
    now: () => 1,
    reportFault: () => undefined,
  };
  return wire(readConfig({ ASTROLABE_DATA_DIR: directory.path }), surroundings);
}

async function change(statement: string): Promise<void> {
  const sqlite = new Database(join(directory.path, "astrolabe.sqlite"));
  const { changes } = sqlite.run(statement);
  sqlite.close();
  expect(changes).toBe(1);
}

test("a later start finds its own price list on record", async () => {
  await (await start()).close();
  await (await start()).close();
});

test("a start with other prices under a known version is refused by version and model", async () => {
  await (await start()).close();
  await change(`UPDATE price_lists SET prices = json_set(prices, '$."openai/gpt-5.4".input_token', '1')`);
  await expect(start()).rejects.toThrow(/price list \d{4}-\d\d-\d\d is recorded .* for example for openai\/gpt-5\.4\./);
});

test("a start keeps price lists of other versions", async () => {
  await (await start()).close();
  await change(`UPDATE price_lists SET version = '2020-01-01', prices = '{"old":{"input_token":"1"}}'`);
  await (await start()).close();
  const sqlite = new Database(join(directory.path, "astrolabe.sqlite"), { readonly: true });
  expect(sqlite.query("SELECT version FROM price_lists").all().length).toBe(2);
  sqlite.close();
});
