// How an answer ended and what it used: the facts that whole answers and streams share.

import { entryOf, numberAt, type JsonObject } from "../../contracts/json.ts";
import type { FinishReason } from "../../conversation/answer.ts";
import { exactUsage, unknownUsage, type Usage } from "../../conversation/usage.ts";
import { ProviderFailure } from "../provider.ts";

export const guardrailStop = "guardrail_intervened";

const finishReasons: { readonly [stopReason: string]: FinishReason } = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  [guardrailStop]: "content_filter",
  content_filtered: "content_filter",
  refusal: "content_filter",
};

/** A stop reason that nobody has documented counts as a natural end. @throws ProviderFailure for answers that are broken */
export function finishOf(stopReason: string): FinishReason {
  if (stopReason.startsWith("malformed_")) {
    throw new ProviderFailure("provider_error", `the upstream's model stopped with ${stopReason}`);
  }
  return entryOf(finishReasons, stopReason) ?? "stop";
}

/** The three kinds of input tokens stand side by side here; the neutral total includes them all. */
export function usageOf(usage: JsonObject | undefined): Usage {
  if (usage === undefined) return unknownUsage;
  const input = numberAt(usage, "inputTokens");
  const read = numberAt(usage, "cacheReadInputTokens");
  const written = numberAt(usage, "cacheWriteInputTokens");
  return exactUsage({
    inputTokens: input === undefined ? undefined : input + (read ?? 0) + (written ?? 0),
    cachedInputTokens: read,
    cacheWriteTokens: written,
    outputTokens: numberAt(usage, "outputTokens"),
  });
}
