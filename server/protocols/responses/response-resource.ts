// The Response object around the output: identity, state, usage, and the echo of what was asked.

import { objectAt, type Json, type JsonObject } from "../../contracts/json.ts";
import type { FinishReason } from "../../conversation/answer.ts";
import type { Usage } from "../../conversation/usage.ts";
import type { AnswerContext, InlineMetadata } from "../protocol.ts";
import { textConfigurationOf } from "./output-format.ts";

export type ResponseState = {
  readonly status: "in_progress" | "completed" | "incomplete" | "failed";
  readonly output: readonly JsonObject[];
  readonly usage?: Usage;
  /** Only with status `incomplete`. */
  readonly incompleteReason?: "max_output_tokens" | "content_filter";
  /** Only with status `failed`. */
  readonly error?: JsonObject;
  readonly metadata?: InlineMetadata;
};

/** Sent back as asked; the value here is what the API reports when nothing was asked. */
const echoed: { readonly [field: string]: Json } = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  parallel_tool_calls: true,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: null,
  temperature: null,
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: "disabled",
};

/** `resp_` and the provider's own id, or ours when it gave none; a kept answer has its own. */
export function responseId(providerId: string | undefined, context: AnswerContext): string {
  if (context.keptAs !== undefined) return context.keptAs;
  const id = providerId ?? context.answerId;
  return id.startsWith("resp_") ? id : `resp_${id}`;
}

export function responseResource(id: string, context: AnswerContext, state: ResponseState): JsonObject {
  const asked = Object.entries(echoed).map(([field, absent]) => [field, context.request[field] ?? absent] as const);
  return {
    id,
    object: "response",
    created_at: context.createdAt,
    status: state.status,
    background: false,
    completed_at: null,
    error: state.error ?? null,
    incomplete_details: state.incompleteReason === undefined ? null : { reason: state.incompleteReason },
    ...Object.fromEntries(asked),
    metadata: mergedMetadata({}, context.request, state.metadata),
    model: context.model,
    output: [...state.output],
    previous_response_id: context.previous ?? null,
    store: context.keptAs !== undefined && state.status !== "failed",
    text: { format: { type: "text" }, ...textConfigurationOf(context.request) },
    usage: renderUsage(state.usage),
  };
}

/** How an answer that ended is reported: cut answers are `incomplete`, with the reason. */
export function endedState(finish: FinishReason): Pick<ResponseState, "incompleteReason"> & {
  readonly status: "completed" | "incomplete";
} {
  if (finish === "length") return { status: "incomplete", incompleteReason: "max_output_tokens" };
  if (finish === "content_filter") return { status: "incomplete", incompleteReason: "content_filter" };
  return { status: "completed" };
}

/** The caller's metadata over the upstream's, without the overrides meant for us, with the routing metadata if any. */
export function mergedMetadata(upstream: JsonObject, request: JsonObject, inline: InlineMetadata): JsonObject {
  const { astrolabe: _overrides, ...own } = { ...upstream, ...objectAt(request, "metadata") };
  return inline === undefined ? own : { ...own, astrolabe: inline };
}

/** Null when nobody counted. The API has the two detail counts always, so one that was not reported separately is 0. */
export function renderUsage(usage: Usage | undefined): JsonObject | null {
  if (usage === undefined || usage.kind === "unknown") return null;
  const written = usage.cacheWriteTokens === undefined ? {} : { cache_write_tokens: usage.cacheWriteTokens };
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0, ...written },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
