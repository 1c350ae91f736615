// A control plane for tests: a real SQLite file in a temporary directory, the real ledger, and a clock to turn.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { GatewayError } from "./contracts/errors.ts";
import { openControlPlane, type ControlPlane } from "./control-plane.ts";
import { operatorToken } from "./keys/operator-token.ts";
import { GroupCommitLedger } from "./ledger/group-commit.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { openDatabase } from "./storage/open-database.ts";

export type TestControlPlane = ControlPlane & {
  readonly database: OpenDatabase;
  readonly dataDir: string;
  /** Unix milliseconds; starts with a fraction, as the process clock has one. */
  readonly clock: { now: number };
  readonly master: Uint8Array;
  readonly token: string;
  readonly ledger: Pick<Ledger, "account">;
  /** While true every ledger operation fails, as a crash before its commit would. */
  readonly ledgerFault: { active: boolean };
  readonly app: Hono;
  readonly faults: unknown[];
  close(): Promise<void>;
};

/** @param environment `DATABASE_URL` names an empty Postgres; without it the database is SQLite. */
export async function openTestControlPlane(
  environment: { readonly [name: string]: string } = {},
): Promise<TestControlPlane> {
  const dataDir = mkdtempSync(join(tmpdir(), "astrolabe-"));
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") + 0.25 };
  const master = new Uint8Array(32).fill(7);
  const faults: unknown[] = [];
  const reportFault = (_where: string, error: unknown) => void faults.push(error);
  const database = await openDatabase({ databaseUrl: environment["DATABASE_URL"], dataDir }, reportFault);
  const ledgerFault = { active: false };
  const store = database.ledgerStore;
  const real = new GroupCommitLedger({ store, onFailure: (error) => reportFault("ledger", error) });
  const ledger: Pick<Ledger, "submit" | "account"> = {
    submit: async (operation) => {
      if (ledgerFault.active) throw new GatewayError("service_unavailable");
      return real.submit(operation);
    },
    account: (workspaceId) => real.account(workspaceId),
  };
  const plane = openControlPlane({
    database,
    ledger,
    master,
    publicUrl: "http://gateway.test",
    now: () => clock.now,
    reportFault,
    webhookAllowPrivate: false,
  });
  const app = new Hono();
  plane.mount(app);
  const close = async () => {
    await database.close();
    rmSync(dataDir, { recursive: true });
  };
  const token = operatorToken(master);
  return { ...plane, database, dataDir, clock, master, token, ledger, ledgerFault, app, faults, close };
}
