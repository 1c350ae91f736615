// What must be true of an arena once it is quiet: the database's story and the clients' story are the same, to the
// picodollar. Pure; every violation is a sentence.

import { entryHash, firstChainHead } from "../../server/ledger/entry-hash.ts";
import { readEntryLines } from "../../server/ledger/entry-lines.ts";
import type { Entry } from "../../server/ledger/operations.ts";
import { sumLines } from "../../server/money/charge.ts";
import { parseUsd } from "../../server/money/picodollars.ts";
import type { AccountOfEvents, DeliveredEvent } from "./account-of-events.ts";
import type { Evidence, UsageFacts } from "./evidence.ts";
import { exactCost } from "./order.ts";
import { grantMemo } from "./purses.ts";
import type { UpstreamCall } from "./upstream.ts";

export type Findings = {
  readonly debitsChecked: number;
  /** Answers that a client had in full and whose debit is missing. */
  readonly debitsLost: number;
  /** Requests of living servers whose hold was swept under them. */
  readonly streamsSwept: number;
  readonly holdsLeft: number;
  /** Everything wrong, the three above included. */
  readonly faults: readonly string[];
};

type CallsFor = (orderId: string) => readonly UpstreamCall[];

export function judge(evidence: Evidence, account: AccountOfEvents, callsFor: CallsFor): Findings {
  const debits = evidence.entries.filter(({ kind }) => kind === "debit");
  const byRequest = Map.groupBy(debits, ({ requestId }) => requestId ?? "");
  const delivered = account.delivered.map((event) => judgeDelivered(event, byRequest, evidence.usage));
  const swept = [...evidence.usage].filter(([, { unbillableReason }]) => unbillableReason === "hold_expired");
  const faults = [
    ...judgeAccounts(evidence),
    ...judgeChains(evidence),
    ...judgeCounters(evidence),
    ...debits.flatMap((entry) => judgeDebit(entry, evidence.usage, callsFor)),
    ...repeated(debits.map(({ requestId }) => requestId ?? "")).map((id) => `${id} is debited more than once`),
    ...repeated(debits.map((entry) => orderOf(entry, evidence.usage) ?? "")).map(
      (id) => `order ${id} is debited twice`,
    ),
    ...delivered.flatMap(({ faults: found }) => found),
    ...swept.map(([id]) => `${id} lost its hold while its server lived`),
    ...judgeRefusals(account, debits, evidence.usage),
    ...judgeGrants(evidence, account),
  ];
  return {
    debitsChecked: debits.length,
    debitsLost: delivered.filter(({ lost }) => lost).length,
    streamsSwept: swept.length,
    holdsLeft: evidence.openHolds,
    faults,
  };
}

function judgeAccounts({ accounts, openHolds }: Evidence): string[] {
  const faults = openHolds === 0 ? [] : [`${openHolds} holds are still open`];
  for (const { workspaceId, held, pledged } of accounts) {
    if (held !== 0n || pledged !== 0n) faults.push(`${workspaceId} still holds ${held} and pledges ${pledged}`);
  }
  return faults;
}

/** Numbers without gaps, running balances, hashes, and the sum of all entries as the balance. */
function judgeChains({ accounts, entries }: Evidence): string[] {
  const faults: string[] = [];
  for (const { workspaceId, balance, chainHead } of accounts) {
    let [sequence, sum, head] = [0, 0n, firstChainHead];
    for (const { hash, ...entry } of entries.filter((one) => one.workspaceId === workspaceId)) {
      sequence += 1;
      sum += entry.amount;
      head = entryHash(head, entry);
      if (entry.sequence !== sequence) faults.push(`${workspaceId} has entry ${entry.sequence} in place ${sequence}`);
      if (entry.balanceAfter !== sum) faults.push(`entry ${entry.id} leaves ${entry.balanceAfter}, not ${sum}`);
      if (hash !== head) faults.push(`entry ${entry.id} breaks the chain`);
    }
    if (sum !== balance) faults.push(`${workspaceId} has ${balance} and its entries say ${sum}`);
    if (head !== chainHead) faults.push(`${workspaceId} has another chain head than its last entry`);
  }
  return faults;
}

