// What each plan would have cost and brought for rows whose answers by every model are known.

import type { PoolModel, PoolRow } from "../pool.ts";
import type { PlanNode, PlanTree } from "../../server/routing/plans/plan-tree.ts";
import { actualCosts } from "./costs.ts";

export type PlansTaken = {
  /** USD, by plan. */
  readonly usd: Float64Array;
  /** 0 to 1, by plan. */
  readonly pass: Float64Array;
};

/** How far a row gets. */
export type NodeTaken = {
  /** Whether the plan comes to this step. */
  readonly reached: boolean;
  /** Whether it ends here. */
  readonly accepted: boolean;
};

/** By node of the tree. Answers are those of the pool: undefined fails a check, and agrees with nothing. */
export function walkTree(tree: PlanTree, row: PoolRow): NodeTaken[] {
  const taken: NodeTaken[] = [];
  for (const node of tree.nodes) {
    const before = node.parent === undefined ? undefined : taken[node.parent];
    const reached = before === undefined || (before.reached && !before.accepted);
    taken.push({ reached, accepted: reached && isAccepted(tree, node, row) });
  }
  return taken;
}

function isAccepted(tree: PlanTree, node: PlanNode, { answers }: PoolRow): boolean {
  if (node.accept === "always") return true;
  const answer = answers?.[node.candidate];
  if (node.accept === "never" || answer === undefined) return false;
  if (node.accept === "checked") return true;
  for (let at = node.parent; at !== undefined; at = tree.nodes[at]?.parent) {
    if (answers?.[tree.nodes[at]?.candidate ?? -1] === answer) return true;
  }
  return false;
}

export function simulatePlans(tree: PlanTree, models: readonly PoolModel[], row: PoolRow): PlansTaken {
  const nodes = walkTree(tree, row);
  const prices = actualCosts(models, row);
  const usd = new Float64Array(tree.nodes.length);
  const pass = new Float64Array(tree.nodes.length);
  tree.nodes.forEach(({ candidate, parent }, index) => {
    const before = parent === undefined ? { usd: 0, pass: 0 } : { usd: usd[parent] ?? 0, pass: pass[parent] ?? 0 };
    const { reached, accepted } = nodes[index] ?? { reached: false, accepted: false };
    usd[index] = before.usd + (reached ? (prices[candidate] ?? Number.NaN) : 0);
    pass[index] = before.pass + (accepted ? (row.outcomes[candidate] ?? Number.NaN) : 0);
  });
  return {
    usd: Float64Array.from(tree.plans, ({ end }) => usd[end] ?? Number.NaN),
    pass: Float64Array.from(tree.plans, ({ end }) => pass[end] ?? Number.NaN),
  };
}
