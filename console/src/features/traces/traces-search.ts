// What the address of the trace list says: a time, and what the requests are filtered by.

import type { Query } from "../../api/fetch-api.ts";
import { choiceAt, compact, numberAt, textAt, type RawSearch } from "../../app/search.ts";

export const traceRanges = ["1h", "24h", "7d", "30d"] as const;
export type TraceRange = (typeof traceRanges)[number];
export const statusWords = ["success", "error", "client_error", "server_error"] as const;

export type TracesSearch = {
  readonly range?: TraceRange;
  /** ISO times; they win over the range. */
  readonly from?: string;
  readonly to?: string;
  readonly status?: string;
  readonly key?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly stack?: string;
  readonly category?: string;
  readonly agent?: string;
  readonly deployment?: string;
  readonly requested?: string;
  readonly billing?: "billed" | "unbilled";
  readonly reason?: string;
  /** Decimal USD. */
  readonly cost?: string;
  /** Least milliseconds. */
  readonly slow?: number;
  /** The list stands still. */
  readonly live?: "off";
};

export function readTracesSearch(raw: RawSearch): TracesSearch {
  return compact({
    range: choiceAt(raw, "range", traceRanges),
    from: timeAt(raw, "from"),
    to: timeAt(raw, "to"),
    status: statusAt(raw),
    key: textAt(raw, "key"),
    model: textAt(raw, "model"),
    provider: textAt(raw, "provider"),
    stack: textAt(raw, "stack"),
    category: textAt(raw, "category"),
    agent: textAt(raw, "agent"),
    deployment: textAt(raw, "deployment"),
    requested: textAt(raw, "requested"),
    billing: choiceAt(raw, "billing", ["billed", "unbilled"]),
    reason: textAt(raw, "reason"),
    cost: costAt(raw),
    slow: numberAt(raw, "slow"),
    live: choiceAt(raw, "live", ["off"]),
  });
}

function timeAt(raw: RawSearch, name: string): string | undefined {
  const at = Date.parse(textAt(raw, name) ?? "");
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function statusAt(raw: RawSearch): string | undefined {
  const text = textAt(raw, "status") ?? "";
  return statusWords.some((word) => word === text) || /^[1-5]\d\d$/.test(text) ? text : undefined;
}

function costAt(raw: RawSearch): string | undefined {
  const text = textAt(raw, "cost") ?? "";
  return /^\d{1,7}(?:\.\d{1,12})?$/.test(text) ? text : undefined;
}

export const rangeMs: Readonly<Record<TraceRange, number>> = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

/** The filters as the API takes them. @param now Unix milliseconds, whole minutes so that the question stays the same */
export function queryOf(search: TracesSearch, now: number): Query {
  const { range, status, key, model, provider, stack, category, agent, deployment, billing } = search;
  const since = range === undefined ? undefined : new Date(now - rangeMs[range]).toISOString();
  return {
    from: search.from ?? since,
    to: search.to,
    status,
    key,
    model,
    provider,
    stack,
    category,
    agent,
    deployment,
    billing,
    requested_model: search.requested,
    unbillable_reason: search.reason,
    min_cost_usd: search.cost,
    min_ms: search.slow,
  };
}

/** How many filters narrow the list. */
export function filterCount({ live: _live, ...filters }: TracesSearch): number {
  return Object.values(filters).filter((value) => value !== undefined).length;
}
