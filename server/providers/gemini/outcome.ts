// How an answer ended and what it used: the facts that whole answers and streams share.

import { entryOf, numberAt, type JsonObject } from "../../contracts/json.ts";
import type { FinishReason } from "../../conversation/answer.ts";
import { exactUsage, type Usage } from "../../conversation/usage.ts";

/** Counts as reported so far; later ones replace earlier ones. The API leaves out counts of zero. */
export type ReportedUsage = {
  prompt: number | undefined;
  toolPrompt: number | undefined;
  cached: number | undefined;
  candidates: number | undefined;
  thoughts: number | undefined;
  total: number | undefined;
};

export function nothingReported(): ReportedUsage {
  return {
    prompt: undefined,
    toolPrompt: undefined,
    cached: undefined,
    candidates: undefined,
    thoughts: undefined,
    total: undefined,
  };
}

/** Takes over what this `usageMetadata` says; counts that it leaves out stay as they were. */
export function report(reported: ReportedUsage, usage: JsonObject | undefined): void {
  if (usage === undefined) return;
  reported.prompt = numberAt(usage, "promptTokenCount") ?? reported.prompt;
  reported.toolPrompt = numberAt(usage, "toolUsePromptTokenCount") ?? reported.toolPrompt;
  reported.cached = numberAt(usage, "cachedContentTokenCount") ?? reported.cached;
  reported.candidates = numberAt(usage, "candidatesTokenCount") ?? reported.candidates;
  reported.thoughts = numberAt(usage, "thoughtsTokenCount") ?? reported.thoughts;
  reported.total = numberAt(usage, "totalTokenCount") ?? reported.total;
}

/**
 * Thoughts stand beside the answer here and are charged like it; the prompt includes what was cached of it. An answer that
 * is all thoughts has no count of its own: then the total says what was written.
 */
export function usageOf({ prompt, toolPrompt, cached, candidates, thoughts, total }: ReportedUsage): Usage {
  const input = prompt === undefined ? undefined : prompt + (toolPrompt ?? 0);
  const rest = input === undefined || total === undefined ? undefined : total - input;
  return exactUsage({
    inputTokens: input,
    cachedInputTokens: cached,
    outputTokens: candidates === undefined ? rest : candidates + (thoughts ?? 0),
    reasoningTokens: thoughts,
  });
}

/** `failed`: what was said is no answer. */
const finishReasons: { readonly [reason: string]: FinishReason | "failed" } = {
  STOP: "stop",
  MAX_TOKENS: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  LANGUAGE: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  IMAGE_SAFETY: "content_filter",
  IMAGE_PROHIBITED_CONTENT: "content_filter",
  IMAGE_RECITATION: "content_filter",
  MALFORMED_FUNCTION_CALL: "failed",
  MALFORMED_RESPONSE: "failed",
  UNEXPECTED_TOOL_CALL: "failed",
  TOO_MANY_TOOL_CALLS: "failed",
  MISSING_THOUGHT_SIGNATURE: "failed",
};

/** A reason that nobody has documented counts as a natural end, and one that ends in calls as a wish to have them run. */
export function finishOf(reason: string, hasCalls: boolean): FinishReason | "failed" {
  const finish = entryOf(finishReasons, reason) ?? "stop";
  return finish === "stop" && hasCalls ? "tool_calls" : finish;
}
