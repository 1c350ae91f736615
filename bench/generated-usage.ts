// A month of usage rows for `--pages`: real models and prices, the rhythm of days, some of everything that filters ask
// for. Written by the server's own statements, in bulk instead of request by request.

import { Database } from "bun:sqlite";
import { Client } from "pg";
import { loadCatalogue } from "../server/catalogue/load-catalogue.ts";
import { categories } from "../server/contracts/policy.ts";
import { asId, type KeyId, type RequestId, type WorkspaceId } from "../server/contracts/ids.ts";
import type { RequestRecord } from "../server/ledger/request-record.ts";
import { noMoney, picodollars } from "../server/money/picodollars.ts";
import { connectionOptions } from "../server/storage/postgres/connection-options.ts";
import { recordWrites } from "../server/storage/postgres/write-batch.ts";
import { prepareRequestRecords } from "../server/storage/sqlite/sqlite-request-records.ts";
import { requestIdAt, BlockFrontier } from "../server/storage/usage-blocks/frontier.ts";
import { seededRandom } from "./load/seeded-random.ts";

export const days = 30;
const dayMs = 86_400_000;
const keyCount = 12;
const modelCount = 24;
const rowsAtOnce = 5_000;
const seed = 20_261_122;

/** Rows of the past are not late when they are made up. */
class NothingIsLate extends BlockFrontier {
  override isLate(): boolean {
    return false;
  }
}

export type UsageTarget = { readonly file: string } | { readonly url: string };

/** Writes so many rows, the last of them as of now. */
export async function generateUsage(target: UsageTarget, workspaceId: WorkspaceId, rows: number): Promise<void> {
  const records = usageRecords(workspaceId, rows, Date.now());
  await ("file" in target ? writeToSqlite(target.file, records) : writeToPostgres(target.url, records));
}

async function writeToSqlite(file: string, records: Iterable<RequestRecord>): Promise<void> {
  const sqlite = new Database(file, { strict: true, safeIntegers: true });
  sqlite.run("PRAGMA synchronous = OFF");
  const write = prepareRequestRecords(sqlite, new NothingIsLate());
  const writeAll = sqlite.transaction((some: readonly RequestRecord[]) => {
    for (const record of some) write(record, undefined);
  });
  for (const some of inPieces(records)) writeAll(some);
  sqlite.close();
}

async function writeToPostgres(url: string, records: Iterable<RequestRecord>): Promise<void> {
  const client = new Client(connectionOptions(url));
  await client.connect();
  const frontier = new NothingIsLate();
  for (const some of inPieces(records)) {
    const writes = recordWrites(
      some.map((record) => ({ record, result: undefined })),
      frontier,
    );
    for (const write of writes) await client.query(write);
  }
  await client.query("ANALYZE");
  await client.end();
}

function* inPieces(records: Iterable<RequestRecord>): Generator<RequestRecord[]> {
  let some: RequestRecord[] = [];
  for (const record of records) {
    some.push(record);
    if (some.length < rowsAtOnce) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

function* usageRecords(workspaceId: WorkspaceId, rows: number, now: number): Generator<RequestRecord> {
  const random = seededRandom(seed);
  const models = loadCatalogue()
    .models.filter(({ prices }) => prices?.output_token !== undefined)
    .slice(0, modelCount);
  /** The first of a list far more often than the last. */
  const skewed = <Item>(list: readonly Item[]): Item | undefined => list[Math.floor(list.length * random() ** 3)];
  const keys = Array.from({ length: keyCount }, (_, index) => asId<KeyId>(`key_${index}`));
  for (let index = 0; index < rows; index++) {
    // More by day than by night: the wave moves a request by at most a few hours.
    const even = (index / rows) * days;
    const at = Math.floor(now - days * dayMs + (even + Math.sin(even * 2 * Math.PI) / 10) * dayMs);
    const model = skewed(models);
    const failed = random() < 0.02;
    const [inputTokens, outputTokens] = [50 + Math.floor(4_000 * random() ** 2), 10 + Math.floor(900 * random() ** 2)];
    const { input_token: input = noMoney, output_token: output = noMoney } = model?.prices ?? {};
    const cost = picodollars(BigInt(inputTokens) * input + BigInt(outputTokens) * output);
    const requestId = asId<RequestId>(requestIdAt(at) + index.toString(16).padStart(20, "0"));
    yield {
      usage: {
        requestId,
        workspaceId,
        keyId: skewed(keys) ?? asId<KeyId>("key_0"),
        createdAt: at,
        protocol: "responses",
        requestedModel: "astrolabe/auto",
        stackSlug: skewed(["default-optimizer", "low-cost", "careful", "support"]),
        stackVersion: 1,
        model: model?.id,
        provider: skewed(["openrouter", "openai", "local"]),
        unbillableReason: failed ? "provider_error" : undefined,
        httpStatus: failed ? 502 : 200,
        usage: failed ? { kind: "unknown" } : { kind: "exact", inputTokens, outputTokens, cachedInputTokens: 20 },
        hold: cost,
        ceiling: cost,
        debit: failed ? noMoney : cost,
        entrySequence: undefined,
        priceVersion: "2026-11-22",
        firstByteMs: 300,
        totalMs: 200 + Math.floor(9_000 * random() ** 3),
        category: skewed(categories),
        baseline: picodollars(cost * 3n),
        savings: picodollars(cost * 2n),
      },
      calls: [
        {
          attempt: 1,
          model: model?.id ?? "",
          provider: "openrouter",
          upstreamModel: model?.id ?? "",
          outcome: failed ? "failed" : "answered",
          failure: failed ? "server" : undefined,
          upstreamStatus: failed ? 500 : undefined,
          usage: { kind: "exact", inputTokens, outputTokens },
          cost,
          firstByteMs: 300,
          totalMs: 900,
        },
      ],
      trace: undefined,
      text: undefined,
      kept: undefined,
    };
  }
}
