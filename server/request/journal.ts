// What has happened to one request so far, rung by rung: the raw material of its trace, its records and its headers.

import type { JsonObject } from "../contracts/json.ts";
import type { FallbackTrigger } from "../contracts/policy.ts";
import type { HealthTracker } from "../providers/health.ts";
import type { FailureKind, ProviderFailure } from "../providers/provider.ts";
import type { Verdict } from "../verification/verify-answer.ts";
import type { Attempt, AttemptFacts } from "./6-call-provider.ts";
import type { VerificationOutcome, VerificationStatus } from "./7-verify-answer.ts";
import type { Received, Reserved, Stage } from "./stages.ts";

export type NotedAttempt = {
  readonly facts: AttemptFacts;
  readonly outcome: "answered" | "rejected_by_verification" | "failed" | "cut" | "cancelled";
  readonly failure: ProviderFailure | undefined;
};

/** Failures that are the request's or the client's doing: no circuit may open for them. */
const saysNothingOfTheRoute: ReadonlySet<FailureKind> = new Set(["cancelled", "rejected", "untranslatable"]);
/** Most sentences kept as warnings; a request that provokes more has made its point. */
const mostWarnings = 20;
/** In characters: a sentence may quote a field's name, which can be as long as the body. */
const longestWarning = 300;

export class Journal {
  readonly attempts: NotedAttempt[] = [];
  readonly warnings: string[] = [];
  readonly steps: [step: string, ms: number][] = [];
  /** What made earlier answers of this request fail their checks. */
  readonly failedChecks: FallbackTrigger[] = [];
  verification: VerificationOutcome | undefined;
  /** The answer, kept only for stacks that store outputs. */
  output: JsonObject | undefined;
  stage: Stage;
  readonly #now: () => number;
  #last: number;

  constructor(received: Received, now: () => number) {
    this.stage = received;
    this.#now = now;
    this.#last = received.arrivedAt;
  }

  /** Notes the stage a step led to, and the time it took; returns the stage. */
  reached<S extends Received>(step: string, stage: S): S {
    this.stage = stage;
    this.timed(step);
    return stage;
  }

  /** Notes the time since the step before. */
  timed(step: string): void {
    const now = this.#now();
    this.steps.push([step, roundMs(now - this.#last)]);
    this.#last = now;
  }

  /** Milliseconds since the request arrived. */
  elapsedMs(): number {
    return this.#now() - this.stage.arrivedAt;
  }

  /** An attempt that produced an answer; `verdict` undefined for streams, which are not checked. */
  answered(facts: AttemptFacts, verdict: Verdict | undefined, health: HealthTracker): void {
    const outcome = verdict?.trigger ? "rejected_by_verification" : "answered";
    this.attempts.push({ facts, outcome, failure: undefined });
    const firstByteMs = facts.firstByteMs === undefined ? undefined : facts.firstByteMs - facts.startedMs;
    health.report(facts.candidate.provider, facts.candidate.model.id, { ok: true, firstByteMs, at: this.#now() });
  }

  failed(
    attempt: Extract<Attempt, { kind: "failed" }>,
    health: HealthTracker,
    outcome: "failed" | "cut" = "failed",
  ): void {
    const { facts, failure } = attempt;
    this.attempts.push({ facts, outcome: failure.kind === "cancelled" ? "cancelled" : outcome, failure });
    if (saysNothingOfTheRoute.has(failure.kind)) return;
    health.report(facts.candidate.provider, facts.candidate.model.id, {
      ok: false,
      firstByteMs: undefined,
      at: this.#now(),
      kind: failure.kind,
    });
  }

  cancelled(facts: AttemptFacts): void {
    this.attempts.push({ facts, outcome: "cancelled", failure: undefined });
  }

  verified(status: VerificationStatus, verdict: Verdict, { plan }: Reserved): void {
    this.verification = { status, mode: plan.verificationMode, confidence: verdict.confidence, checks: verdict.checks };
  }

  /** Changes the status of what was verified last, or states it where nothing was. */
  verifiedAs(status: VerificationStatus, reserved?: Reserved): void {
    const last = this.verification ?? {
      mode: reserved?.plan.verificationMode ?? "off",
      confidence: undefined,
      checks: [],
    };
    this.verification = { ...last, status };
  }

  warn = (sentence: string): void => {
    const kept = sentence.slice(0, longestWarning);
    if (this.warnings.length < mostWarnings && !this.warnings.includes(kept)) this.warnings.push(kept);
  };
}

/** Milliseconds to the microsecond. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
