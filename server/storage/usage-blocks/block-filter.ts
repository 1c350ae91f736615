// A filter over the rows of a block: which of them match.

import type { UsageFilter } from "../../workspaces/usage-records.ts";
import type { Block, BlockName } from "./block.ts";

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
  tests.push(...timeTests(filter, block), ...numberTests(filter, block));
  const [first, second] = tests;
  if (!first) return () => true;
  if (!second) return first;
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

function timeTests({ from, to }: UsageFilter, { base, arrivedAfter }: Block): RowTest[] {
  return [
    ...(from === undefined ? [] : [(at: number) => base + (arrivedAfter[at] ?? 0) >= from]),
    ...(to === undefined ? [] : [(at: number) => base + (arrivedAfter[at] ?? 0) < to]),
  ];
}

function numberTests({ status, billed, leastDebit, leastMs }: UsageFilter, block: Block): RowTest[] {
  const { wide, names, lists } = block;
  const none = lists.reason.indexOf("");
  const tests: RowTest[] = [];
  if (status) {
    const [least, most] = status;
    tests.push((at) => (block.status[at] ?? 0) >= least && (block.status[at] ?? 0) <= most);
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
