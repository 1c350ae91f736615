// Reads a ledger of any length without holding up the server: a filter that finds little is searched in pieces, and
// between two of them others have their turn.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import { noMoney, picodollars } from "../money/picodollars.ts";
import type { EntryFilter, EntryRecords, KindTotal, ReadEntry, SequenceRange } from "./entry-records.ts";

/** Entries looked at in one query. */
const pieceSize = 2_000;
/** Clocks of several processes differ by less: entries are in order of time but for that. */
const clockSkewMs = 600_000;

/** At most `limit` entries of the filter, newest first, those before `before`. */
export async function readEntries(
  records: EntryRecords,
  workspaceId: WorkspaceId,
  filter: EntryFilter,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<ReadEntry[]> {
  const found: ReadEntry[] = [];
  for await (const piece of pieces(records, workspaceId, filter, before)) {
    found.push(...(await records.list(workspaceId, filter, piece, limit - found.length)));
    if (found.length >= limit) break;
  }
  return found;
}

/** What the entries of the filter come to, by kind; kinds that do not occur are missing. */
export async function totalEntries(
  records: EntryRecords,
  workspaceId: WorkspaceId,
  filter: EntryFilter,
): Promise<KindTotal[]> {
  const totals = new Map<KindTotal["kind"], KindTotal>();
  for await (const piece of pieces(records, workspaceId, filter, undefined)) {
    for (const { kind, entries, amount } of await records.totals(workspaceId, filter, piece)) {
      const before = totals.get(kind) ?? { entries: 0, amount: noMoney };
      totals.set(kind, {
        kind,
        entries: before.entries + entries,
        amount: picodollars(before.amount + amount),
      });
    }
  }
  return [...totals.values()];
}

/** Pages of all entries of the filter, newest first, as they stood when the reading began. */
export async function* entryPages(
  records: EntryRecords,
  workspaceId: WorkspaceId,
  filter: EntryFilter,
): AsyncGenerator<readonly ReadEntry[]> {
  for await (const piece of pieces(records, workspaceId, filter, undefined)) {
    const page = await records.list(workspaceId, filter, piece, pieceSize);
    if (page.length > 0) yield page;
  }
}

/** The number of the first entry at or after a moment: one more than the last when there is none. */
export async function sequenceAt(records: EntryRecords, workspaceId: WorkspaceId, time: number): Promise<number> {
  let [low, high] = [1, (await records.lastSequence(workspaceId)) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const entry = await records.at(workspaceId, middle);
    if (entry === undefined || entry.createdAt >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Ranges of numbers that can hold what is asked for, newest first. */
async function* pieces(
  records: EntryRecords,
  workspaceId: WorkspaceId,
  filter: EntryFilter,
  before: number | undefined,
): AsyncGenerator<SequenceRange> {
  const { from, to, requestId } = filter;
  if (requestId !== undefined) return yield* piecesOf(records, workspaceId, requestId, before);
  const last = await records.lastSequence(workspaceId);
  const end = to === undefined ? last : (await sequenceAt(records, workspaceId, to + clockSkewMs)) - 1;
  const above = from === undefined ? 0 : (await sequenceAt(records, workspaceId, from - clockSkewMs)) - 1;
  let upTo = Math.min(last, end, before === undefined ? last : before - 1);
  while (upTo > above) {
    const start = Math.max(above, upTo - pieceSize);
    yield { above: start, upTo };
    upTo = start;
    await nextTurn();
  }
}

async function* piecesOf(
  records: EntryRecords,
  workspaceId: WorkspaceId,
  requestId: RequestId,
  before: number | undefined,
): AsyncGenerator<SequenceRange> {
  const sequences = await records.sequencesOf(workspaceId, requestId);
  for (const sequence of sequences.toSorted((one, other) => other - one)) {
    if (before === undefined || sequence < before) yield { above: sequence - 1, upTo: sequence };
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
