// The rules of caps: what is left under a limit, what holds pledge under it, what debits spend and when that is noticed.

import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Batch } from "./batch.ts";
import type { Cap, Counter, Hold, Refusal } from "./operations.ts";

/** The scopes that a hold under these caps counts against: each once, however often it is named. */
export function scopesOf(caps: readonly Cap[]): readonly string[] {
  return caps.length < 2 ? caps.map(({ scope }) => scope) : [...new Set(caps.map(({ scope }) => scope))];
}

/**
 * Of the scopes under which `ceiling` more cannot be pledged the one with the least left; undefined when there is none.
 * Every limit that `caps` states for a scope counts; a scope that they do not name is tested against the limit that was
 * stated last.
 */
export function capShortage(
  batch: Batch,
  scopes: readonly string[],
  caps: readonly Cap[],
  ceiling: Picodollars,
): Refusal | undefined {
  let shortage: (Refusal & { readonly reason: "over_cap" }) | undefined;
  for (const scope of scopes) {
    const counter = batch.counter(scope);
    const available = leftUnder(statedLimit(scope, caps) ?? counter.limit, counter);
    if (available === undefined || ceiling <= available) continue;
    if (!shortage || available < shortage.available) shortage = { reason: "over_cap", scope, available };
  }
  return shortage;
}

/** Counts `ceiling` more as pledged, and remembers the limits as this operation states them. */
export function pledge(batch: Batch, scopes: readonly string[], caps: readonly Cap[], ceiling: Picodollars): void {
  for (const scope of scopes) {
    const counter = batch.counter(scope);
    const stated = caps.find((cap) => cap.scope === scope);
    const limit = statedLimit(scope, caps) ?? counter.limit;
    const warnAt = stated ? stated.warnAt : counter.warnAt;
    batch.putCounter({ ...counter, pledged: picodollars(counter.pledged + ceiling), limit, warnAt });
  }
}

/** Takes back what an ending hold pledged. */
export function unpledge(batch: Batch, { scopes, ceiling }: Hold): void {
  for (const scope of scopes) {
    const counter = batch.counter(scope);
    batch.putCounter({ ...counter, pledged: picodollars(counter.pledged - ceiling) });
  }
}

/** The most of `free` that a hold's caps leave to it beyond its ceiling. */
export function leftBeyond(batch: Batch, { scopes }: Hold, free: Picodollars): Picodollars {
  let left = free;
  for (const scope of scopes) {
    const counter = batch.counter(scope);
    const under = leftUnder(counter.limit, counter);
    if (under !== undefined && under < left) left = under;
  }
  return left;
}

/** Counts a debit as spent, and notices the warning or the limit that it passes. */
export function countSpent(batch: Batch, { workspaceId, scopes }: Hold, debit: Picodollars, at: number): void {
  for (const scope of scopes) {
    const counter = batch.counter(scope);
    const spent = picodollars(counter.spent + debit);
    batch.putCounter({ ...counter, spent });
    const { limit, warnAt } = counter;
    if (limit === undefined) continue;
    const passes = (mark: Picodollars): boolean => counter.spent < mark && spent >= mark;
    if (warnAt !== undefined && warnAt < limit && passes(warnAt)) {
      batch.changes.notices.push({ type: "budget.warning", workspaceId, scope, spent, limit, at });
    }
    if (passes(limit)) batch.changes.notices.push({ type: "budget.reached", workspaceId, scope, spent, limit, at });
  }
}

/** The least limit that the caps state for a scope; undefined when they do not name it. */
function statedLimit(scope: string, caps: readonly Cap[]): Picodollars | undefined {
  let least: Picodollars | undefined;
  for (const cap of caps) {
    if (cap.scope === scope && (least === undefined || cap.limit < least)) least = cap.limit;
  }
  return least;
}

/** Zero also where a lowered limit is already passed; undefined without a limit. */
function leftUnder(limit: Picodollars | undefined, { spent, pledged }: Counter): Picodollars | undefined {
  if (limit === undefined) return undefined;
  const left = picodollars(limit - spent - pledged);
  return left > 0n ? left : noMoney;
}
