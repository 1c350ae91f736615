// Targets the router strives for: quality, reliability, latency. An option that misses one is rejected while another
// meets it; a target that nobody meets is dropped, said so, and the nearest option goes first.

import type { Complexity, QualityTarget } from "../contracts/policy.ts";
import type { Option, Scope } from "./assess.ts";
import type { Rejection, RejectionReason } from "./plan.ts";
import { byFirstByte, byQuality, byReliability, type Order } from "./rank.ts";

/** Least quality, 0 to 100, by target and complexity: harder work needs more ability for the same result. */
const leastQuality: { readonly [target in QualityTarget]: { readonly [complexity in Complexity]: number } } = {
  draft: { simple: 45, standard: 55, complex: 62, critical: 70 },
  standard: { simple: 58, standard: 66, complex: 74, critical: 82 },
  high: { simple: 66, standard: 74, complex: 80, critical: 85 },
  critical: { simple: 76, standard: 82, complex: 86, critical: 90 },
};

/** The quality, 0 to 100, that a candidate must be expected to have for a target. */
export function leastQualityFor(target: QualityTarget, complexity: Complexity): number {
  return leastQuality[target][complexity];
}

export type Targeted = {
  readonly kept: readonly Option[];
  readonly missed: readonly Rejection[];
  /** What was dropped, in words, and the order that replaces the objective's; undefined when all targets are met. */
  readonly dropped: Unmet | undefined;
};

type Unmet = { readonly sentence: string; readonly order: Order };

type Target = {
  /** Of the rejection of an option that misses it. */
  readonly reasons: readonly RejectionReason[];
  /** Where nobody meets it. */
  readonly unmet: Unmet;
};

const qualityTarget: Target = {
  reasons: ["below_quality"],
  unmet: { sentence: "no allowed model meets the quality target: strongest first", order: byQuality },
};
const reliabilityTarget: Target = {
  reasons: ["below_reliability"],
  unmet: {
    sentence: "no allowed route meets the reliability target: most reliable first",
    order: byReliability,
  },
};
const latencyTarget: Target = {
  reasons: ["latency_slo"],
  unmet: { sentence: "no allowed route meets the latency target: fastest first", order: byFirstByte },
};

/** Applies the targets in order of weight; an earlier target that nobody meets decides the order. */
export function applyTargets(options: readonly Option[], { input, classification, needs }: Scope): Targeted {
  const { objective } = input.policy;
  const { reliabilityTarget: leastReliability, latencySloMs: mostMs } = objective;
  let targeted: Targeted = { kept: options, missed: [], dropped: undefined };
  if (!needs.embeds && objective.costMode !== "fixed") {
    const least = leastQualityFor(objective.qualityTarget, classification.complexity);
    targeted = apply(qualityTarget, targeted, ({ named, candidate }) => named || candidate.quality >= least);
  }
  if (leastReliability !== undefined) {
    targeted = apply(reliabilityTarget, targeted, ({ successRate }) => (successRate ?? 1) >= leastReliability);
  }
  if (mostMs !== undefined) {
    targeted = apply(latencyTarget, targeted, ({ candidate }) => candidate.expectedFirstByteMs <= mostMs);
  }
  return targeted;
}

function apply(target: Target, before: Targeted, meets: (option: Option) => boolean): Targeted {
  const kept: Option[] = [];
  const missed: Rejection[] = [...before.missed];
  for (const option of before.kept) {
    const { model, provider } = option.candidate;
    if (meets(option)) kept.push(option);
    else missed.push({ model: model.id, provider, reasons: target.reasons });
  }
  if (kept.length === 0 && before.kept.length > 0) return { ...before, dropped: before.dropped ?? target.unmet };
  return { kept, missed, dropped: before.dropped };
}
