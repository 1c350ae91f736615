// A filter over the rows of a block: which of them match.

import type { UsageFilter } from "../../workspaces/usage-records.ts";
import { wholeAmount, type Block, type BlockName, type Column } from "./block.ts";
import type { BlockHead } from "./packed-block.ts";

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

/** Writes the places of the rows that match, in their order, to the start of `into`; returns how many there are. */
export function matchingRows(filter: UsageFilter, block: Block, into: Int32Array): number {
  let count = block.rows;
  for (let at = 0; at < count; at++) into[at] = at;
  for (const [name, isWanted] of nameTests(filter)) {
    count = keepNamed(into, count, block.column(name), wantedOf(block.lists[name], isWanted));
    if (count === 0) return 0;
  }
  for (const test of numberTests(filter, block)) count = keepRows(into, count, test);
  return count;
}

type NameTest = readonly [name: BlockName, isWanted: (value: string) => boolean];

function nameTests(filter: UsageFilter): NameTest[] {
  const { keyIds, status, billed } = filter;
  const tests = namesIn(filter).map(([name, value]): NameTest => [name, (own) => own === value]);
  if (keyIds !== undefined) {
    const wanted = new Set<string>(keyIds);
    tests.push(["key", (id) => wanted.has(id)]);
  }
  if (status !== undefined) tests.push(["status", (text) => isWithin(text, status)]);
  if (billed !== undefined) tests.push(["reason", (reason) => (reason === "") === billed]);
  return tests;
}

/** For each name of a list 1 or 0. */
function wantedOf(list: readonly string[], isWanted: (value: string) => boolean): Uint8Array {
  return Uint8Array.from(list, (value) => (isWanted(value) ? 1 : 0));
}

function keepNamed(rows: Int32Array, count: number, places: Column | undefined, wanted: Uint8Array): number {
  if (!wanted.includes(1)) return 0;
  if (!wanted.includes(0)) return count;
  if (places === undefined) return wanted[0] === 1 ? count : 0;
  let kept = 0;
  for (let index = 0; index < count; index++) {
    const at = rows[index] ?? 0;
    // Without a branch, which would go either way at random.
    rows[kept] = at;
    kept += wanted[places[at] ?? 0] ?? 0;
  }
  return kept;
}

function keepRows(rows: Int32Array, count: number, test: (at: number) => boolean): number {
  let kept = 0;
  for (let index = 0; index < count; index++) {
    const at = rows[index] ?? 0;
    if (test(at)) rows[kept++] = at;
  }
  return kept;
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

function numberTests(filter: UsageFilter, block: Block): ((at: number) => boolean)[] {
  const { leastDebit, leastMs } = filter;
  const tests = timeTests(filter, block);
  if (leastMs !== undefined) {
    const took = block.column("totalMs");
    tests.push((at) => (took?.[at] ?? 0) >= leastMs);
  }
  if (leastDebit !== undefined) {
    const [high, low] = [block.column("debitHigh"), block.column("debitLow")];
    tests.push((at) => wholeAmount(low?.[at] ?? 0, high?.[at] ?? 0) >= leastDebit);
  }
  return tests;
}

/** None for a block that lies within the time as a whole, as nearly all do. */
function timeTests({ from, to }: UsageFilter, { base, rows, column }: Block): ((at: number) => boolean)[] {
  if (from === undefined && to === undefined) return [];
  const arrivedAfter = column("arrivedAfter") ?? new Uint32Array(rows);
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (let at = 0; at < rows; at++) {
    const after = arrivedAfter[at] ?? 0;
    if (after < first) first = after;
    if (after > last) last = after;
  }
  const arrivedAt = (at: number): number => base + (arrivedAfter[at] ?? 0);
  return [
    ...(from === undefined || base + first >= from ? [] : [(at: number) => arrivedAt(at) >= from]),
    ...(to === undefined || base + last < to ? [] : [(at: number) => arrivedAt(at) < to]),
  ];
}
