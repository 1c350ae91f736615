// The rates of every step of a tree of plans, measured on rows with forecasts.

import { logitOf } from "../../server/routing/plans/measured-rate.ts";
import type { PlanTree, StepRates } from "../../server/routing/plans/plan-tree.ts";
import { fitRate, type RatePoint } from "./fit-rate.ts";
import type { Sample } from "./samples.ts";
import { walkTree } from "./simulate-plans.ts";

/** By node of the tree. */
export function measureRates(tree: PlanTree, { rows, forecasts }: Sample): StepRates[] {
  const walks = rows.map((row) => walkTree(tree, row));
  const logits = forecasts.map(({ pass }) => Float64Array.from(pass, logitOf));
  return tree.nodes.map(({ candidate, accept }, index): StepRates => {
    if (accept === "never") return { accept: undefined, pass: undefined };
    const before = candidatesBefore(tree, index);
    const points = rows.flatMap((row, place) => {
      const taken = walks[place]?.[index];
      if (!taken?.reached) return [];
      const of = (one: number): number => logits[place]?.[one] ?? 0;
      const earlier = before.length === 0 ? 0 : before.reduce((sum, one) => sum + of(one), 0) / before.length;
      return [{ own: of(candidate), earlier, accepted: taken.accepted, outcome: row.outcomes[candidate] ?? 0 }];
    });
    const accepted: RatePoint[] = points.filter((point) => point.accepted);
    const acceptance: RatePoint[] = points.map((point) => ({ ...point, outcome: point.accepted ? 1 : 0 }));
    return {
      accept: accept === "always" ? undefined : fitRate(acceptance),
      pass: before.length === 0 && accept === "always" ? undefined : fitRate(accepted),
    };
  });
}

function candidatesBefore(tree: PlanTree, index: number): number[] {
  const before: number[] = [];
  for (let at = tree.nodes[index]?.parent; at !== undefined; at = tree.nodes[at]?.parent) {
    before.push(tree.nodes[at]?.candidate ?? 0);
  }
  return before;
}
