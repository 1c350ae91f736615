// What a finished answer teaches about the next ones like it. Only holds' amounts rest on it, never what they cover.

import type { LearnedUsage } from "../routing/learned-usage.ts";
import type { AttemptFacts } from "./6-call-provider.ts";
import { kindOf } from "./hold-size.ts";
import type { Planned } from "./stages.ts";

/** An answer that its limit cut says nothing of how long it wanted to be; usage that is not exact says nothing at all. */
export function learnFrom(
  served: AttemptFacts,
  outputTokenLimit: number,
  planned: Planned,
  learned: LearnedUsage,
): void {
  const { usage, candidate } = served;
  const { asked, key } = planned;
  if (usage.kind !== "exact" || key.mode === "test") return;
  const outputTokens = usage.outputTokens / asked.choices;
  if (outputTokenLimit > 0 && outputTokens >= outputTokenLimit) return;
  learned.note(kindOf(planned, candidate), outputTokens, inputShare(served, asked));
}

/** Undefined when attachments, or a model without a price, hide what the text used. */
function inputShare(served: AttemptFacts, { features }: Planned["asked"]): number | undefined {
  const { usage, candidate } = served;
  const { prices } = candidate.model;
  const price = Number(prices?.input_token ?? 0n);
  if (price === 0 || usage.kind === "unknown" || features.attachments.length > 0 || features.textTokenBound === 0) {
    return undefined;
  }
  const discount = (unit: "cached_input_token" | "cache_write_token", tokens = 0): number =>
    tokens === 0 ? 0 : tokens * (1 - Number(prices?.[unit] ?? price) / price);
  const saved =
    discount("cached_input_token", usage.cachedInputTokens) + discount("cache_write_token", usage.cacheWriteTokens);
  return (usage.inputTokens - saved) / features.textTokenBound;
}
