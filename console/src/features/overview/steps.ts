// The first steps of a workspace, one after the other: credits, a key, a request.

import type { OverviewFacts } from "./facts.ts";
import { picodollarsOf } from "../../ui/money-format.ts";

export type StepName = "fund" | "key" | "request";

export type Step = { readonly name: StepName; readonly title: string; readonly done: boolean };

/** Undefined until it is known; the first that is not done is the next one. */
export function stepsOf({ credits, keys, requests }: OverviewFacts): readonly Step[] | undefined {
  if (credits.item === undefined || keys.items === undefined || requests.items === undefined) return undefined;
  const funded = (picodollarsOf(credits.item.available_usd) ?? 0n) > 0n;
  const asked = requests.items.length > 0;
  return [
    // Whoever has asked was funded, even if it is spent by now.
    { name: "fund", title: "Add credits", done: funded || asked },
    { name: "key", title: "Create a key", done: keys.items.length > 0 },
    { name: "request", title: "Send a first request", done: asked },
  ];
}

export function nextStep(steps: readonly Step[] | undefined): Step | undefined {
  return steps?.find(({ done }) => !done);
}
