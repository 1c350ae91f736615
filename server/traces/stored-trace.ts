// The stored form of a trace: only what no other row holds (money, usage and attempts have rows of their own), with rows
// as tuples, because every request writes one. `render-trace.ts` turns it into the public form.

import type { JsonObject } from "../contracts/json.ts";
import type { StoredInputs } from "./stored-inputs.ts";

/** Times are milliseconds. Fields are only ever added. */
export type StoredTrace = {
  readonly form: 1;
  /** The key's public prefix. */
  readonly key: string;
  readonly stream: boolean;
  readonly errorCode?: string;
  /** Id, and which level named it. */
  readonly stack?: readonly [id: string, source: string];
  readonly overrides?: JsonObject;
  readonly warnings?: readonly string[];
  readonly class?: readonly [
    category: string,
    complexity: string,
    actionClass: string,
    confidence: number,
    modifiers: readonly string[],
    signals: readonly string[],
  ];
  readonly plan?: StoredPlan;
  /** What planning looked at; with every plan, since they are recorded. */
  readonly inputs?: StoredInputs;
  /** Who had answered the conversation before, where the stack keeps that. */
  readonly pin?: readonly [model: string, provider: string, warmTokens: number];
  /** One per model call, in order. */
  readonly attempts: readonly StoredAttempt[];
  readonly verification?: readonly [
    status: string,
    mode: string,
    confidence: number | null,
    checks: readonly (readonly [name: string, passed: boolean | null, detail?: string])[],
  ];
  readonly steps: readonly (readonly [step: string, ms: number])[];
  /** As the rate limit's headers told it: the limit, what was left, and when it resets (Unix seconds). */
  readonly rate?: readonly [limit: number, remaining: number, resetsAt: number];
  /** The stack sends the guaranteed headers alone. */
  readonly brief?: true;
  /** In traces from before texts were encrypted. */
  readonly prompt?: JsonObject;
  readonly output?: JsonObject;
  readonly fingerprint?: string;
};

/** Picodollars: a number while a double holds it exactly (up to 9,007 USD), decimal text beyond. */
export type StoredAmount = number | string;

export type StoredPlan = {
  readonly decision: string;
  readonly reason: string;
  readonly lane: string;
  readonly quality: string;
  readonly cost: string;
  readonly fallback: string;
  readonly verification: string;
  readonly catalogue: string;
  readonly candidates: readonly StoredCandidate[];
  /** Candidates beyond the number of attempts. */
  readonly spare?: readonly (readonly [model: string, provider: string, expectedCost: StoredAmount])[];
  /** Grouped by their reasons, which many share. */
  readonly rejected: readonly (readonly [
    reasons: readonly string[],
    models: readonly (readonly [model: string, provider?: string])[],
  ])[];
  readonly baseline?: readonly [model: string, expectedCost: StoredAmount];
  readonly savings?: StoredAmount;
};

export type StoredCandidate = readonly [
  model: string,
  provider: string,
  expectedCost: StoredAmount,
  worstCost: StoredAmount,
  firstByteMs: number,
  quality: number,
  reasons: readonly string[],
];

export type StoredAttempt = readonly [
  passedThrough: boolean,
  startedMs: number,
  firstByteMs: number | null,
  endedMs: number,
  /** The failure in words; absent for an answer. */
  failure?: string,
];
