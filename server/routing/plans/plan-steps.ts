// A verified plan: which models are asked one after the other, and when an answer is good enough to stop.

export type Acceptance =
  /** Asked only so that a later answer can agree with it. */
  | "never"
  /** When it passes the free checks. */
  | "checked"
  /** When it is the same as an earlier answer of the plan. */
  | "agreed"
  /** The last step: whatever it says. */
  | "always";

export type PlanStep = {
  /** The candidate's place in the list that the plans were made for. */
  readonly candidate: number;
  readonly accept: Acceptance;
};

/** From the cheapest call to the dearest; the last step, and only that, accepts always. */
export type PlanSteps = readonly PlanStep[];

export type PlanBounds = {
  /** At most so many models are asked, 1 to 4. */
  readonly mostCalls: number;
  /** Whether an answer can be checked for nothing: a schema, code that parses, an answer that can be found. */
  readonly checks: boolean;
  /** Whether answers are short enough to be compared. */
  readonly agreement: boolean;
  /** Only so many of the cheapest candidates are asked before an escalation; absent: all. */
  readonly cheapest?: number;
};

/**
 * Every plan over some candidates: one alone; one with a check; two that agree; two that agree or else a third that
 * agrees with one of them; each with its escalation to a dearer one.
 * @param candidates Places of the candidates, cheapest first.
 */
export function enumeratePlans(candidates: readonly number[], bounds: PlanBounds): PlanSteps[] {
  const plans = candidates.map((candidate): PlanSteps => [{ candidate, accept: "always" }]);
  const escalate = (before: PlanSteps, from: number): void => {
    if (before.length < bounds.mostCalls) {
      for (const candidate of candidates.slice(from)) plans.push([...before, { candidate, accept: "always" }]);
    }
  };
  const tried = candidates.slice(0, bounds.cheapest);
  tried.forEach((first, place) => {
    if (bounds.checks) escalate([{ candidate: first, accept: "checked" }], place + 1);
    if (!bounds.agreement) return;
    tried.forEach((second, secondPlace) => {
      if (secondPlace <= place) return;
      const pair: PlanSteps = [
        { candidate: first, accept: "never" },
        { candidate: second, accept: "agreed" },
      ];
      escalate(pair, secondPlace + 1);
      tried.forEach((third, thirdPlace) => {
        if (thirdPlace > secondPlace) escalate([...pair, { candidate: third, accept: "agreed" }], thirdPlace + 1);
      });
    });
  });
  return plans;
}

/** `a and b agree, else c`. */
export function describePlan(steps: PlanSteps, nameOf: (candidate: number) => string): string {
  const parts: string[] = [];
  for (const { candidate, accept } of steps) {
    const [name, last] = [nameOf(candidate), parts.length - 1];
    if (accept === "agreed" && steps[parts.length - 1]?.accept === "never") parts[last] += ` and ${name} agree`;
    else if (accept === "agreed") parts.push(`${name} agrees`);
    else parts.push(accept === "checked" ? `${name} if it passes its checks` : name);
  }
  return parts.join(", else ");
}
