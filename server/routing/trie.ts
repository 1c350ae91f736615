// A set of words as a trie in one array: reading a word's letters one by one ends at its number, so that text is searched
// for hundreds of words without cutting a word out, hashing it or comparing it.

import { isLetter, Mark, markAt } from "./characters.ts";

/** A row has room for every letter and is one cache line long: most texts walk over a few dozen rows. */
const rowBits = 5;

/** The row of words that are none of the set: no letter leads out of it. */
const nowhere = 0;
/** Where every word begins. */
export const root = 1;

export type Trie = {
  /** Row after row, the row that each letter leads to. */
  readonly rows: Uint16Array;
  /** For each row the number of the word that ends there; 0 for none. */
  readonly wordAt: Uint16Array;
};

/**
 * Builds the trie of lower-case words; a word's number is its place in the list plus one.
 * @throws Error for a word with anything but letters and apostrophes, and when there are too many of them.
 */
export function buildTrie(words: readonly string[]): Trie {
  const mostRows = words.reduce((sum, word) => sum + word.length, root + 1);
  if (mostRows > 0xffff) throw new Error("too many words for one trie");
  const rows = new Uint16Array(mostRows << rowBits);
  const wordAt = new Uint16Array(mostRows);
  let used = root + 1;
  words.forEach((word, index) => {
    let row: number = root;
    for (const letter of lettersOf(word)) {
      const place = (row << rowBits) | letter;
      row = rows[place] || used++;
      rows[place] = row;
    }
    wordAt[row] = index + 1;
  });
  return { rows: rows.slice(0, used << rowBits), wordAt: wordAt.slice(0, used) };
}

/** The row that a letter leads to from another. */
export function step(rows: Trie["rows"], row: number, letter: number): number {
  return rows[(row << rowBits) | letter] ?? nowhere;
}

function lettersOf(word: string): number[] {
  const bytes = new TextEncoder().encode(word);
  return Array.from(bytes, (_byte, index) => {
    const letter = markAt(bytes, index);
    if (!isLetter(letter) || letter === Mark.OtherLetter)
      throw new Error(`${word} has a character that the reader does not look up`);
    return letter;
  });
}
