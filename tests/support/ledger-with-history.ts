// A real ledger in a real file in which everything has happened: credits, debits, refunds, adjustments, a hold that is
// still open, requests that cost nothing.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { recordPriceList } from "../../server/audit/price-lists.ts";
import { loadCatalogue } from "../../server/catalogue/load-catalogue.ts";
import { newId, type KeyId, type RequestId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { GroupCommitLedger } from "../../server/ledger/group-commit.ts";
import type { EntryLine } from "../../server/ledger/operations.ts";
import type { RequestRecord } from "../../server/ledger/request-record.ts";
import { chargeLines } from "../../server/money/charge.ts";
import { noMoney, picodollars, picodollarsPerUsd } from "../../server/money/picodollars.ts";
import type { Tables } from "../../server/storage/database.ts";
import { openDatabase } from "../../server/storage/open-database.ts";
import { priceListStore } from "../../server/storage/price-list-store.ts";

const usd = (amount: number) => picodollars(BigInt(amount) * picodollarsPerUsd);
const startedAt = Date.parse("2030-01-01T00:00:00Z");
const catalogue = loadCatalogue();
const modelIds = ["deepseek/deepseek-v4-pro", "openai/gpt-5.4"];

export type LedgerWithHistory = {
  /** Holds the SQLite file. */
  readonly dataDir: string;
  readonly query: Kysely<Tables>;
  readonly ledger: GroupCommitLedger;
  readonly workspaces: readonly WorkspaceId[];
  /** Debited, in order, of all workspaces. */
  readonly requests: readonly RequestId[];
  close(): Promise<void>;
};

/**
 * Two workspaces of eight entries each: a credit, five debits, a refund, an adjustment.
 * @param databaseUrl an empty Postgres database; without it, SQLite
 */
export async function openLedgerWithHistory(databaseUrl?: string): Promise<LedgerWithHistory> {
  const dataDir = mkdtempSync(join(tmpdir(), "astrolabe-ledger-"));
  const failures: unknown[] = [];
  const database = await openDatabase({ dataDir, databaseUrl }, (_where, error) => failures.push(error));
  const { query } = database;
  const prices = priceListStore(query, () => startedAt);
  await recordPriceList(prices, catalogue.priceVersion, catalogue.models);
  const ledger = new GroupCommitLedger({ store: database.ledgerStore, onFailure: (error) => failures.push(error) });
  const workspaces = [newId("ws"), newId("ws")];
  const requests: RequestId[] = [];
  for (const workspaceId of workspaces) {
    const row = {
      id: workspaceId,
      name: "Acme",
      status: "active",
      stack_id: null,
      created_at: startedAt,
      budget: null,
    };
    await query.insertInto("workspaces").values(row).execute();
    requests.push(...(await makeHistory(ledger, workspaceId)));
  }
  // It is read and changed by other connections.
  await database.writeHolds();
  if (failures.length > 0) throw new Error(`the ledger failed: ${String(failures[0])}`);
  return {
    dataDir,
    query,
    ledger,
    workspaces,
    requests,
    async close() {
      await database.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function makeHistory(ledger: GroupCommitLedger, workspaceId: WorkspaceId): Promise<RequestId[]> {
  const keyId = newId("key");
  const booking = () => ({ workspaceId, entryId: newId("ent"), at: startedAt, memo: '=memo, "quoted"\u{1F52D}' });
  await ledger.submit({ ...booking(), type: "credit", amount: usd(25), counterpart: "grants" });
  const requests: RequestId[] = [];
  for (let number = 1; number <= 5; number++) requests.push(await serve(ledger, workspaceId, keyId, number));
  const [requestId = newId("req")] = requests;
  await ledger.submit({ ...booking(), type: "refund", amount: picodollars(1_000n), requestId });
  await ledger.submit({ ...booking(), type: "adjust", amount: picodollars(-5_000n), counterpart: "adjustments" });
  await hold(ledger, workspaceId, keyId, newId("req"));
  ledger.recordOnly(recordOf(newId("req"), workspaceId, keyId, "test_key", []));
  await ledger.flush();
  return requests;
}

async function serve(ledger: GroupCommitLedger, workspaceId: WorkspaceId, keyId: KeyId, number: number) {
  const requestId = newId("req");
  await hold(ledger, workspaceId, keyId, requestId);
  const lines = linesOf(modelIds[number % modelIds.length] ?? "", number);
  const { priceVersion } = catalogue;
  await ledger.submit(
    {
      type: "settle",
      requestId,
      workspaceId,
      entryId: newId("ent"),
      lines,
      priceVersion,
      at: startedAt + number * 1_000,
    },
    recordOf(requestId, workspaceId, keyId, undefined, lines),
  );
  return requestId;
}

async function hold(ledger: GroupCommitLedger, workspaceId: WorkspaceId, keyId: KeyId, requestId: RequestId) {
  const caps = [{ scope: `key:${keyId}`, limit: usd(20), warnAt: undefined }];
  const amounts = { amount: picodollars(40_000_000n), ceiling: picodollars(90_000_000n), floor: noMoney };
  const expiresAt = startedAt + 3_600_000;
  const result = await ledger.submit({ type: "hold", requestId, workspaceId, keyId, ...amounts, expiresAt, caps });
  if (!result.ok) throw new Error(`the hold was refused: ${result.refusal.reason}`);
}

function linesOf(model: string, number: number): EntryLine[] {
  const prices = catalogue.find(model)?.prices ?? {};
  const lines = chargeLines({ input_token: 7 * number, output_token: 3 * number }, prices) ?? [];
  return lines.map((line) => ({ model, provider: "openrouter", ...line }));
}

function recordOf(
  requestId: RequestId,
  workspaceId: WorkspaceId,
  keyId: KeyId,
  unbillableReason: string | undefined,
  lines: readonly EntryLine[],
): RequestRecord {
  const model = lines[0]?.model;
  const cost = picodollars(lines.reduce((sum, line) => sum + line.amount, 0n));
  const usage = { kind: "exact", inputTokens: lines[0]?.count ?? 1, outputTokens: lines[1]?.count ?? 1 } as const;
  const outcome = { failure: undefined, upstreamStatus: undefined, firstByteMs: 5, totalMs: 9 };
  return {
    usage: {
      requestId,
      workspaceId,
      keyId,
      createdAt: startedAt,
      protocol: "responses",
      requestedModel: "astrolabe/auto",
      stackSlug: "default-optimizer",
      stackVersion: 1,
      model,
      provider: "openrouter",
      unbillableReason,
      usage,
      httpStatus: 200,
      hold: picodollars(40_000_000n),
      ceiling: picodollars(40_000_000n),
      debit: noMoney,
      entrySequence: undefined,
      priceVersion: catalogue.priceVersion,
      firstByteMs: 5,
      totalMs: 9,
      category: undefined,
      baseline: undefined,
      savings: undefined,
    },
    calls:
      model === undefined
        ? []
        : [
            {
              attempt: 1,
              model,
              provider: "openrouter",
              upstreamModel: model,
              outcome: "served",
              usage,
              cost,
              ...outcome,
            },
          ],
    trace: undefined,
    text: undefined,
    kept: undefined,
  };
}
