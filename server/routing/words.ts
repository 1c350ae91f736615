// Text as words and sentences, for the classifier. One pass over the text's UTF-8 bytes, which are read in half the time
// of a string's characters; nothing here knows what a word means.

import { isLetter, Mark, markAt, nextCharacter } from "./characters.ts";
import { root, step, type Trie } from "./trie.ts";

/** What a text is made of, words aside. */
export type TextMarks = {
  /** How many there are; everything that is not a letter, digit, underscore or apostrophe separates them. */
  readonly words: number;
  readonly questionMarks: number;
  /** Brackets, braces, semicolons, equals and angle signs, back quotes. */
  readonly codeMarks: number;
  /** Carets and backslashes, as formulas have them. */
  readonly mathMarks: number;
  /** Whether an amount of money is written with its currency sign: `$500`. */
  readonly currencyAmount: boolean;
  readonly characters: number;
};

/** Reads at most this many bytes: three for each of the 8,000 characters that features are capped at. */
const byteLimit = 24_000;
const wordLimit = byteLimit / 2;

const encoder = new TextEncoder();

/**
 * Splits texts into words and looks each up in a trie on the way. Its buffers serve one text after another, so that a
 * request leaves no lists behind: what they say of a text holds until the next one is split.
 */
export class WordSplitter {
  /** For each word of the last text its number in the trie, 0 for words that are not in it; 0 too after the last word. */
  readonly numbers = new Uint16Array(wordLimit + 1);
  /** For each word its sentence, counted from 0; sentences end at `. ` `!` `?` `;` and line breaks. */
  readonly sentences = new Uint16Array(wordLimit);
  readonly #trie: Trie;
  readonly #bytes = new Uint8Array(byteLimit + 1);
  readonly #room = this.#bytes.subarray(0, byteLimit);

  constructor(trie: Trie) {
    this.#trie = trie;
  }

  /** Reads a text, its first `byteLimit` bytes at most. Never throws, whatever the script. */
  split(text: string): TextMarks {
    const { numbers, sentences } = this;
    const bytes = this.#bytes;
    const { rows, wordAt } = this.#trie;
    const length = encoder.encodeInto(text, this.#room).written;
    bytes[length] = 0; // A separator, so that the last word ends like any other.
    let words = 0;
    let sentence = 0;
    let row = root;
    let questionMarks = 0;
    let codeMarks = 0;
    let mathMarks = 0;
    let currencyAmount = false;
    for (let index = 0; index <= length; index++) {
      // Letters are most of a text: in a loop of their own they wait for no other question.
      let mark = markAt(bytes, index);
      while (isLetter(mark)) {
        row = step(rows, row, mark);
        index++;
        mark = markAt(bytes, index);
      }
      if (mark === Mark.Continuation) continue;
      if (row !== root) {
        numbers[words] = wordAt[row] ?? 0;
        sentences[words] = sentence;
        words++;
        row = root;
      }
      if (mark === Mark.Separator) continue;
      if (mark === Mark.Code || mark === Mark.Semicolon) codeMarks++;
      else if (mark === Mark.Question) questionMarks++;
      else if (mark === Mark.Math) mathMarks++;
      else if (mark === Mark.Currency) currencyAmount ||= isDigit(bytes[nextCharacter(bytes, index)]);
      if (endsSentence(mark, bytes, index)) sentence++;
    }
    numbers[words] = 0;
    return { words, questionMarks, codeMarks, mathMarks, currencyAmount, characters: text.length };
  }
}

/** A full stop between letters or digits is part of a name or a number. */
function endsSentence(mark: number, bytes: Uint8Array, index: number): boolean {
  if (mark === Mark.Stop) return !isLetter(markAt(bytes, index + 1));
  return mark === Mark.SentenceEnd || mark === Mark.Question || mark === Mark.Semicolon;
}

function isDigit(byte = 0): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
