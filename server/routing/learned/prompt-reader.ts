// A prompt as features, in one pass: what it is made of as numbers, and its words and pairs of words as hashed buckets.
// Case and the kind and amount of white space change nothing, digits look alike, and long words count by their beginning.

import { headAndTail } from "../features.ts";
import { Kind, kindCount, kindOf } from "./character-kinds.ts";
import { groupCount, groupOf, hashCharacter, hashStart, lettersPerWord } from "./word-hashes.ts";
import { wordGroups } from "./word-groups.ts";

const bucketBits = 18;
/** Words and pairs fall into this many buckets. */
export const bucketCount = 1 << bucketBits;

/** Only the head and tail of longer prompts are read. */
const characterLimit = 8000;
const longWordLetters = 9;
const optionLimit = 16;

/** Names of the dense features, in their order. Counts are logarithms of one more; shares are 0 to 1. */
export const denseNames: readonly string[] = [
  ..."characters words distinctShare wordLength longWordShare numbers longestNumber decimals".split(" "),
  ..."options wordsPerOption wordsBeforeOptions sentences sentenceLength questions commas quotes".split(" "),
  ..."blanks money operators code latex parentheses beyondAscii".split(" "),
  ...Object.keys(wordGroups),
];
export const denseCount = denseNames.length;

const lastGeneration = 255;

/** Reads one prompt after another into its own buffers: what they hold is valid until the next one is read. */
export class PromptReader {
  readonly dense = new Float64Array(denseCount);
  /** Each bucket once, in order of appearance: `wordCount` of words, `pairCount` of pairs. */
  readonly words = new Int32Array(characterLimit + 1);
  readonly pairs = new Int32Array(characterLimit + 1);
  wordCount = 0;
  pairCount = 0;

  /** The prompt, counted from 1 to 255, that last had each bucket. */
  readonly #seenBy = new Uint8Array(bucketCount);
  #generation = 0;
  readonly #kinds = new Float64Array(kindCount);
  readonly #groups = new Float64Array(groupCount + 1);
  #previous = 0;
  #plainWords = 0;
  #distinct = 0;
  #letters = 0;
  #longWords = 0;
  #numbers = 0;
  #longestNumber = 0;
  #decimals = 0;
  #options = 0;
  #wordsAtFirstOption = 0;

  /** Never throws, whatever the text. */
  read(prompt: string): void {
    const text = headAndTail(prompt, characterLimit).toLowerCase();
    const length = Math.min(text.length, characterLimit);
    this.#clear();
    let index = 0;
    while (index < length) {
      const code = text.charCodeAt(index);
      const kind = kindOf(code);
      if (kind <= Kind.Digit) {
        index = this.#readWord(text, index, length);
        continue;
      }
      index++;
      if (kind === Kind.Space) continue;
      this.#kinds[kind] = (this.#kinds[kind] ?? 0) + 1;
      if (kind >= Kind.Blank) this.#addToken(hashCharacter(hashStart, code));
    }
    this.#describe();
  }

  #clear(): void {
    if (this.#generation === lastGeneration) this.#seenBy.fill(0);
    this.#generation = (this.#generation % lastGeneration) + 1;
    this.#kinds.fill(0);
    this.#groups.fill(0);
    this.wordCount = this.pairCount = this.#previous = 0;
    this.#plainWords = this.#distinct = this.#letters = this.#longWords = 0;
    this.#numbers = this.#longestNumber = this.#decimals = 0;
    this.#options = this.#wordsAtFirstOption = 0;
  }

  /** Reads the word or number at `start`, and returns where it ends. */
  #readWord(text: string, start: number, length: number): number {
    let index = start;
    let hash = hashStart;
    let digits = 0;
    let code = text.charCodeAt(start);
    let kind = kindOf(code);
    while (kind <= Kind.Digit) {
      if (kind === Kind.Digit) digits++;
      if (index - start < lettersPerWord) hash = hashCharacter(hash, kind === Kind.Digit ? 0x30 : code);
      index++;
      code = index < length ? text.charCodeAt(index) : 0x20;
      kind = kindOf(code);
    }
    const size = index - start;
    if (digits === size) this.#countNumber(size, code === 0x2e && kindOf(text.charCodeAt(index + 1)) === Kind.Digit);
    else this.#countWord(hash, size);
    if (size === 1) this.#countOption(text.charCodeAt(start), code);
    this.#plainWords++;
    if (this.#addToken(hash)) this.#distinct++;
    return index;
  }

  #countNumber(size: number, hasFraction: boolean): void {
    this.#numbers++;
    if (size > this.#longestNumber) this.#longestNumber = size;
    if (hasFraction) this.#decimals++;
  }

  #countWord(hash: number, size: number): void {
    this.#letters += size;
    if (size >= longWordLetters) this.#longWords++;
    const group = groupOf(hash);
    this.#groups[group] = (this.#groups[group] ?? 0) + 1;
  }

  /** Options are single letters in the alphabet's order, each with `.`, `)` or `:` after it. */
  #countOption(letter: number, next: number): void {
    if (letter !== 0x61 + this.#options || this.#options >= optionLimit) return;
    if (next !== 0x2e && next !== 0x29 && next !== 0x3a) return;
    if (this.#options === 0) this.#wordsAtFirstOption = this.#plainWords;
    this.#options++;
  }

  /** Whether the token's bucket is new in this prompt. */
  #addToken(hash: number): boolean {
    const bucket = bucketOf(hash);
    const isNew = this.#see(bucket);
    if (isNew) this.words[this.wordCount++] = bucket;
    if (this.#previous !== 0) {
      const pair = bucketOf(Math.imul(this.#previous, 0x9e3779b1) ^ hash);
      if (this.#see(pair)) this.pairs[this.pairCount++] = pair;
    }
    this.#previous = hash;
    return isNew;
  }

  #see(bucket: number): boolean {
    if (this.#seenBy[bucket] === this.#generation) return false;
    this.#seenBy[bucket] = this.#generation;
    return true;
  }

  #describe(): void {
    const kinds = this.#kinds;
    const words = this.#plainWords + (kinds[Kind.Ideograph] ?? 0);
    const characters = this.#letters + kinds.reduce((sum, count) => sum + count, 0);
    const options = this.#options >= 2 ? this.#options : 0;
    const before = options > 0 ? this.#wordsAtFirstOption : words;
    const sentences = (kinds[Kind.Stop] ?? 0) + (kinds[Kind.Question] ?? 0) - options;
    const size = Math.log1p(words);
    const values = [
      Math.log1p(characters),
      size,
      share(this.#distinct, words),
      share(this.#letters, words),
      share(this.#longWords, words),
      Math.log1p(this.#numbers),
      this.#longestNumber,
      Math.log1p(this.#decimals),
      options,
      options > 0 ? Math.log1p((words - before) / options) : 0,
      Math.log1p(before),
      Math.log1p(Math.max(0, sentences)),
      Math.log1p(before / Math.max(1, sentences)),
    ];
    this.dense.set(values);
    let at = values.length;
    const marks = [Kind.Question, Kind.Comma, Kind.Quote, Kind.Blank, Kind.Money, Kind.Operator, Kind.Code, Kind.Latex];
    for (const kind of [...marks, Kind.Parenthesis]) this.dense[at++] = Math.log1p(kinds[kind] ?? 0);
    this.dense[at++] = Math.log1p((kinds[Kind.Ideograph] ?? 0) + (kinds[Kind.Sign] ?? 0));
    for (let group = 1; group <= groupCount; group++) this.dense[at++] = Math.log1p(this.#groups[group] ?? 0);
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function bucketOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39) >>> (32 - bucketBits);
}
