// What the commands that need no server share: one reading of the ledger, and files of theirs.

import { readFileSync } from "node:fs";
import { readLedgerSnapshot, type LedgerSnapshot } from "../../storage/ledger-snapshot.ts";
import type { CliCall } from "../command.ts";
import { CliFailure } from "../control-client.ts";

/** What `read` makes of one moment of the ledger that the command line names. @throws Error for the operator */
export function readLedger<Result>(call: CliCall, read: (records: LedgerSnapshot) => Promise<Result>): Promise<Result> {
  const databaseUrl = call.environment["DATABASE_URL"] || undefined;
  return readLedgerSnapshot({ dataDir: call.dataDir, databaseUrl }, read);
}

/** The text of a file; `-` is standard input. @throws CliFailure when it cannot be read */
export function readInput(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (cause) {
    throw new CliFailure(`${file} cannot be read.`, { cause });
  }
}
