// What each plan is expected to cost and to bring for one request, from the forecast and the measured rates of its steps.

import { logitOf, rateAt } from "./measured-rate.ts";
import type { PlanNode, PlanTree, StepRates } from "./plan-tree.ts";

export type ExpectedPlans = {
  /** USD, by plan: each call's price times how likely it is reached. */
  readonly usd: Float64Array;
  /** Probability that the plan's answer passes, by plan; NaN where its rates were never measured. */
  readonly pass: Float64Array;
};

/** What is known once a step has been taken. */
type Taken = {
  /** How likely the plan goes on behind the step. */
  reach: number;
  usd: number;
  /** How likely the plan has ended with an answer that passes. */
  pass: number;
  /** Of the forecasts of the steps so far. */
  logits: number;
  steps: number;
};

const start: Taken = { reach: 1, usd: 0, pass: 0, logits: 0, steps: 0 };

/**
 * @param rates By node of the tree; undefined where a step was never measured.
 * @param pass Forecast by candidate, 0 to 1.
 * @param usd Expected price of one call by candidate.
 */
export function expectPlans(
  tree: PlanTree,
  rates: readonly (StepRates | undefined)[],
  pass: ArrayLike<number>,
  usd: ArrayLike<number>,
): ExpectedPlans {
  const taken: Taken[] = [];
  tree.nodes.forEach((node, index) => {
    const before = node.parent === undefined ? start : (taken[node.parent] ?? start);
    const price = usd[node.candidate] ?? Number.NaN;
    taken.push(takeStep(node, before, rates[index], pass[node.candidate] ?? Number.NaN, price));
  });
  return {
    usd: Float64Array.from(tree.plans, ({ end }) => taken[end]?.usd ?? Number.NaN),
    pass: Float64Array.from(tree.plans, ({ end }) => taken[end]?.pass ?? Number.NaN),
  };
}

function takeStep(
  { accept }: PlanNode,
  before: Taken,
  rates: StepRates | undefined,
  forecast: number,
  price: number,
): Taken {
  const own = logitOf(forecast);
  const earlier = before.steps === 0 ? 0 : before.logits / before.steps;
  const accepted = acceptedShare(accept, rates, own, earlier);
  const passes = before.steps === 0 && accept === "always" ? forecast : passShare(accept, rates, own, earlier);
  return {
    reach: before.reach * (1 - accepted),
    usd: before.usd + before.reach * price,
    pass: before.pass + (accepted === 0 ? 0 : before.reach * accepted * passes),
    logits: before.logits + own,
    steps: before.steps + 1,
  };
}

function acceptedShare(accept: PlanNode["accept"], rates: StepRates | undefined, own: number, earlier: number): number {
  if (accept === "always") return 1;
  if (accept === "never") return 0;
  return rates?.accept === undefined ? Number.NaN : rateAt(rates.accept, own, earlier);
}

function passShare(accept: PlanNode["accept"], rates: StepRates | undefined, own: number, earlier: number): number {
  return accept === "never" || rates?.pass === undefined ? Number.NaN : rateAt(rates.pass, own, earlier);
}
