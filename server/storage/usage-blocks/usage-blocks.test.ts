// Blocks, searches and series over usage rows on both engines, held against the rows themselves.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forEachEngine } from "../../../tests/support/engines.ts";
import { asId, newId, type KeyId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import type { Usage } from "../../conversation/usage.ts";
import { GroupCommitLedger } from "../../ledger/group-commit.ts";
import { recordFor } from "../../ledger/ledger.test-kit.ts";
import type { UsageRow } from "../../ledger/request-record.ts";
import { picodollars } from "../../money/picodollars.ts";
import { groupings, type SeriesQuery, type UsageFilter, type UsageRecords } from "../../workspaces/usage-records.ts";
import type { OpenDatabase } from "../database.ts";
import { openDatabase } from "../open-database.ts";
import { usageStore } from "../usage-store.ts";
import { mostRows } from "./block.ts";
import { packedAfterMs, requestIdAt } from "./frontier.ts";
import { unpackBlock } from "./packed-block.ts";
import { longestWaitMs, UsagePacker } from "./packing.ts";

/** Machines that run tests are shared. */
const startLimitMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A day before now, so that its rows are old enough to be packed. */
const start = Math.floor(Date.now() / dayMs) * dayMs - 3 * dayMs;
const [ours, theirs] = [asId<WorkspaceId>("ws_ours"), asId<WorkspaceId>("ws_theirs")];
const models = ["model-a", "model-b", "model-c"];

forEachEngine((engine) => {
  let dataDir: string;
  let database: OpenDatabase;
  let ledger: GroupCommitLedger;
  let usage: UsageRecords;
  const rows: UsageRow[] = [];
  let count = 0;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), "astrolabe-usage-"));
    const environment: Record<string, string | undefined> = await engine.environment();
    database = await openDatabase({ databaseUrl: environment["DATABASE_URL"], dataDir }, (where, error) => {
      throw new Error(where, { cause: error });
    });
    ledger = new GroupCommitLedger({ store: database.ledgerStore, onFailure: () => undefined });
    usage = usageStore(database.query, database.engine);
    for (const id of [ours, theirs]) {
      const values = { id, name: id, status: "active", created_at: 1 };
      await database.query.insertInto("workspaces").values(values).execute();
    }
    await Promise.all(Array.from({ length: 700 }, (_, index) => write(ours, start + index * 300_000, index)));
    await write(theirs, start + 1_000, 1);
    await ledger.flush();
  }, startLimitMs);

  afterAll(async () => {
    await database.close();
    rmSync(dataDir, { recursive: true });
  });

  /** A row whose facts follow from its number. */
  async function write(workspaceId: WorkspaceId, at: number, number: number): Promise<RequestId> {
    const requestId = asId<RequestId>(`${requestIdAt(at)}${String(count++).padStart(20, "0")}`);
    const failed = number % 7 === 3;
    const spent: Usage = {
      kind: "exact",
      inputTokens: 100 + number,
      cachedInputTokens: number % 5,
      outputTokens: number,
    };
    const record = recordFor(workspaceId, requestId, {
      createdAt: at,
      keyId: asId<KeyId>(`key_${number % 2}`),
      model: number % 11 === 5 ? undefined : models[number % 3],
      stackSlug: number % 4 === 0 ? undefined : "careful",
      category: number % 2 === 0 ? "coding" : "research",
      httpStatus: failed ? 502 : 200,
      unbillableReason: failed ? "provider_error" : undefined,
      usage: failed ? { kind: "unknown" } : spent,
      savings: picodollars(BigInt(number) - 50n),
      totalMs: (number * 37) % 5_000,
    });
    await ledger.record(record);
    if (workspaceId === ours) rows.push(record.usage);
    return requestId;
  }

  async function packAll(now = Date.now()): Promise<void> {
    await new UsagePacker(database).turn(now);
  }

  /** Rows of our blocks. */
  async function packedRows(): Promise<number> {
    const blocks = await database.query
      .selectFrom("usage_blocks")
      .select(["head", "data"])
      .where("workspace_id", "=", ours)
      .execute();
    return blocks.reduce((sum, block) => sum + unpackBlock(block).rows, 0);
  }

  /** The same by other means. */
  function bruteForce({ filter, interval, groupBy }: SeriesQuery) {
    const column = {
      model: "model",
      key: "keyId",
      stack: "stackSlug",
      category: "category",
      provider: "provider",
    } as const;
    const found = new Map<
      string,
      { requests: number; errors: number; input: number; cached: number; savings: bigint }
    >();
    for (const row of rows.filter((one) => matches(one, filter))) {
      const date = new Date(row.createdAt).toISOString();
      const at = { hour: date.slice(0, 13), day: date.slice(0, 10), month: date.slice(0, 7) }[interval];
      const name = groupBy === undefined ? "" : (row[column[groupBy]] ?? "");
      const sums = found.get(`${at} ${name}`) ?? { requests: 0, errors: 0, input: 0, cached: 0, savings: 0n };
      sums.requests++;
      if (row.httpStatus >= 400) sums.errors++;
      if (row.usage.kind !== "unknown") sums.input += row.usage.inputTokens;
      if (row.usage.kind !== "unknown") sums.cached += row.usage.cachedInputTokens ?? 0;
      if (row.unbillableReason === undefined) sums.savings += row.savings ?? 0n;
      found.set(`${at} ${name}`, sums);
    }
    return Object.fromEntries([...found].toSorted(([left], [right]) => (left < right ? -1 : 1)));
  }

  async function fromStore(query: SeriesQuery) {
    const { points, groups } = await usage.series(ours, query);
    const length = { hour: 13, day: 10, month: 7 }[query.interval];
    const found = points.map(({ startsAt, group, sums }) => {
      const at = new Date(startsAt).toISOString().slice(0, length);
      const { requests, errors, inputTokens: input, cachedInputTokens: cached, savings } = sums;
      const plain: bigint = savings;
      return [`${at} ${groups[group]?.name ?? ""}`, { requests, errors, input, cached, savings: plain }] as const;
    });
    return Object.fromEntries(found.toSorted(([left], [right]) => (left < right ? -1 : 1)));
  }

  function matches(row: UsageRow, filter: UsageFilter): boolean {
    return (
      (filter.from === undefined || row.createdAt >= filter.from) &&
      (filter.to === undefined || row.createdAt < filter.to) &&
      (filter.keyId === undefined || row.keyId === filter.keyId) &&
      (filter.keyIds === undefined || filter.keyIds.includes(row.keyId)) &&
      (filter.model === undefined || row.model === filter.model) &&
      (filter.stack === undefined || row.stackSlug === filter.stack) &&
      (filter.category === undefined || row.category === filter.category) &&
      (filter.status === undefined || (row.httpStatus >= filter.status[0] && row.httpStatus <= filter.status[1])) &&
      (filter.billed === undefined || (row.unbillableReason === undefined) === filter.billed) &&
      (filter.leastMs === undefined || row.totalMs >= filter.leastMs)
    );
  }

  async function everyPage(filter: UsageFilter, limit: number): Promise<string[]> {
    const ids: string[] = [];
    for (let before: RequestId | undefined, more = true; more;) {
      const page = await usage.find(ours, filter, { before, limit });
      ids.push(...page.rows.map(({ requestId }) => requestId));
      before = page.next;
      more = before !== undefined;
    }
    return ids;
  }

  const whole = { from: start - dayMs, to: start + 4 * dayMs };
  const ofAgent = [asId<KeyId>("key_1"), asId<KeyId>("key_7")];
  const seriesQueries: SeriesQuery[] = [
    { filter: whole, interval: "hour", groupBy: undefined, rankBy: "cost", top: 8 },
    { filter: whole, interval: "day", groupBy: "model", rankBy: "requests", top: 8 },
    { filter: { ...whole, category: "coding" }, interval: "hour", groupBy: "key", rankBy: "tokens", top: 8 },
    { filter: { ...whole, model: "model-b" }, interval: "day", groupBy: "stack", rankBy: "errors", top: 8 },
    {
      filter: { from: start + dayMs, to: start + 2 * dayMs },
      interval: "day",
      groupBy: "provider",
      rankBy: "savings",
      top: 8,
    },
    { filter: whole, interval: "month", groupBy: "category", rankBy: "cost", top: 8 },
    { filter: { ...whole, keyIds: ofAgent }, interval: "day", groupBy: "model", rankBy: "cost", top: 8 },
    { filter: { ...whole, keyIds: [] }, interval: "day", groupBy: undefined, rankBy: "cost", top: 8 },
  ];
  const keys = (...ids: string[]) => ids.map((id) => asId<KeyId>(id));
  const filters: UsageFilter[] = [
    {},
    { keyId: asId<KeyId>("key_1"), model: "model-c" },
    { from: start + 5 * hourMs, to: start + 30 * hourMs },
    { status: [400, 599] },
    { billed: true, stack: "careful", category: "research" },
    { leastMs: 4_900 },
    { model: "no-such-model" },
    { keyIds: keys("key_0", "key_7") },
    { keyIds: keys("key_0", "key_1"), status: [400, 599] },
    { keyIds: keys("key_7") },
    { keyIds: [] },
  ];

  /** What must hold whatever is packed and what is not. */
  async function expectAgreement(): Promise<void> {
    for (const query of seriesQueries) expect(await fromStore(query)).toEqual(bruteForce(query));
    for (const filter of filters) {
      const expected = rows.filter((row) => matches(row, filter)).map(({ requestId }) => String(requestId));
      expect(await everyPage(filter, 40)).toEqual(expected.toSorted().toReversed());
    }
  }

  describe("usage", () => {
    test("is the same read from rows and from blocks, and counts no row twice", async () => {
      await expectAgreement();
      await packAll();
      expect(await packedRows()).toBe(rows.length);
      await expectAgreement();
      await packAll();
      await expectAgreement();
    });

    test("holds rows that come after their time was packed, before and after they are packed", async () => {
      const late = start + 2 * hourMs;
      await write(ours, late, 12);
      await write(ours, late + 1, 13);
      expect((await database.query.selectFrom("late_usage").selectAll().execute()).length).toBe(2);
      for (const query of seriesQueries) expect(await fromStore(query)).toEqual(bruteForce(query));
      await packAll();
      expect(await database.query.selectFrom("late_usage").selectAll().execute()).toEqual([]);
      await expectAgreement();
    });

    test("leaves rows unpacked that are too young, and packs them once they are not", async () => {
      const requestId = newId("req");
      const now = Date.now();
      const record = recordFor(ours, requestId, { createdAt: now, model: "model-young" });
      await ledger.record(record);
      rows.push(record.usage);
      await packAll(now);
      const before = await packedRows();
      await expectAgreement();
      await packAll(now + packedAfterMs + longestWaitMs + 1_000);
      expect([before, await packedRows()]).toEqual([rows.length - 1, rows.length]);
      await expectAgreement();
    });

    test("is packed once when several processes pack at the same time", async () => {
      await Promise.all(Array.from({ length: 60 }, (_, index) => write(ours, start + 3 * hourMs + index, index)));
      await Promise.all([packAll(), packAll(), packAll()]);
      await packAll();
      await expectAgreement();
    });

    test("is the same by the hour, from the sums of full blocks and from rows", async () => {
      const busy = start + 5 * hourMs - 60_000;
      await Promise.all(Array.from({ length: 2 * mostRows }, (_, index) => write(ours, busy + index * 1_500, index)));
      await packAll();
      const sums = await database.query.selectFrom("usage_hour_sums").select(["late", "grouped_by"]).execute();
      expect(new Set(sums.map(({ grouped_by }) => grouped_by))).toEqual(new Set(["all", ...groupings]));
      expect(new Set(sums.map(({ late }) => Number(late)))).toEqual(new Set([1]));
      for (const groupBy of [undefined, ...groupings]) {
        for (const filter of [whole, { from: start + 5 * hourMs, to: start + 6 * hourMs }]) {
          const query: SeriesQuery = { filter, interval: "hour", groupBy, rankBy: "cost", top: 8 };
          expect(await fromStore(query)).toEqual(bruteForce(query));
        }
      }
      await expectAgreement();
    });

    test("pages do not move when requests are added", async () => {
      const first = await usage.find(ours, {}, { before: undefined, limit: 20 });
      await write(ours, Date.now(), 3);
      const second = await usage.find(ours, {}, { before: first.next, limit: 20 });
      const ids = [...first.rows, ...second.rows].map(({ requestId }) => String(requestId));
      const before = rows.slice(0, -1).map(({ requestId }) => String(requestId));
      expect(ids).toEqual(before.toSorted().toReversed().slice(0, 40));
    });

    test("tells every name that can be asked for, of packed rows and of new ones", async () => {
      await ledger.record(recordFor(ours, newId("req"), { createdAt: Date.now(), model: "model-new" }));
      const names = await usage.names(ours, start - dayMs);
      expect(names.get("model")).toEqual(expect.arrayContaining(["model-a", "model-b", "model-c", "model-new"]));
      expect(names.get("stack")).toEqual(["careful"]);
      expect(names.get("category")).toEqual(["coding", "research"]);
    });

    test("of another workspace is not found", async () => {
      const [other] = (await usage.find(theirs, {}, { before: undefined, limit: 10 })).rows;
      expect((await usage.find(theirs, {}, { before: undefined, limit: 10 })).rows).toHaveLength(1);
      expect(await everyPage({ from: other?.createdAt, to: (other?.createdAt ?? 0) + 1 }, 10)).toEqual([]);
    });

    test("groups beyond the largest become one, and nothing is lost", async () => {
      const query: SeriesQuery = { filter: whole, interval: "day", groupBy: "model", rankBy: "requests", top: 2 };
      const { groups, points, total } = await usage.series(ours, query);
      expect(groups.map(({ kind }) => kind)).toEqual(["named", "named", "rest"]);
      const requests = points.reduce((sum, point) => sum + point.sums.requests, 0);
      expect([requests, groups.reduce((sum, group) => sum + group.sums.requests, 0)]).toEqual([
        total.requests,
        total.requests,
      ]);
    });
  });
});
