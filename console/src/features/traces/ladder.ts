// A request as rungs in time: the steps it went up, the attempts within them, and where it ended. Pure.

import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";

export type Rung = {
  readonly id: string;
  readonly name: string;
  /** A sentence about what happens there. */
  readonly about: string;
  /** Milliseconds since the request arrived. */
  readonly startMs: number;
  readonly ms: number;
  readonly kind: "step" | "attempt" | "end";
  readonly tone: "plain" | "good" | "bad";
  /** When the first byte of the answer came; of attempts. */
  readonly firstByteMs?: number | undefined;
};

const steps: Readonly<Record<string, readonly [name: string, about: string]>> = {
  authenticate: ["Authenticate", "Whose key is it?"],
  "limit-rate": ["Limit rate", "Asked too often?"],
  "read-body": ["Read the request", "Is it a request at all?"],
  "claim-key": ["Claim the idempotency key", "Answered before?"],
  "resolve-stack": ["Resolve the stack", "Under which policy?"],
  "plan-route": ["Plan the route", "Who could answer, in which order?"],
  "reserve-credits": ["Reserve credits", "Can they pay the worst case?"],
  "call-provider": ["Call the provider", "Ask"],
  "verify-answer": ["Verify the answer", "Good enough?"],
};

/** The steps in their order, each attempt below its call, and the way out at the end. */
export function ladderOf({ trace, total_ms: totalMs }: TraceDetail): Rung[] {
  const rungs: Rung[] = [];
  let [at, calls] = [0, 0];
  for (const [index, { step, ms }] of trace.steps.entries()) {
    const [name, about] = steps[step] ?? [step, ""];
    rungs.push({ id: `${step} ${index}`, name, about, startMs: at, ms, kind: "step", tone: "plain" });
    at += ms;
    if (step !== "call-provider") continue;
    const attempt = trace.attempts[calls++];
    if (attempt) rungs.push(attemptRung(attempt, at - ms, at));
  }
  for (const attempt of trace.attempts.slice(calls)) rungs.push(attemptRung(attempt, at, totalMs));
  const left = Math.max(0, totalMs - at);
  rungs.push(
    trace.status < 400
      ? { ...end, name: "Deliver and settle", about: "Debit what was used, free the rest", startMs: at, ms: left }
      : { ...end, name: "Refuse", about: "Say why, charge nothing", startMs: at, ms: left, tone: "bad" },
  );
  return rungs;
}

const end = { id: "end", kind: "end", tone: "plain" } as const;

function attemptRung(attempt: TraceDetail["trace"]["attempts"][number], from: number, to: number): Rung {
  const startMs = attempt.started_ms ?? from;
  return {
    id: `attempt ${attempt.number}`,
    name: `${attempt.number}. ${attempt.model}`,
    about: `by ${attempt.provider}`,
    startMs,
    ms: Math.max(0, (attempt.ended_ms ?? to) - startMs),
    kind: "attempt",
    tone: attempt.outcome === "answered" ? "good" : "bad",
    firstByteMs: attempt.first_byte_ms,
  };
}

/** Where the last rung ends; at least a millisecond, so that there is a scale. */
export function ladderMs(rungs: readonly Rung[]): number {
  return Math.max(1, ...rungs.map(({ startMs, ms }) => startMs + ms));
}

/** `0.04 ms`, `12.3 ms`, `1.24 s`: short times keep their digits. */
export function shortDuration(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(2)} s`;
  if (ms >= 100) return `${Math.round(ms)} ms`;
  return `${ms.toFixed(ms >= 10 ? 1 : 2)} ms`;
}
