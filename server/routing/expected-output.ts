// How long an answer will probably be. Only estimates rest on it; holds rest on the output limit.

import type { Category, Complexity } from "../contracts/policy.ts";
import type { RequestFeatures } from "./features.ts";

const typicalTokens: { readonly [category in Category]: number } = {
  heartbeat: 30,
  core_loop: 500,
  retrieval: 250,
  summarization: 300,
  planning: 700,
  orchestration: 500,
  coding: 900,
  research: 1200,
  creative: 700,
  communication: 250,
  high_stakes: 600,
  reflection: 500,
};

const complexityFactor: { readonly [complexity in Complexity]: number } = {
  simple: 0.6,
  standard: 1,
  complex: 1.5,
  critical: 1.5,
};

/** Turns inside a tool exchange and structured answers are short. */
const shortAnswerTokens = 300;
const briefAnswerTokens = 80;
/** Reasoning is billed as output and about as long as the answer. */
const reasoningFactor = 2;

/** Tokens, whole, above 0 for generation and 0 for embeddings. */
export function expectedOutputTokens(
  features: RequestFeatures,
  category: Category,
  complexity: Complexity,
  briefAsked: boolean,
): number {
  if (features.embeddingInputs > 0) return 0;
  let tokens = typicalTokens[category] * complexityFactor[complexity];
  if (features.insideToolExchange || features.format !== "text") tokens = Math.min(tokens, shortAnswerTokens);
  if (briefAsked) tokens = Math.min(tokens, briefAnswerTokens);
  return Math.ceil(features.reasoningRequested ? tokens * reasoningFactor : tokens);
}
