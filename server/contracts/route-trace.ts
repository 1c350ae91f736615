// The route trace: what one request asked, who could have answered, who did, and what it cost. Written in the
// settling transaction, served by GET /v1/traces/{request id}. snake_case: this is a public shape.

import type { BillingUnit } from "../money/charge.ts";
import type { JsonObject } from "./json.ts";

export type TraceCandidate = {
  model: string;
  provider: string;
  expected_cost_usd: string;
  worst_cost_usd: string;
  expected_first_byte_ms: number;
  quality: number;
  reasons: readonly string[];
};

export type TraceUsage = {
  kind: "exact" | "at_least" | "unknown";
  input_tokens?: number;
  cached_input_tokens?: number;
  cache_write_tokens?: number;
  output_tokens?: number;
  reasoning_tokens?: number;
};

export type TraceAttempt = {
  number: number;
  model: string;
  provider: string;
  upstream_model: string;
  /** Whether the body passed through or was translated through the neutral form. */
  passed_through?: boolean;
  /** `answered`, `rejected_by_verification`, `failed`, `cut` or `cancelled`. */
  outcome: string;
  error?: { kind: string; status?: number; message: string };
  usage: TraceUsage;
  /** Milliseconds since the request arrived. */
  started_ms?: number;
  first_byte_ms?: number;
  ended_ms?: number;
};

export type TraceCheck = {
  name: string;
  passed: boolean;
  /** The check could not be carried out; `passed` is then false and means nothing. Absent otherwise. */
  not_run?: true;
  detail?: string;
};

export type TraceBilling = {
  status: "billed" | "unbillable";
  /** Why nothing was debited; absent when billed. */
  reason?: string;
  /** What the request was expected to cost, and the most it could have come to cost. */
  hold_usd: string;
  ceiling_usd: string;
  debit_usd: string;
  price_version: string;
  /** The part of the cost that neither hold nor balance covered; absent when zero. */
  uncollected_usd?: string;
  lines: {
    model: string;
    provider: string;
    unit: BillingUnit;
    count: number;
    unit_price_usd: string;
    amount_usd: string;
  }[];
};

/** Which agent sent a request, by the key that it used. */
export type TraceAgent =
  | { kind: "development"; /** The person's address when the key was made. */ user: string }
  | {
      kind: "deployment";
      /** The blueprint's name. */
      name: string;
      deployment: { id: string; name: string };
      /** The revision that served at that time, and the build that it runs; absent when none did. */
      revision?: number;
      build?: string;
    };

export type RouteTrace = {
  object: "route_trace";
  request_id: string;
  workspace: string;
  key: string;
  /** Absent for requests of plain API keys and of the playground. */
  agent?: TraceAgent;
  /** ISO 8601, UTC. */
  created_at: string;
  protocol: string;
  stream: boolean;
  requested_model: string;
  status: number;
  error_code?: string;
  stack?: { slug: string; version: number; id?: string; source?: string };
  overrides?: JsonObject;
  warnings: readonly string[];
  classification?: JsonObject;
  plan?: {
    decision: string;
    reason: string;
    lane: string;
    policy_status: "passed" | "blocked" | "not_evaluated";
    quality_target: string;
    cost_mode: string;
    fallback_mode: string;
    verification_mode: string;
    catalogue_version: string;
    candidates: TraceCandidate[];
    /** Accepted too, but beyond the number of attempts; absent when there are none. */
    spare?: Pick<TraceCandidate, "model" | "provider" | "expected_cost_usd">[];
    rejected: { model: string; provider?: string; reasons: readonly string[] }[];
    estimated_cost_usd?: string;
    baseline?: { model: string; estimated_cost_usd: string };
    estimated_savings_usd?: string;
  };
  attempts: TraceAttempt[];
  verification?: { status: string; mode: string; confidence?: number; checks: TraceCheck[] };
  /** Milliseconds spent on each rung of the ladder, in order. */
  steps: { step: string; ms: number }[];
  billing: TraceBilling;
  /** Present only when the stack stores them. */
  prompt?: JsonObject;
  output?: JsonObject;
  /** Keyed hash of the normalised last user turn, when the stack keeps fingerprints. */
  fingerprint?: string;
};
