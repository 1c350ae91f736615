// The bound against tokenizers of three families: OpenAI's two, Anthropic's, and Llama 2's, whose small vocabulary makes
// more tokens of a text than any model of today.

import { describe, expect, test } from "bun:test";
import { getTokenizer } from "@anthropic-ai/tokenizer";
import { countTokens as countCl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens as countO200k } from "gpt-tokenizer/encoding/o200k_base";
import llama from "llama-tokenizer-js";
import { tokenBound } from "./token-bound.ts";
import { seededNumbers, tokenCorpus, type Sample } from "./token-corpus.test-kit.ts";

const claude = getTokenizer();
const tokenizers: { readonly [name: string]: (text: string) => number } = {
  o200k: (text) => countO200k(text),
  cl100k: (text) => countCl100k(text),
  claude: (text) => claude.encode(text.normalize("NFKC"), "all").length,
  llama: (text) => llama.encode(text, false, false).length,
};
const corpus = tokenCorpus();

describe("no tokenizer makes more tokens than the bound", () => {
  for (const [name, count] of Object.entries(tokenizers)) {
    test(`${name}, of any kind of text`, () => {
      for (const { name: sample, text } of corpus) {
        expect({ sample, excess: count(text) - tokenBound(text) > 0 }).toEqual({ sample, excess: false });
      }
    });

    test(`${name}, of any part of a text or any mixture of texts`, () => {
      const below = seededNumbers(21);
      const part = (): string => {
        const text = corpus[below(corpus.length)]?.text ?? "";
        const from = below(text.length);
        return text.slice(from, from + 1 + below(60)).toWellFormed();
      };
      for (let round = 0; round < 1_500; round++) {
        const text = Array.from({ length: 1 + below(4) }, part).join("");
        expect({ text, excess: count(text) - tokenBound(text) > 0 }).toEqual({ text, excess: false });
      }
    });
  }
});

test("it never exceeds the bytes, and knows pairs of surrogates from single ones", () => {
  for (const { text } of corpus) expect(tokenBound(text)).toBeLessThanOrEqual(Buffer.byteLength(text));
  expect(tokenBound("")).toBe(0);
  expect(tokenBound("a")).toBe(1);
  expect(tokenBound("🚀")).toBe(4);
  expect(tokenBound("\ud83d")).toBe(3);
});

test("of prose and code it is at most three times the true count, of English prose 2.6 times", () => {
  const ratios = corpus.filter(isLatin).map(({ text }) => tokenBound(text) / countO200k(text));
  expect(quantile(ratios, 0.5)).toBeLessThan(2.1);
  expect(quantile(ratios, 0.9)).toBeLessThan(3);
  const english = corpus.find(({ name }) => name === "english")?.text ?? "";
  expect(tokenBound(english) / countO200k(english)).toBeLessThan(2.6);
});

/** Texts whose letters are not bounded by their bytes. */
function isLatin({ kind, text }: Sample): boolean {
  return (kind === "prose" || kind === "code") && Buffer.byteLength(text) < text.length * 1.2;
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length * share)] ?? Number.NaN;
}
