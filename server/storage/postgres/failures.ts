// What a failure of Postgres means: whether the database is away, and whether trying again may help.

import { DatabaseError } from "pg";
import { GatewayError } from "../../contracts/errors.ts";

/** Serialization failure and deadlock: another transaction was in the way, and won. */
const lostToAnother = new Set(["40001", "40P01"]);
/** Cancelled for its time, no lock in time, too many connections or no memory, shutting down, broken connection. */
const awayCodes = /^(?:57014|55P03|53...|57P..|08...)$/;
/** The server ended the connection itself, so its word is its last: what it was doing may have been done. */
const finalSeverities = new Set(["FATAL", "PANIC"]);

/** An answer of the database after which its connection goes on; anything else says nothing about what was done. */
export function isAnswer(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && !finalSeverities.has(error.severity ?? "");
}

/** A transaction that failed may be begun again: it has not happened, and next time it may. */
export function mayPass(error: unknown): boolean {
  // There was a connection, and it was lost: another one may be had, unless the database is away.
  if (!isAnswer(error)) return !(error instanceof GatewayError);
  const racedForAccount = error.code === "23505" && error.table === "accounts";
  return racedForAccount || lostToAnother.has(error.code ?? "");
}

/** The failure as callers may see it: 503 with a time to wait when the database cannot be asked, else as it is. */
export function asSeen(error: unknown): unknown {
  if (error instanceof GatewayError) return error;
  if (error instanceof DatabaseError && !awayCodes.test(error.code ?? "")) return error;
  const message = "The database does not answer.";
  return new GatewayError("service_unavailable", message, { cause: error, retryAfterSeconds: 1 });
}
