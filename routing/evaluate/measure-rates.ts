// The rates of every step of a tree of plans, measured on rows with forecasts.

import type { PoolRow } from "../pool.ts";
import { logitOf } from "../../server/routing/plans/measured-rate.ts";
import type { PlanTree, StepRates } from "../../server/routing/plans/plan-tree.ts";
import { fitRate, RatePoints } from "./fit-rate.ts";
import type { Sample } from "./samples.ts";
import { ended, notReached, walkTree } from "./simulate-plans.ts";

/** A row that went through every plan. */
export type WalkedRow = {
  readonly row: PoolRow;
  readonly forecast: Sample["forecasts"][number];
  readonly walk: Uint8Array;
  /** Of the forecasts, by candidate. */
  readonly logits: Float64Array;
};

export function walkRows(tree: PlanTree, { rows, forecasts }: Sample): WalkedRow[] {
  return rows.flatMap((row, index) => {
    const forecast = forecasts[index];
    if (forecast === undefined) return [];
    return [{ row, forecast, walk: walkTree(tree, row), logits: forecast.pass.map(logitOf) }];
  });
}

/** By node of the tree. */
export function measureRates(tree: PlanTree, rows: readonly WalkedRow[]): StepRates[] {
  const [acceptance, passing] = [new RatePoints(rows.length), new RatePoints(rows.length)];
  return tree.nodes.map(({ candidate, accept }, node): StepRates => {
    const before = candidatesBefore(tree, node);
    if (accept === "never") return { accept: undefined, pass: undefined };
    acceptance.clear();
    passing.clear();
    for (const { row, walk, logits } of rows) {
      const went = walk[node] ?? notReached;
      if (went === notReached) continue;
      let earlier = 0;
      for (const one of before) earlier += (logits[one] ?? 0) / before.length;
      const own = logits[candidate] ?? 0;
      acceptance.add(own, earlier, went === ended ? 1 : 0);
      if (went === ended) passing.add(own, earlier, row.outcomes[candidate] ?? 0);
    }
    return { accept: accept === "always" ? undefined : fitRate(acceptance), pass: fitRate(passing) };
  });
}

function candidatesBefore(tree: PlanTree, node: number): number[] {
  const before: number[] = [];
  for (let at = tree.nodes[node]?.parent; at !== undefined; at = tree.nodes[at]?.parent) {
    before.push(tree.nodes[at]?.candidate ?? 0);
  }
  return before;
}
