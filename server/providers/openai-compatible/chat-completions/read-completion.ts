// What whole answers and stream chunks have in common: finish reasons and usage, read loosely as upstreams differ.

import { entryOf, numberAt, objectAt, type Json, type JsonObject } from "../../../contracts/json.ts";
import type { FinishReason } from "../../../conversation/answer.ts";
import { exactUsage, unknownUsage, type Usage } from "../../../conversation/usage.ts";

const finishReasons: { readonly [reason: string]: FinishReason } = {
  stop: "stop",
  length: "length",
  max_tokens: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "content_filter",
};

/** A forced tool call ends with `stop` at some upstreams; what the caller must do next is to run the tool. */
export function readFinish(reason: Json | undefined, hasToolCalls: boolean): FinishReason {
  const finish = typeof reason === "string" ? (entryOf(finishReasons, reason) ?? "stop") : "stop";
  return finish === "stop" && hasToolCalls ? "tool_calls" : finish;
}

/** Unknown when the counts are missing or contradict each other. */
export function readUsage(usage: JsonObject | undefined): Usage {
  if (usage === undefined) return unknownUsage;
  const inputTokens = numberAt(usage, "prompt_tokens");
  const completionTokens = numberAt(usage, "completion_tokens");
  const promptDetails = objectAt(usage, "prompt_tokens_details") ?? {};
  const reasoningTokens = numberAt(objectAt(usage, "completion_tokens_details") ?? {}, "reasoning_tokens");
  return exactUsage({
    inputTokens,
    // DeepSeek names its cache hits beside the totals.
    cachedInputTokens: numberAt(promptDetails, "cached_tokens") ?? numberAt(usage, "prompt_cache_hit_tokens"),
    cacheWriteTokens: numberAt(promptDetails, "cache_write_tokens"),
    outputTokens: outputTokens(inputTokens, completionTokens, reasoningTokens, numberAt(usage, "total_tokens")),
    reasoningTokens,
  });
}

/** xAI counts reasoning beside the completion rather than in it; its total then proves it. */
function outputTokens(
  prompt: number | undefined,
  completion: number | undefined,
  reasoning: number | undefined,
  total: number | undefined,
): number | undefined {
  if (prompt === undefined || completion === undefined || reasoning === undefined) return completion;
  return total === prompt + completion + reasoning ? completion + reasoning : completion;
}
