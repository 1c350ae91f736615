// The lexicon in the form the reader uses: a trie to find words by, and what is known of each word by its number.

import type { Category } from "../contracts/policy.ts";
import { categoryWords, pairs, roles, roleWords, talkWords } from "./lexicon.ts";
import { buildTrie, type Trie } from "./trie.ts";

/** What is known of a word. */
export type WordEntry = {
  /** How a trace names it: `word:refactor`. */
  readonly signal: string;
  /** Union of `roles`. */
  readonly roles: number;
  /** Category indices and weights, flat: index, weight, index, weight. */
  readonly scores: readonly number[];
  /** Whether an order can begin with it. Words that only talk or only pairs are made of mean nothing by themselves. */
  readonly meaningful: boolean;
  /** Roles it has together with the word after it, by that word's number; undefined for most. */
  readonly pairRoles: ReadonlyMap<number, number> | undefined;
};

export type Vocabulary = {
  readonly trie: Trie;
  /** By the word's number in the trie; at 0 stands `unknownWord`. */
  readonly entries: readonly WordEntry[];
};

/** The order of category scores. `high_stakes` is decided by sentence shape, never by counting words. */
export const scoredCategories: readonly Category[] = categoryWords.map((row) => row.category);

const strong = 2;
const weak = 1;

/** A word that nothing is known of. */
export const unknownWord: WordEntry = { signal: "", roles: 0, scores: [], meaningful: false, pairRoles: undefined };

type Draft = { roles: number; meaningful: boolean; readonly scores: number[]; readonly pairRoles: Map<number, number> };

/** Every word of the lexicon with all that its lists say about it. */
export const vocabulary = buildVocabulary();

function buildVocabulary(): Vocabulary {
  const drafts = new Map<string, Draft>();
  const draftOf = (word: string) => {
    const draft: Draft = drafts.get(word) ?? { roles: 0, meaningful: false, scores: [], pairRoles: new Map() };
    drafts.set(word, draft);
    return draft;
  };
  categoryWords.forEach((row, category) => {
    for (const word of row.strong.split(" ")) draftOf(word).scores.push(category, strong);
    for (const word of row.weak.split(" ")) draftOf(word).scores.push(category, weak);
  });
  for (const [bit, words] of roleWords) {
    for (const word of words.split(" ")) draftOf(word).roles |= bit;
  }
  for (const draft of drafts.values()) draft.meaningful = true;
  for (const [bit, words] of talkWords) {
    for (const word of words.split(" ")) draftOf(word).roles |= bit;
  }
  for (const { first, second } of pairs) {
    draftOf(first);
    draftOf(second);
  }
  const words = [...drafts.keys()];
  for (const { first, second, roles: names } of pairs) {
    const bits = names.reduce((sum, name) => sum | roles[name], 0);
    draftOf(first).pairRoles.set(words.indexOf(second) + 1, bits);
  }
  return { trie: buildTrie(words), entries: [unknownWord, ...words.map((word) => entryOf(word, draftOf(word)))] };
}

function entryOf(word: string, { roles: bits, scores, meaningful, pairRoles }: Draft): WordEntry {
  const paired = pairRoles.size > 0 ? pairRoles : undefined;
  return { signal: `word:${word}`, roles: bits, scores, meaningful, pairRoles: paired };
}
