// Why a model could not serve, code by code and in words. It imports nothing, so that the console reads the same table.

/** Every code, and what it says to people: a clause without a full stop. */
export const rejectionTable = {
  provider_not_allowed: "The provider is not among those that the stack allows",
  provider_blocked: "The stack blocks the provider",
  model_not_allowed: "The model is not among those that the stack or the key allows",
  model_blocked: "The stack blocks the model",
  modality_unsupported: "The model cannot read something that the request holds, such as an image",
  context_too_small: "The request does not fit into the model's context",
  data_policy: "The provider does not promise what the stack's data policy asks for",
  retention_policy: "The provider keeps answers, and the stack wants nothing kept",
  region: "The provider does not run in a region that the stack allows",
  over_max_cost: "It is expected to cost more than the stack's ceiling",
  over_budget: "In the worst case it costs more than one request may",
  latency_slo: "Its first words come later than the target",
  below_quality: "It is not expected to be good enough for this work",
  below_reliability: "It has failed too often in the last hour",
  route_unhealthy: "It kept failing just now and is given a rest",
  no_credentials: "No configured provider serves it",
  unpriced: "It has no price, and nothing is served without one",
  preview_not_allowed: "It is a preview model, and the stack does not allow those",
  fallback_outside_policy: "It is outside the stack's boundaries, and fallbacks must stay inside",
} as const;

const capabilities: Readonly<Record<string, string>> = {
  tools: "call tools",
  parallel_tools: "call several tools at once",
  structured_outputs: "follow a schema",
  vision: "see images",
  files: "read files",
  audio: "hear audio",
  reasoning: "reason",
  long_context: "take long inputs",
  embeddings: "make embeddings",
  prompt_cache: "cache prompts",
};

/** Also for codes of another version of this server, which are given back as words. */
export function rejectionInWords(reason: string): string {
  const [code = "", capability = "that"] = reason.split(":");
  if (code === "missing_capability") return `It cannot ${capabilities[capability] ?? capability.replaceAll("_", " ")}`;
  return Object.entries(rejectionTable).find(([known]) => known === reason)?.[1] ?? reason.replaceAll(/[_:]/g, " ");
}
