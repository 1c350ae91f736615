// A month of a workspace's ledger in sums: what came in, what was used of which model, and the balance before and after.

import { GatewayError, invalidField } from "../contracts/errors.ts";
import type { WorkspaceId } from "../contracts/ids.ts";
import { readEntryLines } from "../ledger/entry-lines.ts";
import type { EntryKind } from "../ledger/operations.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { EntryFilter, EntryRecords, SequenceRange } from "../workspaces/entry-records.ts";
import { sequenceAt } from "../workspaces/read-entries.ts";

const pieceSize = 2_000;

export type Statement = {
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  readonly opening: Picodollars;
  readonly closing: Picodollars;
  readonly sums: Readonly<Record<EntryKind, Picodollars>>;
  /** The dearest first. */
  readonly models: readonly { readonly model: string; readonly requests: number; readonly amount: Picodollars }[];
};

const everything: EntryFilter = {
  kinds: undefined,
  counterpart: undefined,
  from: undefined,
  to: undefined,
  keyId: undefined,
  requestId: undefined,
  text: undefined,
};

/**
 * Months join without a gap: where one ends by the entries' numbers, the next begins.
 * @param nowMs Unix milliseconds; a month that has not begun has no statement.
 * @throws GatewayError invalid_request for what is no month, not_found for one in the future.
 */
export async function statementOf(
  records: EntryRecords,
  workspaceId: WorkspaceId,
  month: string,
  nowMs: number,
): Promise<Statement> {
  const [from, to] = boundsOf(month);
  if (from > nowMs) throw new GatewayError("not_found", `${month} has not begun.`);
  const first = await sequenceAt(records, workspaceId, from);
  const next = await sequenceAt(records, workspaceId, to);
  const opening = (await records.at(workspaceId, first - 1))?.balanceAfter ?? noMoney;
  const closing = (await records.at(workspaceId, next - 1))?.balanceAfter ?? noMoney;
  const sums: Record<EntryKind, Picodollars> = {
    credit: noMoney,
    debit: noMoney,
    refund: noMoney,
    adjustment: noMoney,
  };
  const models = new Map<string, { requests: number; amount: Picodollars }>();
  for (let above = first - 1; above < next - 1; above += pieceSize) {
    const range: SequenceRange = { above, upTo: Math.min(above + pieceSize, next - 1) };
    for (const { kind, amount } of await records.totals(workspaceId, everything, range)) {
      sums[kind] = picodollars(sums[kind] + amount);
    }
    for (const debit of await records.lines(workspaceId, range)) countModels(models, debit);
    await nextTurn();
  }
  const listed = [...models].map(([model, { requests, amount }]) => ({ model, requests, amount }));
  return {
    month,
    opening,
    closing,
    sums,
    models: listed.toSorted((one, other) => (one.amount < other.amount ? 1 : -1)),
  };
}

/** Unix milliseconds of the month's first moment and of the next one's. */
function boundsOf(month: string): readonly [number, number] {
  const [, year = "", number = ""] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (number === "") throw invalidField("month", "a month such as 2026-11");
  return [Date.UTC(Number(year), Number(number) - 1, 1), Date.UTC(Number(year), Number(number), 1)];
}

/** A debit that could not be collected whole is spread over its models as far as it was collected. */
function countModels(
  models: Map<string, { requests: number; amount: Picodollars }>,
  debit: { readonly lines: string; readonly amount: Picodollars },
): void {
  let left = picodollars(-debit.amount);
  const counted = new Set<string>();
  for (const { model, amount } of readEntryLines(debit.lines)) {
    const collected = amount < left ? amount : left;
    left = picodollars(left - collected);
    const before = models.get(model) ?? { requests: 0, amount: noMoney };
    const requests = before.requests + (counted.has(model) ? 0 : 1);
    counted.add(model);
    models.set(model, { requests, amount: picodollars(before.amount + collected) });
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
