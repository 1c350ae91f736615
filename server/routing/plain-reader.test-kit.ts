// The classifier's reader written down as plainly as possible, with regular expressions and searches through the lexicon's
// lists: what the fast one must agree with.

import { categoryWords, pairs, roles, roleWords, talkWords } from "./lexicon.ts";
import { mentionCap } from "./reading.ts";

export type PlainWord = { readonly text: string; readonly sentence: number };

const letter = /[a-z0-9_'\u00c0-\u1fff\u2070-\u20ab\u20ad-\uffff]/;
const letters = new RegExp(`${letter.source}+`, "g");
const sentenceEnd = new RegExp(`[!?;\\n]|\\.(?!${letter.source})`);

/** Words in lower case, which only ASCII has here, with the number of their sentence. */
export function plainWords(text: string): PlainWord[] {
  const lower = text.replaceAll(/[A-Z]/g, (capital) => capital.toLowerCase());
  return lower
    .split(sentenceEnd)
    .flatMap((part, sentence) => (part.match(letters) ?? []).map((word) => ({ text: word, sentence })));
}

const named = (list: string, word: string) => list.split(" ").includes(word);
const isMeaningful = (word: string) =>
  [...categoryWords.flatMap((row) => [row.strong, row.weak]), ...roleWords.map(([, list]) => list)].some((list) =>
    named(list, word),
  );

export function plainRoles(word: string): number {
  return [...roleWords, ...talkWords].reduce((sum, [bit, list]) => (named(list, word) ? sum | bit : sum), 0);
}

export function plainPairRoles(first: string, second: string): number {
  const names = pairs.filter((pair) => pair.first === first && pair.second === second).flatMap((pair) => pair.roles);
  return names.reduce((sum, name) => sum | roles[name], 0);
}

/** Which words stand where an order stands. */
function plainOrders(words: readonly PlainWord[]): boolean[] {
  let open = true;
  let started = false;
  return words.map(({ text, sentence }, index) => {
    if (sentence !== words[index - 1]?.sentence) {
      open = true;
      started = false;
    }
    if (open) {
      if (plainRoles(text) & roles.leadIn) return false;
      open = false;
      started = isMeaningful(text);
      return started;
    }
    if (started && plainRoles(text) & roles.joins) open = true;
    return false;
  });
}

/** One score per category: orders near either end of the text in full, mentions up to their cap. */
export function plainScores(words: readonly PlainWord[]): number[] {
  const orders = plainOrders(words).map((order, index) => order && (index < 40 || index >= words.length - 40));
  return categoryWords.map(({ strong, weak }) => {
    const weightOf = (word: string) => (named(strong, word) ? 2 : 0) + (named(weak, word) ? 1 : 0);
    const mentions = words.map(({ text }, index) => (orders[index] ? 0 : weightOf(text) * (index < 12 ? 1.5 : 1)));
    const ordered = words.map(({ text }, index) => (orders[index] ? weightOf(text) * 3 : 0));
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    return Math.min(sum(mentions), mentionCap) + sum(ordered);
  });
}

/** The first six different words that speak for a category. */
export function plainSignals(words: readonly PlainWord[]): string[] {
  const speaking = words.filter(({ text }) =>
    categoryWords.some(({ strong, weak }) => named(strong, text) || named(weak, text)),
  );
  return [...new Set(speaking.map(({ text }) => `word:${text}`))].slice(0, 6);
}
