// Plans that begin alike share their first steps: each shared step is worked out once for all of them.

import type { MeasuredRate } from "./measured-rate.ts";
import type { Acceptance, PlanSteps } from "./plan-steps.ts";

export type PlanNode = {
  readonly candidate: number;
  readonly accept: Acceptance;
  /** The step before it; undefined for a first step. Parents come before their children. */
  readonly parent: number | undefined;
};

/** How a step went where it was reached before. */
export type StepRates = {
  /** How often its answer was accepted; not used where it always or never is. */
  readonly accept: MeasuredRate | undefined;
  /** How often its answer passed when it was accepted; undefined for a step that never is. */
  readonly pass: MeasuredRate | undefined;
};

export type PlanTree = {
  readonly nodes: readonly PlanNode[];
  readonly plans: readonly {
    readonly steps: PlanSteps;
    /** The node of its last step. */
    readonly end: number;
  }[];
};

export function planTreeOf(plans: readonly PlanSteps[]): PlanTree {
  const nodes: PlanNode[] = [];
  const known = new Map<string, number>();
  const ended = plans.map((steps) => {
    let parent: number | undefined;
    for (const { candidate, accept } of steps) {
      const key = `${parent ?? ""} ${candidate} ${accept}`;
      const at: number = known.get(key) ?? nodes.push({ candidate, accept, parent }) - 1;
      known.set(key, at);
      parent = at;
    }
    return { steps, end: parent ?? 0 };
  });
  return { nodes, plans: ended };
}
