// How a response ended and what it used: the facts that whole answers and terminal events share.

import { arrayAt, isObject, numberAt, objectAt, stringAt, type JsonObject } from "../../../contracts/json.ts";
import type { FinishReason } from "../../../conversation/answer.ts";
import { exactUsage, type Usage } from "../../../conversation/usage.ts";

/** Items that ask the client to run something, so the model waits for a result. */
const clientCalls = new Set(["function_call", "custom_tool_call", "computer_call", "local_shell_call"]);

export function isClientCall(item: JsonObject): boolean {
  return clientCalls.has(stringAt(item, "type") ?? "");
}

/** The output items; anything that is not an object is skipped. Empty when the response has none. */
export function outputOf(response: JsonObject): JsonObject[] {
  return (arrayAt(response, "output") ?? []).filter(isObject);
}

/**
 * @param hasCalls whether the answer asks the client to run something.
 * An unknown reason for being incomplete counts as `length`: the answer is cut, whatever cut it.
 */
export function finishOf(response: JsonObject, hasCalls: boolean): FinishReason {
  if (response["status"] === "incomplete") {
    const reason = objectAt(response, "incomplete_details")?.["reason"];
    return reason === "content_filter" ? "content_filter" : "length";
  }
  return hasCalls ? "tool_calls" : "stop";
}

/** Unknown when the upstream reports none or an impossible one. */
export function usageOf(response: JsonObject): Usage {
  const usage = objectAt(response, "usage") ?? {};
  const input = objectAt(usage, "input_tokens_details") ?? {};
  const output = objectAt(usage, "output_tokens_details") ?? {};
  return exactUsage({
    inputTokens: numberAt(usage, "input_tokens"),
    cachedInputTokens: numberAt(input, "cached_tokens"),
    cacheWriteTokens: numberAt(input, "cache_write_tokens"),
    outputTokens: numberAt(usage, "output_tokens"),
    reasoningTokens: numberAt(output, "reasoning_tokens"),
  });
}
