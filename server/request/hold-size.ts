// What a hold for one attempt sets aside: what it may cost at most, and what it will probably cost.

import { worstCaseCost } from "../money/charge.ts";
import { picodollars, type Picodollars } from "../money/picodollars.ts";
import type { RequestKind } from "../routing/learned-usage.ts";
import type { Candidate } from "../routing/plan.ts";
import { expectedTextTokens } from "../routing/size-request.ts";
import type { Services } from "./services.ts";
import type { Planned } from "./stages.ts";

export type HoldSize = {
  /** What the attempt will probably cost; at most `ceiling`. */
  readonly amount: Picodollars;
  readonly ceiling: Picodollars;
};

/** Most that one attempt can cost. */
export function worstCost(candidate: Candidate, outputTokenLimit: number, choices: number): Picodollars {
  return worstCaseCost(candidate.model.prices ?? {}, candidate.inputTokenBound, outputTokenLimit * choices);
}

/** The hold that nothing can overshoot, shown as what requests of its kind have cost. */
export function holdSize(
  planned: Planned,
  candidate: Candidate,
  outputTokenLimit: number,
  services: Pick<Services, "learned">,
): HoldSize {
  const ceiling = worstCost(candidate, outputTokenLimit, planned.asked.choices);
  const { inputTokens, outputTokens } = probableTokens(planned, candidate, services);
  const { input_token = 0n, output_token = 0n } = candidate.model.prices ?? {};
  const output = Math.min(outputTokens, outputTokenLimit) * planned.asked.choices;
  const probable = picodollars(BigInt(inputTokens) * input_token + BigInt(output) * output_token);
  return { amount: probable < ceiling ? probable : ceiling, ceiling };
}

/** Whole tokens; output of one choice. */
export function probableTokens(
  planned: Planned,
  candidate: Candidate,
  { learned }: Pick<Services, "learned">,
): { readonly inputTokens: number; readonly outputTokens: number } {
  const { features } = planned.asked;
  const { outputTokens, inputShare } = learned.estimate(kindOf(planned, candidate));
  const attachments = Math.max(0, candidate.expectedInputTokens - expectedTextTokens(features));
  return { inputTokens: Math.ceil(features.textTokenBound * inputShare) + attachments, outputTokens };
}

export function kindOf({ plan, asked }: Planned, { model }: Candidate): RequestKind {
  const { category, expectedOutputTokens } = plan.classification;
  const { format, insideToolExchange, toolNames, toolsUsable } = asked.features;
  return {
    model: model.id,
    category,
    format,
    toolsUsable: toolsUsable && toolNames.length > 0,
    insideToolExchange,
    expectedOutputTokens,
  };
}
