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
import { compareText } from "./standing-gates.ts";

export type Weights = {
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
export function rankOptions(options: readonly Option[], policy: StackPolicy, namedOrder: boolean): readonly Option[] {
  return sortOptions(options, namedOrder || policy.objective.costMode === "fixed" ? byPosition : byPoints);
}

export type Order = (left: Option, right: Option) => number;

const byPosition: Order = (left, right) => left.position - right.position;
const byPoints: Order = (left, right) => right.points - left.points;
export const byQuality: Order = (left, right) => right.candidate.quality - left.candidate.quality;
export const byFirstByte: Order = (left, right) =>
  left.candidate.expectedFirstByteMs - right.candidate.expectedFirstByteMs;
export const byReliability: Order = (left, right) => (right.successRate ?? 1) - (left.successRate ?? 1);

/** Sorts a copy by an order, with the same ties. */
export function sortOptions(options: readonly Option[], order: Order): readonly Option[] {
  return options.length < 2 ? options : options.toSorted((left, right) => order(left, right) || tie(left, right));
}

/** The option that would be sorted first; undefined for none. */
export function firstOption(options: readonly Option[], order: Order): Option | undefined {
  let first = options[0];
  for (const option of options) {
    if (first && (order(option, first) || tie(option, first)) < 0) first = option;
  }
  return first;
}

const costModeReasons: { readonly [mode in Exclude<CostMode, "balanced" | "fixed">]: string } = {
  lowest_passable: "lowest expected cost",
  premium: "highest quality",
  fastest_passable: "fastest expected answer",
};

/** Why the first option is first, in a few words. */
export function rankReason(policy: StackPolicy, namedOrder: boolean): string {
  const { primary, costMode } = policy.objective;
  if (namedOrder || costMode === "fixed") return "first in the given order";
  if (costMode !== "balanced") return costModeReasons[costMode];
  if (primary === "fastest_passable") return "fastest expected answer for its cost";
  return primary === "highest_quality_within_budget" ? "highest quality for its cost" : "lowest cost for its quality";
}

/** Undefined: keep the given order. `fixed_priority` and `custom_rules` without a matching list rank by cost. */
export function weightsFor(primary: StackPolicy["objective"]["primary"], costMode: CostMode): Weights | undefined {
  if (costMode === "fixed") return undefined;
  if (costMode === "lowest_passable") return onlyCost;
  if (costMode === "premium") return onlyQuality;
  if (costMode === "fastest_passable") return onlyTime;
  if (primary === "fastest_passable" || primary === "highest_quality_within_budget") return balancedWeights[primary];
  return balancedWeights.lowest_cost_passable;
}

/** How well something serves an objective: `cost` in picodollars, to the nearest double. */
export function pointsOf(
  { quality, cost, answerMs }: { readonly quality: number; readonly cost: number; readonly answerMs: number },
  weights: Weights,
): number {
  const costPoints = weights.costDoubling === 0 ? 0 : weights.costDoubling * Math.log2(cost + 1);
  const timePoints = weights.timeDoubling === 0 ? 0 : weights.timeDoubling * Math.log2(answerMs + 1);
  return weights.quality * quality - costPoints - timePoints;
}

function tie(left: Option, right: Option): number {
  return (
    byQuality(left, right) ||
    byFirstByte(left, right) ||
    byPosition(left, right) ||
    compareText(left.candidate.provider, right.candidate.provider)
  );
}
