// Responses that are to be kept, and a process that is killed: what was debited can be read and gone on from afterwards,
// and what was not debited was never kept.

import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { stringAt, type JsonObject } from "../server/contracts/json.ts";
import { forEachEngine } from "./support/engines.ts";
import { asObject } from "./support/gateway.ts";
import { onPostgres } from "./support/postgres.ts";
import { startServer, temporaryDirectory, type ServerProcess } from "./support/server-process.ts";

// Each start is a process of its own, which takes its time on a busy machine.
setDefaultTimeout(30_000);

const question = "Tell the story of the astrolabe.";

forEachEngine((engine) => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let environment: Record<string, string>;
  let server: ServerProcess;
  let key: string;
  beforeEach(async () => {
    directory = temporaryDirectory();
    environment = await engine.environment();
    server = await startServer(directory.path, environment);
    key = server.liveKey;
  });
  afterEach(async () => {
    await server.end();
    directory.remove();
  });

  const headers = () => ({ authorization: `Bearer ${key}`, "content-type": "application/json" });
  const send = (fields: JsonObject) =>
    fetch(`${server.url}/v1/responses`, {
      method: "POST",
      headers: headers(),
      body: JSON.stringify({ model: "astrolabe/auto", store: true, ...fields }),
    });

  /** The first column of the rows that a query gives, read beside the server. */
  async function column(query: string): Promise<string[]> {
    const url = environment["DATABASE_URL"];
    if (url === undefined) {
      const database = new Database(join(directory.path, "astrolabe.sqlite"), { readonly: true });
      try {
        return database
          .query<{ found: string }, []>(query)
          .all()
          .map(({ found }) => found);
      } finally {
        database.close();
      }
    }
    return (await onPostgres(query, url)).map((row) => String(row["found"]));
  }
  const kept = () => column("SELECT request_id AS found FROM stored_responses");
  const debited = () => column("SELECT request_id AS found FROM ledger_entries WHERE kind = 'debit'");
  const held = () => column("SELECT request_id AS found FROM holds WHERE state = 'open'");

  async function until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await Bun.sleep(5);
  }

  async function killAndStart(): Promise<void> {
    server.signal("SIGKILL");
    await server.exited;
    server = await startServer(directory.path, environment);
  }

  test("killed in the middle nothing is kept or debited; killed after the settlement everything is, read or not", async () => {
    const slow = `[sandbox:slow=500] [sandbox:pace=5] ${question}`;
    const lost = [false, true].map((stream) => send({ input: slow, stream }));
    for (const one of lost) one.then((response) => response.text()).catch(() => undefined);
    await until(async () => (await held()).length === 2);
    await killAndStart();
    expect([await kept(), await debited()]).toEqual([[], []]);

    const unread = [false, true].map((stream) => send({ input: question, stream }));
    for (const one of unread) one.catch(() => undefined);
    await until(async () => (await kept()).length === 2);
    await killAndStart();
    expect((await debited()).sort()).toEqual((await kept()).sort());
    for (const requestId of await kept()) {
      const id = `resp_${requestId.slice("req_".length)}`;
      const found = await fetch(`${server.url}/v1/responses/${id}`, { headers: headers() });
      expect(asObject(await found.json())).toMatchObject({ id, status: "completed", store: true });
      const goingOn = asObject(await (await send({ input: "Go on.", previous_response_id: id })).json());
      expect(stringAt(goingOn, "previous_response_id")).toBe(id);
    }
  });
});
