// Which checks an answer would go through, before there is one.

import type { VerificationMode } from "../contracts/policy.ts";
import type { RequestFeatures } from "../routing/features.ts";
import { verificationChecks, type CheckName, type CheckRow } from "./verification-checks.ts";

/** What decides whether a check has anything to look at. */
export type AnswerShape = Pick<RequestFeatures, "format" | "embeddingInputs" | "toolNames" | "toolsUsable">;

const applies: { readonly [name in CheckName]: (shape: AnswerShape) => boolean } = {
  not_empty: () => true,
  json: ({ format }) => format !== "text",
  embeddings: ({ embeddingInputs }) => embeddingInputs > 0,
  schema: ({ format }) => format === "json_schema",
  tool_arguments: ({ toolNames, toolsUsable }) => toolNames.length > 0 && toolsUsable,
  refusal: writes,
  complete: writes,
  no_repetition: writes,
  language: writes,
  number_format: writes,
};

function writes({ embeddingInputs }: AnswerShape): boolean {
  return embeddingInputs === 0;
}

/** In the order they run; whether a check finds something to look at may still depend on the answer. */
export function plannedChecks(mode: VerificationMode, shape: AnswerShape): CheckRow[] {
  return verificationChecks.filter(({ name, effects }) => effects[mode] !== "off" && applies[name](shape));
}
