// The part of an answer that is prose: what the sanity checks of language, repetition and numbers may judge.

import type { CheckedAnswer } from "./finding.ts";

const lengthAtMost = 40_000;

/** Whether the answer is meant to be read as text: no JSON asked for, no vectors, some text there. */
export function isProse(checked: CheckedAnswer): boolean {
  return checked.format === "text" && checked.embeddingInputs === 0 && checked.text.trim() !== "";
}

/** The text without code and addresses, at most its first 40,000 characters. An open code fence hides the rest. */
export function proseOf(text: string): string {
  const pieces = text.slice(0, lengthAtMost).split("```");
  const outside = pieces.filter((_, index) => index % 2 === 0).join("\n");
  return outside.replace(/`[^`\n]{0,200}`/g, " ").replace(/\bhttps?:\/\/\S{1,2000}/g, " ");
}
