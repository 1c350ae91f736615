// Filters as SQL, for usage rows and for their sums.

import { sql, type RawBuilder } from "kysely";
import type { SummedFilter, UsageFilter } from "../../workspaces/usage-records.ts";
import { spanMs, type Span, type SummedName } from "./columns.ts";

type Condition = RawBuilder<unknown>;

/** What rows must satisfy, all of it; empty: anything. */
export function rowConditions(filter: UsageFilter): Condition[] {
  const { from, to, requestedModel, status, billed, unbillableReason, leastDebit, leastMs } = filter;
  return [
    ...names(filter).map(([name, value]) => sql`${sql.ref(name)} = ${value}`),
    ...when(from, (time) => sql`created_at >= ${time}`),
    ...when(to, (time) => sql`created_at < ${time}`),
    ...when(requestedModel, (model) => sql`requested_model = ${model}`),
    ...when(status, ([least, most]) => sql`http_status >= ${least} AND http_status <= ${most}`),
    ...when(billed, (wanted) => sql`unbillable_reason IS ${sql.raw(wanted ? "NULL" : "NOT NULL")}`),
    ...when(unbillableReason, (reason) => sql`unbillable_reason = ${reason}`),
    ...when(leastDebit, (amount) => sql`debit >= ${amount}`),
    ...when(leastMs, (ms) => sql`total_ms >= ${ms}`),
  ];
}

/** What the sums of a span must satisfy so that they may hold a row that matches. */
export function sumConditions(filter: UsageFilter, span: Span): Condition[] {
  const { from, to, status, billed, unbillableReason, leastDebit, leastMs } = filter;
  return [
    ...names(filter).map(([name, value]) => sql`${sql.ref(name)} = ${value}`),
    ...when(from, (time) => sql`period >= ${Math.floor(time / spanMs(span))}`),
    ...when(to, (time) => sql`period <= ${Math.floor((time - 1) / spanMs(span))}`),
    ...when(status, ([least, most]) =>
      least >= 400 ? sql`errors > 0` : most < 400 ? sql`errors < requests` : sql`requests > 0`,
    ),
    ...when(billed, (wanted) => (wanted ? sql`unbilled < requests` : sql`unbilled > 0`)),
    ...when(unbillableReason, () => sql`unbilled > 0`),
    ...when(leastDebit, (amount) => sql`most_debit >= ${amount}`),
    ...when(leastMs, (ms) => sql`most_ms >= ${ms}`),
  ];
}

function names({ keyId, model, provider, stack, category }: SummedFilter): [SummedName, string][] {
  const pairs: [SummedName, string | undefined][] = [
    ["key_id", keyId],
    ["model", model],
    ["provider", provider],
    ["stack_slug", stack],
    ["category", category],
  ];
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function when<Value>(value: Value | undefined, condition: (value: Value) => Condition): Condition[] {
  return value === undefined ? [] : [condition(value)];
}

/** The conditions after an AND, or nothing. */
export function andAll(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`` : sql` AND ${sql.join(conditions, sql` AND `)}`;
}
