// A real Postgres for tests: one server for the whole test process, started when the first test needs it, and a new
// database for whoever asks.

import { join } from "node:path";
import { Client } from "pg";
import { numberAt, parseObject } from "../../server/contracts/json.ts";

const readyLimitMs = 20_000;
let started: Promise<number> | undefined;
let databases = 0;

/** The address of a new, empty database on the tests' server. */
export async function newPostgresDatabase(): Promise<string> {
  const name = `test_${process.pid}_${++databases}`;
  await onPostgres(`CREATE DATABASE ${name} TEMPLATE template0`);
  return addressOf(await port(), name);
}

/** Runs one statement as the server's owner, in its own database unless told otherwise; gives the rows. */
export async function onPostgres(statement: string, address?: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: address ?? addressOf(await port(), "postgres") });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

function addressOf(port: number, name: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${name}`;
}

function port(): Promise<number> {
  return (started ??= startServer());
}

/** The program ends with us: it watches the pipe that we hold. */
async function startServer(): Promise<number> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "postgres-server.ts")], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  child.unref();
  const timer = setTimeout(() => child.kill(), readyLimitMs);
  try {
    const { value } = await child.stdout.getReader().read();
    const port = numberAt(parseObject(new TextDecoder().decode(value)) ?? {}, "port");
    if (port === undefined) throw new Error("the tests' Postgres did not start");
    return port;
  } finally {
    clearTimeout(timer);
  }
}
