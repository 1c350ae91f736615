// Usage as Chat Completions writes it.

import type { JsonObject } from "../../contracts/json.ts";
import type { Usage } from "../../conversation/usage.ts";

/** Undefined when nothing is known: a client must not read zeros that nobody reported. */
export function usageObject(usage: Usage): JsonObject | undefined {
  if (usage.kind === "unknown") return undefined;
  const promptDetails = {
    ...(usage.cachedInputTokens === undefined ? {} : { cached_tokens: usage.cachedInputTokens }),
    ...(usage.cacheWriteTokens === undefined ? {} : { cache_write_tokens: usage.cacheWriteTokens }),
  };
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    ...(Object.keys(promptDetails).length === 0 ? {} : { prompt_tokens_details: promptDetails }),
    ...(usage.reasoningTokens === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: usage.reasoningTokens } }),
  };
}
