// How every connection to Postgres is made: its types, and its limits on time, so that nothing waits for ever.

import { types, type ClientConfig } from "pg";

/** Longest for one statement, all its locks together, before Postgres ends it. */
const statementMs = 5_000;
/** Longest to wait for rows that another process has locked. */
const lockMs = 3_000;
/** A process that stops within a transaction loses it, so that others get at the rows it locked. */
const idleInTransactionMs = 10_000;
/** Longest for an answer from the network; the connection is given up then. */
const answerMs = 8_000;
const connectMs = 3_000;

/**
 * A commit returns when the disk has it, whatever the server's own default is: neither a hold nor a debit is lost to a
 * power cut.
 */
const durable = "-c synchronous_commit=on";

/** @param url `postgres://...`, as `DATABASE_URL` has it. */
export function connectionOptions(url: string): ClientConfig {
  return {
    connectionString: withOptions(url, durable),
    application_name: "astrolabe",
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    query_timeout: answerMs,
    types: {
      // 64-bit integers are bigint, as SQLite gives them; money does not fit a number.
      getTypeParser: (type, format) =>
        type === types.builtins.INT8 && format !== "binary" ? BigInt : types.getTypeParser(type, format),
    },
  };
}

/** What the operator reads when the database cannot be opened: names the address without its password. */
export function unusable(url: string, cause: unknown): Error {
  return new Error(`DATABASE_URL: the database ${shownAddress(url)} cannot be used: ${reasonOf(cause)}.`, { cause });
}

function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}

/** Without password and parameters. */
function shownAddress(url: string): string {
  const { username, hostname, port, pathname } = new URL(url);
  return `postgres://${username ? `${username}@` : ""}${hostname}${port ? `:${port}` : ""}${pathname}`;
}

/** The address's own `options` stay, before ours. */
function withOptions(url: string, added: string): string {
  const address = new URL(url);
  const own = address.searchParams.get("options");
  address.searchParams.set("options", own === null ? added : `${own} ${added}`);
  return address.toString();
}
