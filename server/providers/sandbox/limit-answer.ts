// Holds a simulated answer to the caller's output limit and stop words, as a model would: reasoning counts first, and
// what does not fit is cut at a token.

import type { FinishReason } from "../../conversation/answer.ts";
import type { AssistantPart } from "../../conversation/prompt.ts";
import { answerPartTokens, firstTokens, tokensOf } from "./tokens.ts";

export type Draft = {
  readonly parts: readonly AssistantPart[];
  readonly reasoningTokens: number;
  readonly finish: FinishReason;
};

export type LimitedDraft = Draft & {
  /** Reasoning included; at most the limit. */
  readonly outputTokens: number;
};

/** `maxOutputTokens` undefined means no limit. */
export function limitedDraft(draft: Draft, maxOutputTokens: number | undefined): LimitedDraft {
  const limit = maxOutputTokens ?? Number.MAX_SAFE_INTEGER;
  const reasoningTokens = Math.min(draft.reasoningTokens, limit);
  const parts: AssistantPart[] = [];
  let left = limit - reasoningTokens;
  let cut = reasoningTokens < draft.reasoningTokens;
  for (const part of draft.parts) {
    const tokens = answerPartTokens(part);
    const kept = tokens <= left ? part : cutPart(part, left);
    cut ||= kept !== part;
    if (kept !== undefined) parts.push(kept);
    left -= Math.min(left, kept === undefined ? 0 : answerPartTokens(kept));
    if (cut) break;
  }
  return { parts, reasoningTokens, finish: cut ? "length" : draft.finish, outputTokens: limit - left };
}

/** Text up to the first stop word, which itself is not part of the answer. */
export function beforeStopWord(text: string, stop: readonly string[]): string {
  const ends = stop.filter((word) => word !== "").map((word) => text.indexOf(word));
  const found = ends.filter((end) => end !== -1);
  return found.length === 0 ? text : text.slice(0, Math.min(...found));
}

/** What fits of a part; undefined when nothing of it does. */
function cutPart(part: AssistantPart, limit: number): AssistantPart | undefined {
  if (limit <= 0) return undefined;
  if (part.type !== "tool-call") return { ...part, text: firstTokens(part.text, limit) };
  const forArguments = limit - tokensOf(part.name);
  return forArguments <= 0 ? undefined : { ...part, arguments: firstTokens(part.arguments, forArguments) };
}
