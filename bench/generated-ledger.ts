// A ledger of any size for `--verify`: real prices, real hashes, written in bulk instead of request by request.

import { Database } from "bun:sqlite";
import { loadCatalogue } from "../server/catalogue/load-catalogue.ts";
import { newId, type WorkspaceId } from "../server/contracts/ids.ts";
import { priceListText } from "../server/audit/price-lists.ts";
import { entryHash, firstChainHead, type HashedEntry } from "../server/ledger/entry-hash.ts";
import { formatEntryLines } from "../server/ledger/entry-lines.ts";
import type { EntryLine } from "../server/ledger/operations.ts";
import { noMoney, picodollars, picodollarsPerUsd } from "../server/money/picodollars.ts";
import { openSqlite } from "../server/storage/sqlite/open-sqlite.ts";

const startedAt = 1_900_000_000_000;
const workspaceCount = 20;
const grant = picodollars(1_000_000n * picodollarsPerUsd);
const requestId = (number: number): string => `req_${number.toString(16).padStart(32, "0")}`;

/** Makes the database file with `entries` entries, all but one a workspace debits of two lines. */
export async function generateLedger(path: string, entries: number): Promise<void> {
  const database = await openSqlite(path);
  await database.close();
  const sqlite = new Database(path, { strict: true, safeIntegers: true });
  sqlite.run("PRAGMA synchronous = OFF");
  const catalogue = loadCatalogue();
  const priced = catalogue.models.filter(({ prices }) => prices?.output_token !== undefined);
  const insert = insertsInto(sqlite);
  sqlite.transaction(() => {
    insert.prices.run(catalogue.priceVersion, priceListText(catalogue.models), 0);
    for (let index = 0; index < workspaceCount; index++) {
      const workspaceId = newId("ws");
      const size =
        Math.floor((entries * (index + 1)) / workspaceCount) - Math.floor((entries * index) / workspaceCount);
      insert.workspace.run(workspaceId, `Workspace ${index}`, 0);
      writeChain(insert, workspaceId, size, index, priced, catalogue.priceVersion);
    }
  })();
  sqlite.close();
}

type Value = string | number | bigint | null;

type Inserts = ReturnType<typeof insertsInto>;

function insertsInto(sqlite: Database) {
  return {
    prices: sqlite.prepare<unknown, Value[]>("INSERT INTO price_lists VALUES (?, ?, ?)"),
    workspace: sqlite.prepare<unknown, Value[]>(
      "INSERT INTO workspaces (id, name, status, created_at) VALUES (?, ?, 'active', ?)",
    ),
    account: sqlite.prepare<unknown, Value[]>(
      `INSERT INTO accounts (workspace_id, balance, held, pledged, entry_sequence, chain_head) VALUES (?, ?, 0, 0, ?, ?)`,
    ),
    entry: sqlite.prepare<unknown, Value[]>(
      `INSERT INTO ledger_entries (workspace_id, sequence, id, kind, counterpart, amount, balance_after, request_id, memo,
         created_at, price_version, lines, uncollected, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    usage: sqlite.prepare<unknown, Value[]>(
      `INSERT INTO usage_rows (workspace_id, request_id, key_id, created_at, protocol, requested_model, stack_slug,
         stack_version, model, provider, http_status, usage_kind, input_tokens, output_tokens, hold, debit,
         entry_sequence, price_version, total_ms, calls)
       VALUES (?, ?, 'key_0', ?, 'responses', 'astrolabe/auto', 'default-optimizer', 1, ?, 'openrouter', 200, 'exact', ?,
         ?, 0, ?, ?, ?, 900, ?)`,
    ),
  };
}

type Priced = ReturnType<typeof loadCatalogue>["models"];

function writeChain(
  insert: Inserts,
  workspaceId: WorkspaceId,
  size: number,
  index: number,
  models: Priced,
  priceVersion: string,
): void {
  let [head, balance] = [firstChainHead, noMoney];
  for (let sequence = 1; sequence <= size; sequence++) {
    const lines = sequence === 1 ? [] : linesOf(models[sequence % models.length], sequence);
    const cost = picodollars(lines.reduce((sum, line) => sum + line.amount, 0n));
    const amount = sequence === 1 ? grant : picodollars(-cost);
    balance = picodollars(balance + amount);
    const common = { workspaceId, sequence, id: `ent_${index}_${sequence}`, amount, balanceAfter: balance, memo: "" };
    const debit = { kind: "debit", counterpart: "usage", requestId: requestId(index * 10_000_000 + sequence) };
    const credit = { kind: "credit", counterpart: "grants", requestId: undefined };
    const entry: HashedEntry = {
      ...common,
      ...(sequence === 1 ? credit : debit),
      createdAt: startedAt + sequence,
      priceVersion: sequence === 1 ? undefined : priceVersion,
      lines: formatEntryLines(lines),
      uncollected: 0n,
    };
    head = entryHash(head, entry);
    insert.entry.run(...entryValues(entry), head);
    if (entry.requestId !== undefined) insert.usage.run(...usageValues(entry, entry.requestId, lines, cost));
  }
  insert.account.run(workspaceId, balance, size, head);
}

function entryValues(entry: HashedEntry): Value[] {
  const { workspaceId, sequence, id, kind, counterpart, amount, balanceAfter, memo, createdAt, lines } = entry;
  const texts = [entry.requestId ?? null, memo, createdAt, entry.priceVersion ?? null, lines];
  return [workspaceId, sequence, id, kind, counterpart, amount, balanceAfter, ...texts, 0];
}

function usageValues(entry: HashedEntry, request: string, lines: readonly EntryLine[], cost: bigint): Value[] {
  const [model, input, output] = [lines[0]?.model ?? null, lines[0]?.count ?? null, lines[1]?.count ?? null];
  const usage = ["exact", input, null, null, output, null];
  const call = [1, model, "openrouter", model, "served", null, null, cost.toString(), 300, 900, ...usage];
  const { workspaceId, createdAt, sequence, priceVersion } = entry;
  const counts = [model, input, output, cost, sequence, priceVersion ?? null];
  return [workspaceId, request, createdAt, ...counts, JSON.stringify([call])];
}

function linesOf(model: Priced[number] | undefined, sequence: number): EntryLine[] {
  if (!model?.prices) return [];
  const { input_token: input, output_token: output } = model.prices;
  if (input === undefined || output === undefined) return [];
  const counts = [100 + (sequence % 3_000), 20 + (sequence % 700)] as const;
  const common = { model: model.id, provider: "openrouter" };
  return [
    {
      ...common,
      unit: "input_token",
      count: counts[0],
      unitPrice: input,
      amount: picodollars(BigInt(counts[0]) * input),
    },
    {
      ...common,
      unit: "output_token",
      count: counts[1],
      unitPrice: output,
      amount: picodollars(BigInt(counts[1]) * output),
    },
  ];
}
