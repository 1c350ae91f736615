// What each plan would have cost and brought for rows whose answers by every model are known.

import type { PoolRow } from "../pool.ts";
import type { PlanNode, PlanTree } from "../../server/routing/plans/plan-tree.ts";

export type PlanTaken = {
  readonly usd: number;
  /** 0 to 1. */
  readonly pass: number;
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

/**
 * @param end The node of the plan's last step.
 * @param walk The row's, as `walkTree` gives it.
 * @param usd What each candidate's answer cost.
 */
export function simulatePlan(
  tree: PlanTree,
  end: number,
  walk: Uint8Array,
  usd: ArrayLike<number>,
  { outcomes }: PoolRow,
): PlanTaken {
  const taken = { usd: 0, pass: 0 };
  for (let at: number | undefined = end; at !== undefined; at = tree.nodes[at]?.parent) {
    const candidate = tree.nodes[at]?.candidate ?? -1;
    if (walk[at] !== notReached) taken.usd += usd[candidate] ?? Number.NaN;
    if (walk[at] === ended) taken.pass = outcomes[candidate] ?? Number.NaN;
  }
  return taken;
}
