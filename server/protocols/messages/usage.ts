// Usage as Messages writes it: cached tokens stand beside the other input tokens, not among them.

import type { JsonObject } from "../../contracts/json.ts";
import type { Usage } from "../../conversation/usage.ts";

/** The protocol has no word for an unknown count, and official clients read the fields unasked: it is written as zero. */
export function usageObject(usage: Usage): JsonObject {
  if (usage.kind === "unknown") return counts(0, 0, 0, 0);
  const cached = usage.cachedInputTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  return {
    ...counts(usage.inputTokens - cached - written, written, cached, usage.outputTokens),
    ...(usage.reasoningTokens === undefined
      ? {}
      : { output_tokens_details: { thinking_tokens: usage.reasoningTokens } }),
  };
}

function counts(input: number, written: number, cached: number, output: number): JsonObject {
  return {
    input_tokens: input,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cached,
    output_tokens: output,
  };
}
