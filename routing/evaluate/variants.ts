// The same question as somebody else would type it: with typing mistakes, in other case, with other white space.

import type { Draw } from "./seeded.ts";

export const variantNames = ["typos", "lower case", "upper case", "white space"] as const;
export type VariantName = (typeof variantNames)[number];

/** One mistake in about so many words, and at least one in all. */
const wordsOfMistake = 40;

export function variantOf(prompt: string, variant: VariantName, draw: Draw): string {
  if (variant === "lower case") return prompt.toLowerCase();
  if (variant === "upper case") return prompt.toUpperCase();
  return variant === "typos" ? withMistakes(prompt, draw) : withSpaces(prompt, draw);
}

/** Two neighbouring letters of a word swapped, one left out, or one doubled. */
function withMistakes(prompt: string, draw: Draw): string {
  const words = [...prompt.matchAll(/\p{L}{4,}/gu)];
  const mistakes = Math.max(1, Math.round(words.length / wordsOfMistake));
  const chosen = new Set(Array.from({ length: mistakes }, () => Math.floor(draw() * words.length)));
  let index = -1;
  return prompt.replace(/\p{L}{4,}/gu, (word) => {
    index += 1;
    if (!chosen.has(index)) return word;
    const at = 1 + Math.floor(draw() * (word.length - 2));
    const kind = Math.floor(draw() * 3);
    const [before, here, next, after] = [
      word.slice(0, at),
      word.slice(at, at + 1),
      word.slice(at + 1, at + 2),
      word.slice(at + 2),
    ];
    if (kind === 0) return before + next + here + after;
    return kind === 1 ? before + next + after : before + here + here + next + after;
  });
}

/** Some spaces doubled, lines ended as on Windows, and an empty line at the end. */
function withSpaces(prompt: string, draw: Draw): string {
  return `${prompt.replace(/ /g, () => (draw() < 0.1 ? "  " : " ")).replace(/\n/g, "\r\n")}\n\n`;
}
