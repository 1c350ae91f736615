// Idempotency keys and a process that is killed: wherever it dies, the repeat gets an answer and there is one debit.

import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../server/contracts/json.ts";
import { refusalOf } from "./support/operator.ts";
import { startServer, temporaryDirectory, type ServerProcess } from "./support/server-process.ts";

// Each start is a process of its own, which takes its time on a busy machine.
setDefaultTimeout(30_000);

let directory: ReturnType<typeof temporaryDirectory>;
let server: ServerProcess;
let keys: { live: string; test: string };
beforeEach(async () => {
  directory = temporaryDirectory();
  server = await startServer(directory.path);
  keys = { live: server.liveKey, test: server.testKey };
});
afterEach(async () => {
  await server.end();
  directory.remove();
});

const question = "Tell the story of the astrolabe.";
type Case = { readonly mode: "live" | "test"; readonly stream: boolean };
const cases: Case[] = [
  { mode: "live", stream: false },
  { mode: "live", stream: true },
  { mode: "test", stream: false },
];

function send({ mode, stream }: Case, input: string): Promise<Response> {
  const body = { model: "astrolabe/auto", input, stream };
  return fetch(`${server.url}/v1/responses`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${keys[mode]}`,
      "content-type": "application/json",
      "idempotency-key": "order-4711",
    },
    body: JSON.stringify(body),
  });
}

/** Works on the database beside the server, or without one. */
function withDatabase<T>(work: (database: Database) => T): T {
  const database = new Database(join(directory.path, "astrolabe.sqlite"));
  database.run("PRAGMA busy_timeout = 5000");
  try {
    return work(database);
  } finally {
    database.close();
  }
}

function count(query: string): number {
  return withDatabase((database) =>
    Number(database.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${query}`).get()?.n),
  );
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(5);
}

async function kill(): Promise<void> {
  server.signal("SIGKILL");
  await server.exited;
}

/** As if every lease had run out: a process that died renews nothing. */
function passTime(): void {
  withDatabase((database) => {
    database.run("UPDATE holds SET expires_at = 0");
    database.run("UPDATE idempotent_requests SET lease_until = 0");
  });
}

function books(): JsonObject {
  return {
    debits: count("ledger_entries WHERE kind = 'debit'"),
    held: withDatabase((database) =>
      Number(database.query<{ held: number }, []>("SELECT held FROM accounts").get()?.held),
    ),
  };
}

describe.each(cases)("%j: a process killed", (sent) => {
  const debits = sent.mode === "live" ? 1 : 0;

  test("in the middle of an answer keeps its key until its leases have run out, then a repeat runs anew", async () => {
    const input = `[sandbox:slow=500] [sandbox:pace=5] ${question}`;
    const lost = send(sent, input).then((response) => response.text());
    lost.catch(() => undefined);
    const started = sent.mode === "live" ? "holds WHERE state = 'open'" : "idempotent_requests";
    await until(() => count(started) === 1);
    await kill();
    await lost.catch(() => undefined);
    expect(books()["debits"]).toBe(0);

    server = await startServer(directory.path);
    expect(await refusalOf(await send(sent, input))).toEqual([409, "idempotency_in_progress"]);
    await kill();
    passTime();
    server = await startServer(directory.path);
    await until(() => count("holds WHERE state = 'open'") === 0);
    const repeated = await send(sent, input);
    const text = await repeated.text();
    expect([repeated.status, repeated.headers.has("idempotent-replayed")]).toEqual([200, false]);
    expect(await (await send(sent, input)).text()).toBe(text);
    expect(books()).toEqual({ debits, held: 0 });
  });

  test("after settlement answers the repeat without running it, also when nobody read the answer", async () => {
    const first = await send(sent, question);
    await until(() => count("idempotent_requests WHERE answer IS NOT NULL") === 1);
    await kill();
    await first.body?.cancel().catch(() => undefined);
    expect(books()).toEqual({ debits, held: 0 });
    const files = readdirSync(directory.path).map((name) => readFileSync(join(directory.path, name)));
    for (const clear of ["order-4711", "simulated"]) expect(files.some((file) => file.includes(clear))).toBe(false);

    server = await startServer(directory.path);
    const repeated = await send(sent, question);
    expect([repeated.status, repeated.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
    const text = await repeated.text();
    expect(text).toContain(sent.stream ? "response.completed" : '"status":"completed"');
    expect(text).toContain("simulated");
    expect(repeated.headers.get("x-astrolabe-cloud-request-id")).toBe(
      first.headers.get("x-astrolabe-cloud-request-id"),
    );
    expect(books()).toEqual({ debits, held: 0 });
  });
});
