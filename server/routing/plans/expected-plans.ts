// What each plan is expected to cost and to bring for one request, from the forecast and the measured rates of its steps.

import { logitOf, rateAt } from "./measured-rate.ts";
import type { PlanNode, PlanTree, StepRates } from "./plan-tree.ts";

export type ExpectedPlans = {
  /** USD, by plan: each call's price times how likely it is reached. NaN where a rate was never measured. */
  readonly usd: Float64Array;
  /** Probability that the plan's answer passes, by plan. NaN where a rate was never measured. */
  readonly pass: Float64Array;
};

/**
 * @param rates By node of the tree; undefined where a step was never measured. A first step that is the last goes by its forecast then.
 * @param pass Forecast by candidate, 0 to 1.
 * @param usd Expected price of one call by candidate.
 */
export function expectPlans(
  tree: PlanTree,
  rates: readonly (StepRates | undefined)[],
  pass: ArrayLike<number>,
  usd: ArrayLike<number>,
): ExpectedPlans {
  const logits = Float64Array.from(pass, logitOf);
  const nodes = tree.nodes.length;
  // What is known behind each step: how likely the plan goes on, what it has cost, how likely it has ended well.
  const reach = new Float64Array(nodes);
  const spent = new Float64Array(nodes);
  const passed = new Float64Array(nodes);
  const logitSum = new Float64Array(nodes);
  const steps = new Uint8Array(nodes);
  tree.nodes.forEach((node, index) => {
    const { candidate, accept, parent } = node;
    const before = parent === undefined ? 1 : (reach[parent] ?? Number.NaN);
    const earlierSteps = parent === undefined ? 0 : (steps[parent] ?? 0);
    const earlierSum = parent === undefined ? 0 : (logitSum[parent] ?? 0);
    const own = logits[candidate] ?? Number.NaN;
    const earlier = earlierSteps === 0 ? 0 : earlierSum / earlierSteps;
    const accepted = acceptedShare(accept, rates[index], own, earlier);
    const unmeasured = accept === "always" && earlierSteps === 0 && rates[index]?.pass === undefined;
    const right = unmeasured ? (pass[candidate] ?? Number.NaN) : passShare(rates[index], own, earlier);
    reach[index] = before * (1 - accepted);
    spent[index] = (parent === undefined ? 0 : (spent[parent] ?? 0)) + before * (usd[candidate] ?? Number.NaN);
    passed[index] =
      (parent === undefined ? 0 : (passed[parent] ?? 0)) + (accepted === 0 ? 0 : before * accepted * right);
    logitSum[index] = earlierSum + own;
    steps[index] = earlierSteps + 1;
  });
  return {
    usd: Float64Array.from(tree.plans, ({ end }) => spent[end] ?? Number.NaN),
    pass: Float64Array.from(tree.plans, ({ end }) => passed[end] ?? Number.NaN),
  };
}

function acceptedShare(accept: PlanNode["accept"], rates: StepRates | undefined, own: number, earlier: number): number {
  if (accept === "always") return 1;
  if (accept === "never") return 0;
  return rates?.accept === undefined ? Number.NaN : rateAt(rates.accept, own, earlier);
}

function passShare(rates: StepRates | undefined, own: number, earlier: number): number {
  return rates?.pass === undefined ? Number.NaN : rateAt(rates.pass, own, earlier);
}