/** A limit's counter is the sum of the debits that count against it. */
function judgeCounters({ counters, usage }: Evidence): string[] {
  const rows = [...usage.values()];
  const spent = (counts: (row: UsageFacts) => boolean): bigint =>
    rows.filter(counts).reduce((sum, { debit }) => sum + debit, 0n);
  return counters.flatMap((counter) => {
    const key = /^key:(.*)$/.exec(counter.scope)?.[1];
    const expected = spent(key === undefined ? ({ stack }) => stack === "daily" : ({ keyId }) => keyId === key);
    return [
      ...(counter.pledged === 0n ? [] : [`${counter.scope} still pledges ${counter.pledged}`]),
      ...(counter.spent === expected ? [] : [`${counter.scope} counts ${counter.spent}, its debits ${expected}`]),
    ];
  });
}

/** A debit is what its lines say, is written beside its request, and belongs to a request that the upstream served. */
function judgeDebit(entry: Entry, usage: Evidence["usage"], callsFor: CallsFor): string[] {
  const debit = -entry.amount;
  const row = usage.get(entry.requestId ?? "");
  const faults: string[] = [];
  if (sumLines(readEntryLines(entry.lines)) !== debit) faults.push("is not the sum of its lines");
  if (entry.uncollected !== 0n) faults.push(`left ${entry.uncollected} uncollected`);
  if (!row) faults.push("has no request");
  if (row && row.debit !== debit) faults.push(`takes ${debit}, its request says ${row.debit}`);
  if (row && row.entrySequence !== BigInt(entry.sequence)) faults.push("is not the entry its request names");
  const served = callsFor(row?.orderId ?? "").some((call) => !call.failed && call.model === row?.model);
  if (!served) faults.push("is for a request that the upstream did not serve");
  return faults.map((fault) => `debit ${entry.id} of ${entry.requestId} ${fault}`);
}

function orderOf({ requestId }: Entry, usage: Evidence["usage"]): string | undefined {
  return usage.get(requestId ?? "")?.orderId;
}

function judgeDelivered(
  { order, seen }: DeliveredEvent,
  debits: ReadonlyMap<string, readonly Entry[]>,
  usage: Evidence["usage"],
): { readonly lost: boolean; readonly faults: readonly string[] } {
  const own = debits.get(seen.requestId) ?? [];
  const expected = exactCost(order, seen.model);
  const faults = [...seen.flaws];
  if (own.length === 0) faults.push(`was delivered and not debited (${usage.get(seen.requestId)?.unbillableReason})`);
  if (!seen.billed) faults.push("was delivered as unbillable");
  if (seen.cost !== expected) faults.push(`says it costs ${seen.cost}, not ${expected}`);
  for (const { amount } of own) if (-amount !== expected) faults.push(`is debited ${-amount}, not ${expected}`);
  return { lost: own.length === 0, faults: faults.map((fault) => `answer ${order.id} (${seen.requestId}) ${fault}`) };
}

/** Who was refused before an answer began pays nothing, unless another try of the same order succeeded. */
function judgeRefusals(account: AccountOfEvents, debits: readonly Entry[], usage: Evidence["usage"]): string[] {
  const debited = new Set(debits.map((entry) => orderOf(entry, usage)));
  return account.events.flatMap(({ order, seen }) =>
    seen.kind === "refused" && order.idempotencyKey === undefined && debited.has(order.id)
      ? [`order ${order.id} was refused with ${seen.code} and debited`]
      : [],
  );
}

/** Every grant was confirmed in the end, and is booked exactly once. */
function judgeGrants({ entries }: Evidence, { grants }: AccountOfEvents): string[] {
  const booked = entries.filter(({ kind, memo }) => kind === "credit" && memo === grantMemo);
  const sum = booked.reduce((total, { amount }) => total + amount, 0n);
  const asked = grants.reduce((total, { amountUsd }) => total + (parseUsd(amountUsd) ?? 0n), 0n);
  const open = grants.filter(({ confirmed }) => !confirmed).length;
  return [
    ...(open === 0 ? [] : [`${open} grants were never confirmed`]),
    ...(booked.length === grants.length && sum === asked
      ? []
      : [`${grants.length} grants became ${booked.length} credits`]),
  ];
}

/** Values that occur more than once; the empty text does not count. */
function repeated(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].flatMap(([value, count]) => (count > 1 ? [value] : []));
}
