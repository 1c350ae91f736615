// Filters as SQL, for usage rows.

import { sql, type RawBuilder } from "kysely";
import type { SummedFilter, UsageFilter } from "../../workspaces/usage-records.ts";

type Condition = RawBuilder<unknown>;

/** What rows must satisfy, all of it; empty: anything. */
export function rowConditions(filter: UsageFilter): Condition[] {
  const { from, to, keyIds, requestedModel, status, billed, unbillableReason, leastDebit, leastMs } = filter;
  return [
    ...names(filter).map(([name, value]) => sql`${sql.ref(name)} = ${value}`),
    ...when(keyIds, (ids) => (ids.length === 0 ? sql`false` : sql`key_id IN (${sql.join(ids)})`)),
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

function names({ keyId, model, provider, stack, category }: SummedFilter): [string, string][] {
  const pairs: [string, string | undefined][] = [
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
