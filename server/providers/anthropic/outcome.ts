// How a message ended and what it used: the facts that whole answers and streams share.

import { numberAt, objectAt, type JsonObject } from "../../contracts/json.ts";
import { exactUsage, type Usage } from "../../conversation/usage.ts";

/** Counts as reported so far; later ones replace earlier ones. */
export type ReportedUsage = {
  input: number | undefined;
  written: number | undefined;
  read: number | undefined;
  output: number | undefined;
  thinking: number | undefined;
};

export function nothingReported(): ReportedUsage {
  return { input: undefined, written: undefined, read: undefined, output: undefined, thinking: undefined };
}

/** Takes over what this `usage` object says; counts that it leaves out stay as they were. */
export function report(reported: ReportedUsage, usage: JsonObject | undefined): void {
  if (usage === undefined) return;
  reported.input = numberAt(usage, "input_tokens") ?? reported.input;
  reported.written = numberAt(usage, "cache_creation_input_tokens") ?? reported.written;
  reported.read = numberAt(usage, "cache_read_input_tokens") ?? reported.read;
  reported.output = numberAt(usage, "output_tokens") ?? reported.output;
  reported.thinking = numberAt(objectAt(usage, "output_tokens_details") ?? {}, "thinking_tokens") ?? reported.thinking;
}

/** Here the three kinds of input tokens stand side by side; the neutral total includes them all. */
export function usageOf({ input, written, read, output, thinking }: ReportedUsage): Usage {
  return exactUsage({
    inputTokens: input === undefined ? undefined : input + (written ?? 0) + (read ?? 0),
    cachedInputTokens: read,
    cacheWriteTokens: written,
    outputTokens: output,
    reasoningTokens: thinking,
  });
}
