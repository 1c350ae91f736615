// Does a text go round in circles, as models do when they get stuck? Measured by how many of its four-word runs are new.

import { failed, passed, type CheckedAnswer, type Finding } from "./finding.ts";
import { isProse, proseOf } from "./prose-of.ts";

const runLength = 4;
/** Shorter texts say too little about repetition. */
const wordsAtLeast = 60;
const wordsAtMost = 4_000;
/** Ordinary prose has more than 0.9; tables and lists with fixed phrases about 0.5. */
const newShareAtLeast = 0.3;

const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu;

export function checkRepetition(checked: CheckedAnswer): Finding | undefined {
  if (!isProse(checked)) return undefined;
  const words: string[] = [];
  for (const [text] of proseOf(checked.text).toLowerCase().matchAll(word)) {
    if (words.length >= wordsAtMost) break;
    words.push(text);
  }
  if (words.length < wordsAtLeast) return undefined;
  const runs = new Set<string>();
  const total = words.length - runLength + 1;
  for (let at = 0; at < total; at += 1) runs.add(words.slice(at, at + runLength).join(" "));
  const newShare = runs.size / total;
  if (newShare >= newShareAtLeast) return passed;
  return failed(`only ${Math.round(newShare * 100)}% of its ${runLength}-word runs are new`);
}
