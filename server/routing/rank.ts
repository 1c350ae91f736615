// The order in which options are tried. One formula for every objective: points for quality, minus points for every
// doubling of cost and of time; objective and cost mode choose the weights.
//
// cost mode        effect
// lowest_passable  cost alone
// balanced         the objective as it is (see `balancedWeights`)
// premium          quality alone
// fastest_passable time alone
// fixed            the order in which the lane or the stack names the models

import type { CostMode, StackPolicy } from "../contracts/policy.ts";
import type { Option } from "./assess.ts";

type Weights = {
  /** Points for one point of quality. */
  readonly quality: number;
  /** Points lost with every doubling of the expected cost. */
  readonly costDoubling: number;
  /** Points lost with every doubling of the time to the whole answer. */
  readonly timeDoubling: number;
};

const onlyCost: Weights = { quality: 0, costDoubling: 1, timeDoubling: 0 };
const onlyTime: Weights = { quality: 0, costDoubling: 0, timeDoubling: 1 };
const onlyQuality: Weights = { quality: 1, costDoubling: 0, timeDoubling: 0 };

/** What an objective means when the cost mode leaves it alone. */
const balancedWeights = {
  /** Twenty points of quality are worth a doubling of the cost: near the lowest price, the better model wins. */
  lowest_cost_passable: { quality: 1, costDoubling: 20, timeDoubling: 0 },
  /** Time first; cost decides between models of similar speed. */
  fastest_passable: { quality: 0, costDoubling: 1, timeDoubling: 8 },
  /** Four points of quality are worth a doubling of the cost. */
  highest_quality_within_budget: { quality: 1, costDoubling: 4, timeDoubling: 0 },
} as const;

/** Sorts a copy, best first. Ties fall by quality, time to first byte, lane order, provider id: never by chance. */
export function rankOptions(options: readonly Option[], policy: StackPolicy, namedOrder: boolean): Option[] {
  const weights = namedOrder ? undefined : weightsFor(policy.objective.primary, policy.objective.costMode);
  if (weights === undefined)
    return [...options].sort((left, right) => left.position - right.position || tie(left, right));
  return options
    .map((option) => ({ option, points: points(option, weights) }))
    .sort((left, right) => right.points - left.points || tie(left.option, right.option))
    .map(({ option }) => option);
}

/** Sorts a copy by another order, with the same ties. */
export function sortOptions(options: readonly Option[], order: (left: Option, right: Option) => number): Option[] {
  return [...options].sort((left, right) => order(left, right) || tie(left, right));
}

/** Why the first option is first, in a few words. */
export function rankReason(policy: StackPolicy, namedOrder: boolean): string {
  const { primary, costMode } = policy.objective;
  if (namedOrder || costMode === "fixed") return "first in the given order";
  const reasons: { readonly [mode in Exclude<CostMode, "balanced" | "fixed">]: string } = {
    lowest_passable: "lowest expected cost",
    premium: "highest quality",
    fastest_passable: "fastest expected answer",
  };
  if (costMode !== "balanced") return reasons[costMode];
  if (primary === "fastest_passable") return "fastest expected answer for its cost";
  return primary === "highest_quality_within_budget" ? "highest quality for its cost" : "lowest cost for its quality";
}

/** Undefined: keep the given order. `fixed_priority` and `custom_rules` without a matching list rank by cost. */
function weightsFor(primary: StackPolicy["objective"]["primary"], costMode: CostMode): Weights | undefined {
  if (costMode === "fixed") return undefined;
  if (costMode === "lowest_passable") return onlyCost;
  if (costMode === "premium") return onlyQuality;
  if (costMode === "fastest_passable") return onlyTime;
  if (primary === "fastest_passable" || primary === "highest_quality_within_budget") return balancedWeights[primary];
  return balancedWeights.lowest_cost_passable;
}

function points(option: Option, weights: Weights): number {
  const cost = weights.costDoubling === 0 ? 0 : weights.costDoubling * Math.log2(Number(option.expectedCost) + 1);
  const time = weights.timeDoubling === 0 ? 0 : weights.timeDoubling * Math.log2(option.answerMs + 1);
  return weights.quality * option.quality - cost - time;
}

function tie(left: Option, right: Option): number {
  return (
    right.quality - left.quality ||
    left.firstByteMs - right.firstByteMs ||
    left.position - right.position ||
    (left.provider < right.provider ? -1 : left.provider > right.provider ? 1 : 0)
  );
}
