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

/** How a step went: its plans never came to it, went on behind it, or ended with it. */
export const notReached = 0;
export const wentOn = 1;
export const ended = 2;

/** By node of the tree. Answers are those of the pool: undefined fails a check, and agrees with nothing. */
export function walkTree(tree: PlanTree, row: PoolRow): Uint8Array {
  const taken = new Uint8Array(tree.nodes.length);
  tree.nodes.forEach((node, index) => {
    const reached = node.parent === undefined || taken[node.parent] === wentOn;
    if (reached) taken[index] = isAccepted(tree, node, row) ? ended : wentOn;
  });
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

/** @param walk The row's, as `walkTree` gives it. */
export function simulatePlans(
  tree: PlanTree,
  walk: Uint8Array,
  models: readonly PoolModel[],
  row: PoolRow,
): PlansTaken {
  const prices = actualCosts(models, row);
  const usd = new Float64Array(tree.nodes.length);
  const pass = new Float64Array(tree.nodes.length);
  tree.nodes.forEach(({ candidate, parent = -1 }, index) => {
    const went = walk[index] ?? notReached;
    usd[index] = (usd[parent] ?? 0) + (went === notReached ? 0 : (prices[candidate] ?? Number.NaN));
    pass[index] = (pass[parent] ?? 0) + (went === ended ? (row.outcomes[candidate] ?? Number.NaN) : 0);
  });
  return {
    usd: Float64Array.from(tree.plans, ({ end }) => usd[end] ?? Number.NaN),
    pass: Float64Array.from(tree.plans, ({ end }) => pass[end] ?? Number.NaN),
  };
}
