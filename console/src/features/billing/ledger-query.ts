// The ledger's filter as the address has it, and as the API takes it.

import { compact } from "../../app/search.ts";
import type { BillingSearch } from "./routes.ts";

export type LedgerQuery = {
  readonly kind?: string;
  readonly key?: string;
  readonly request?: string;
  readonly memo?: string;
  /** ISO 8601. */
  readonly from?: string;
  readonly to?: string;
};

/** Days are those of the reader's clock; the last one is included. */
export function ledgerQuery({ kind, key, request, memo, from, to }: BillingSearch): LedgerQuery {
  return compact({ kind, key, request, memo, from: startOf(from, 0), to: startOf(to, 1) });
}

function startOf(day: string | undefined, laterDays: number): string | undefined {
  if (day === undefined) return undefined;
  const start = new Date(`${day}T00:00:00`);
  if (Number.isNaN(start.getTime())) return undefined;
  start.setDate(start.getDate() + laterDays);
  return start.toISOString();
}
