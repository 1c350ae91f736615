// What is written beside the money: records of requests, kept answers, refunds of debits, and notices as events.

import { expect, test } from "bun:test";
import { newId } from "../contracts/ids.ts";
import { cap, money, Operations, reasonsOf, recordFor } from "../ledger/ledger.test-kit.ts";
import type { KeptAnswer, RequestRecord } from "../ledger/request-record.ts";
import { ledgerOver, type OpenedStore, type UseStore } from "./ledger-store.test-kit.ts";

export function requestRecords(use: UseStore): void {
  test("writes a request's record with the money that its settlement moved", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100), our.hold(1, 10), our.hold(2, 10), our.hold(3, 10), our.expire(3));
    await opened.commit(
      { operation: our.settle(1, 4), record: recordOf(opened, 1) },
      { operation: our.settle(2, 0), record: recordOf(opened, 2, "provider_error") },
      { operation: our.settle(3, 4), record: recordOf(opened, 3) },
      { record: recordOf(opened, 4, "unauthorized") },
    );
    const rows = await Promise.all([1, 2, 3, 4].map((n) => opened.usage(our.requestId(n))));
    const money = rows.map((row) => row && [row.debit, row.entry_sequence && Number(row.entry_sequence)]);
    expect(money).toEqual([
      [4n, 2],
      [0n, null],
      [0n, null],
      [0n, null],
    ]);
    const reasons = rows.map((row) => row?.unbillable_reason);
    expect(reasons).toEqual([null, "provider_error", "hold_expired", "unauthorized"]);
    expect(rows[0]?.input_tokens).toBeNull();
    const traces = opened.database.query.selectFrom("route_traces").select(["trace", "expires_at"]);
    const trace = await traces.where("request_id", "=", our.requestId(1)).executeTakeFirstOrThrow();
    expect([trace.trace, Number(trace.expires_at)]).toEqual(['{"object":"route_trace"}', 9]);
  });

  test("changes nothing at all when one record of a batch cannot be written", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100), our.hold(1, 10, { caps: [cap(`key:${opened.workspaceId}`, 20, 1)] }));
    await opened.commit({ record: recordOf(opened, 9) });
    const kept = await opened.claim(our.requestId(1), () => new Uint8Array([1]));
    const before = [await opened.account(), await opened.entries(), await opened.holds()];
    const failing = opened.commit(
      { operation: our.settle(1, 3), record: { ...recordOf(opened, 1), kept } },
      { operation: our.hold(2, 10) },
      { record: recordOf(opened, 9) },
    );
    expect(
      await failing.then(
        () => "written",
        () => "refused",
      ),
    ).toBe("refused");
    expect([await opened.account(), await opened.entries(), await opened.holds()]).toEqual(before);
    expect(await opened.usage(our.requestId(1))).toBeUndefined();
    expect(await opened.counter(`key:${opened.workspaceId}`)).toMatchObject({ spent: 0n, pledged: 10n });
    expect((await opened.keptAnswer(kept.keyHash)).text).toBeNull();
    expect(await opened.events()).toEqual([]);
    expect(reasonsOf(await opened.commit(our.settle(1, 3)))).toEqual(["ok"]);
  });

  test("lets a bad record refuse its own operation only", async () => {
    const opened = use();
    const { our } = opened;
    const ledger = ledgerOver(opened);
    await opened.commit(our.credit(100), our.hold(1, 10), our.hold(2, 10));
    const outcomes = await Promise.allSettled([
      ledger.submit(our.settle(1, 3), recordOf(opened, 1)),
      ledger.submit(our.settle(2, 3), recordOf(opened, 1)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await opened.account()).toMatchObject({ balance: money(97), held: money(10) });
  });

  test("keeps an answer as its settlement came out, for the request that claimed the key", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100), our.hold(1, 10), our.hold(2, 10));
    const text: KeptAnswer["answer"] = ({ debit, entrySequence }) =>
      new TextEncoder().encode(`${debit} by ${entrySequence}`);
    const kept = await opened.claim(our.requestId(1), text);
    const taken = { ...(await opened.claim(our.requestId(3), text)), expiresAt: 98 };
    await opened.commit(
      { operation: our.settle(1, 4), record: { ...recordOf(opened, 1), kept } },
      { operation: our.settle(2, 4), record: { ...recordOf(opened, 2), kept: taken } },
    );
    expect(await opened.keptAnswer(kept.keyHash)).toEqual({ text: "4 by 2", expiresAt: 99 });
    expect(await opened.keptAnswer(taken.keyHash)).toEqual({ text: null, expiresAt: 5 });
  });
}

export function refundsAndNotices(use: UseStore): void {
  test("refunds what a debit collected, in this batch or a later one, to its own workspace", async () => {
    const opened = use();
    const { our } = opened;
    const other = new Operations(newId("ws"), (n) => our.requestId(n));
    await opened.addWorkspace(other.workspaceId);
    await opened.commit(our.credit(30), other.credit(30), our.hold(1, 10));
    const settle = { operation: our.settle(1, 50), record: recordOf(opened, 1) };
    expect(reasonsOf(await opened.commit(settle, our.refund(1, 5)))).toEqual(["ok", "ok"]);
    const results = await opened.commit(other.refund(1, 1), our.refund(1, 26), our.refund(1, 20), our.refund(1, 6));
    expect(reasonsOf(results)).toEqual(["over_refund", "over_refund", "ok", "over_refund"]);
    expect(results[3]).toMatchObject({ refusal: { available: money(5) } });
    const [last] = (await opened.entries()).slice(-1);
    expect(last).toMatchObject({
      kind: "refund",
      counterpart: "usage",
      requestId: our.requestId(1),
      amount: money(20),
    });
  });

  test("stores a notice once, as an event of the operation's time", async () => {
    const opened = use();
    const { our } = opened;
    const scope = `key:${opened.workspaceId}`;
    const spend = (n: number, cost: number) => [
      our.hold(n, cost, { caps: [cap(scope, 30, 20)] }),
      our.settle(n, cost, newId("ent"), 10 + n),
    ];
    await opened.commit(our.credit(100), ...spend(1, 19));
    expect(await opened.events()).toEqual([]);
    await opened.commit(...spend(2, 1), ...spend(3, 1));
    await opened.commit(...spend(4, 9));
    const events = await opened.events();
    expect(events.map(([type, at]) => [type, at])).toEqual([
      ["budget.warning", 12],
      ["budget.reached", 14],
    ]);
    expect(events[0]?.[2]).toContain("0.000000000020");
  });

  test("keeps the threshold of a low balance and tells when it is crossed", async () => {
    const opened = use();
    const { our } = opened;
    await opened.commit(our.credit(100));
    const update = opened.database.query.updateTable("accounts").set({ low_balance_threshold: 50n });
    await update.where("workspace_id", "=", opened.workspaceId).execute();
    await opened.commit(our.hold(1, 60), our.settle(1, 51));
    await opened.commit(our.hold(2, 1), our.settle(2, 1));
    expect((await opened.account()).lowBalanceThreshold).toBe(money(50));
    expect((await opened.events()).map(([type]) => type)).toEqual(["credits.low"]);
  });
}

function recordOf({ workspaceId, our }: OpenedStore, n: number, unbillableReason?: string): RequestRecord {
  return recordFor(workspaceId, our.requestId(n), { unbillableReason });
}
