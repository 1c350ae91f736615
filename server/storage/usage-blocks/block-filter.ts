// A filter over the rows of a block: which of them match.

import type { UsageFilter } from "../../workspaces/usage-records.ts";
import type { Block, BlockHead, BlockName } from "./block.ts";

/** Whether some row of the block may match, as far as its head tells. */
export function mayMatch(filter: UsageFilter, { lists, mostDebit, mostMs }: BlockHead): boolean {
  const { keyIds, status, billed, leastDebit, leastMs } = filter;
  return (
    namesIn(filter).every(([name, value]) => lists[name].includes(value)) &&
    (keyIds === undefined || keyIds.some((id) => lists.key.includes(id))) &&
    (status === undefined || lists.status.some((text) => isWithin(text, status))) &&
    (billed === undefined || lists.reason.some((reason) => (reason === "") === billed)) &&
    (leastDebit === undefined || BigInt(mostDebit) >= leastDebit) &&
    (leastMs === undefined || mostMs >= leastMs)
  );
}

function isWithin(status: string, [least, most]: readonly [number, number]): boolean {
  return Number(status) >= least && Number(status) <= most;
}

/** Undefined when no row of the block can match. */
export type RowTest = (at: number) => boolean;

export function rowTest(filter: UsageFilter, block: Block): RowTest | undefined {
  const tests: RowTest[] = [];
  for (const [name, value] of namesIn(filter)) {
    const wanted = block.lists[name].indexOf(value);
    if (wanted === -1) return undefined;
    // A list of one has nothing to tell apart.
    const numbers = block.names[name];
    if (block.lists[name].length > 1) tests.push((at) => numbers[at] === wanted);
  }
  if (filter.keyIds !== undefined) {
    const wanted = new Set<string>(filter.keyIds);
    const isWanted = block.lists.key.map((id) => wanted.has(id));
    if (!isWanted.includes(true)) return undefined;
    const keys = block.names.key;
    tests.push((at) => isWanted[keys[at] ?? 0] === true);
  }
  tests.push(...timeTests(filter, block), ...numberTests(filter, block));
  const [first, second, third] = tests;
  if (!first) return () => true;
  if (!second) return first;
  if (!third) return (at) => first(at) && second(at);
  return (at) => tests.every((test) => test(at));
}

function namesIn({ keyId, model, provider, stack, category, requestedModel, unbillableReason }: UsageFilter) {
  const all: [BlockName, string | undefined][] = [
    ["key", keyId],
    ["model", model],
    ["provider", provider],
    ["stack", stack],
    ["category", category],
    ["requestedModel", requestedModel],
    ["reason", unbillableReason],
  ];
  return all.flatMap(([name, value]): [BlockName, string][] => (value === undefined ? [] : [[name, value]]));
}

/** None for a block that lies within the time as a whole, as nearly all do. */
function timeTests({ from, to }: UsageFilter, { base, arrivedAfter }: Block): RowTest[] {
  if (from === undefined && to === undefined) return [];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const after of arrivedAfter) {
    if (after < first) first = after;
    if (after > last) last = after;
  }
  return [
    ...(from === undefined || base + first >= from ? [] : [(at: number) => base + (arrivedAfter[at] ?? 0) >= from]),
    ...(to === undefined || base + last < to ? [] : [(at: number) => base + (arrivedAfter[at] ?? 0) < to]),
  ];
}

function numberTests({ status, billed, leastDebit, leastMs }: UsageFilter, block: Block): RowTest[] {
  const { wide, names, lists } = block;
  const none = lists.reason.indexOf("");
  const tests: RowTest[] = [];
  if (status) {
    const within = lists.status.map((text) => isWithin(text, status));
    tests.push((at) => within[names.status[at] ?? 0] === true);
  }
  if (billed !== undefined) tests.push((at) => (names.reason[at] === none) === billed);
  if (leastMs !== undefined) tests.push((at) => (wide.totalMs[at] ?? 0) >= leastMs);
  if (leastDebit !== undefined) {
    const [high, low] = [Number(leastDebit >> 32n), Number(BigInt.asUintN(32, leastDebit))];
    tests.push((at) => {
      const own = wide.debitHigh[at] ?? 0;
      return own > high || (own === high && (wide.debitLow[at] ?? 0) >= low);
    });
  }
  return tests;
}
