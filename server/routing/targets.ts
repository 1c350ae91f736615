// Targets the router strives for: quality, reliability, latency. An option that misses one is rejected while another
// meets it; a target that nobody meets is dropped, said so, and the nearest option goes first.

import type { Complexity, QualityTarget } from "../contracts/policy.ts";
import type { Option, Scope } from "./assess.ts";
import type { Rejection, RejectionReason } from "./plan.ts";

/** Least quality, 0 to 100, by target and complexity: harder work needs more ability for the same result. */
export const leastQuality: { readonly [target in QualityTarget]: { readonly [complexity in Complexity]: number } } = {
  draft: { simple: 45, standard: 55, complex: 62, critical: 70 },
  standard: { simple: 58, standard: 66, complex: 74, critical: 82 },
  high: { simple: 66, standard: 74, complex: 80, critical: 85 },
  critical: { simple: 76, standard: 82, complex: 86, critical: 90 },
};

export type Targeted = {
  readonly kept: readonly Option[];
  readonly missed: readonly Rejection[];
  /** What was dropped, in words, and the order that replaces the objective's; undefined when all targets are met. */
  readonly dropped: { readonly sentence: string; readonly order: (left: Option, right: Option) => number } | undefined;
};

type Target = {
  readonly reason: RejectionReason;
  readonly meets: (option: Option) => boolean;
  readonly sentence: string;
  readonly order: (left: Option, right: Option) => number;
};

/** Applies the targets in order of weight; an earlier target that nobody meets decides the order. */
export function applyTargets(options: readonly Option[], scope: Scope): Targeted {
  let kept = options;
  const missed: Rejection[] = [];
  let dropped: Targeted["dropped"];
  for (const target of targetsOf(scope)) {
    const meeting = kept.filter(target.meets);
    if (meeting.length === kept.length) continue;
    if (meeting.length === 0) {
      dropped ??= { sentence: target.sentence, order: target.order };
      continue;
    }
    for (const option of kept) {
      if (target.meets(option)) continue;
      missed.push({ model: option.model.id, provider: option.provider, reasons: [target.reason] });
    }
    kept = meeting;
  }
  return { kept, missed, dropped };
}

function targetsOf({ input, classification, needs }: Scope): readonly Target[] {
  const { qualityTarget, costMode, reliabilityTarget, latencySloMs } = input.policy.objective;
  const least = leastQuality[qualityTarget][classification.complexity];
  const targets: Target[] = [
    {
      reason: "below_quality",
      meets: ({ considered, quality }) => needs.embeds || costMode === "fixed" || considered.named || quality >= least,
      sentence: "no allowed model meets the quality target: strongest first",
      order: (left, right) => right.quality - left.quality,
    },
  ];
  if (reliabilityTarget !== undefined) {
    targets.push({
      reason: "below_reliability",
      meets: (option) => (option.successRate ?? 1) >= reliabilityTarget,
      sentence: "no allowed route meets the reliability target: most reliable first",
      order: (left, right) => (right.successRate ?? 1) - (left.successRate ?? 1),
    });
  }
  if (latencySloMs !== undefined) {
    targets.push({
      reason: "latency_slo",
      meets: (option) => option.firstByteMs <= latencySloMs,
      sentence: "no allowed route meets the latency target: fastest first",
      order: (left, right) => left.firstByteMs - right.firstByteMs,
    });
  }
  return targets;
}
