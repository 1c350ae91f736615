// Everyone who could have answered, in one list: tried, not needed, beyond the attempts, left out. Pure.

import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";
import { failureInWords, outcomeInWords } from "../../words/reasons.ts";

export type Standing = "answered" | "failed" | "waiting" | "spare";

export type CandidateLine = {
  readonly model: string;
  readonly provider: string;
  readonly standing: Standing;
  readonly said: string;
  /** Decimal USD; absent of those that the plan did not estimate. */
  readonly expected?: string | undefined;
  readonly worst?: string | undefined;
  readonly firstByteMs?: number | undefined;
  /** 0 to 100. */
  readonly strength?: number | undefined;
  readonly reasons: readonly string[];
};

export function candidatesOf({ trace }: TraceDetail): CandidateLine[] {
  const { plan, attempts } = trace;
  if (!plan) return [];
  const tried = plan.candidates.map((candidate): CandidateLine => {
    const { model, provider, reasons } = candidate;
    const own = attempts.filter((attempt) => attempt.model === model && attempt.provider === provider);
    const last = own.at(-1);
    const failure = last?.error;
    return {
      model,
      provider,
      standing: last === undefined ? "waiting" : last.outcome === "answered" ? "answered" : "failed",
      said: last === undefined ? "Not needed" : failure ? failureInWords(failure.kind) : outcomeInWords(last.outcome),
      expected: candidate.expected_cost_usd,
      worst: candidate.worst_cost_usd,
      firstByteMs: candidate.expected_first_byte_ms,
      strength: candidate.quality,
      reasons,
    };
  });
  const spare = (plan.spare ?? []).map(({ model, provider, expected_cost_usd: expected }): CandidateLine => {
    return { model, provider, standing: "spare", said: "Beyond the number of attempts", expected, reasons: [] };
  });
  return [...tried, ...spare];
}

export type RejectedGroup = { readonly reason: string; readonly models: readonly string[] };

/** Left out, by reason, the reason that left out most first. A model with several reasons stands under each. */
export function rejectedOf({ trace }: TraceDetail): RejectedGroup[] {
  const groups = new Map<string, Set<string>>();
  for (const { model, provider, reasons } of trace.plan?.rejected ?? []) {
    const name = provider === undefined ? model : `${model} by ${provider}`;
    for (const reason of reasons) groups.set(reason, (groups.get(reason) ?? new Set()).add(name));
  }
  const all = [...groups].map(([reason, models]) => ({ reason, models: [...models] }));
  return all.toSorted((left, right) => right.models.length - left.models.length);
}
