import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { categoryWords, pairs, roleWords, talkWords } from "./lexicon.ts";
import {
  plainPairRoles,
  plainRoles,
  plainScores,
  plainSignals,
  plainWords,
  type PlainWord,
} from "./plain-reader.test-kit.ts";
import { readTurn } from "./reading.ts";
import { vocabulary } from "./vocabulary.ts";
import { WordSplitter } from "./words.ts";

const lists = [
  ...categoryWords.flatMap((row) => [row.strong, row.weak]),
  ...[...roleWords, ...talkWords].map((row) => row[1]),
];
const lexicon = [...lists.flatMap((list) => list.split(" ")), ...pairs.flatMap(({ first, second }) => [first, second])];

const knownWord = fc.constantFrom(...lexicon);
const pair = fc.constantFrom(...pairs).map(({ first, second }) => `${first} ${second}`);
const nearlyKnown = fc.tuple(knownWord, fc.constantFrom("x", "'", "_", "7", "é", "s")).map((parts) => parts.join(""));
const foreign = fc.constantFrom("Straße", "привет", "总结", "naïve", "…", "🙂", "\ud800", "½", "₂");
const anything = fc.oneof(fc.string({ maxLength: 8 }), fc.string({ unit: "binary", maxLength: 8 }));
const word = fc.oneof(
  { weight: 6, arbitrary: knownWord },
  { weight: 1, arbitrary: knownWord.map((text) => text.toUpperCase()) },
  { weight: 2, arbitrary: pair },
  { weight: 2, arbitrary: nearlyKnown },
  { weight: 1, arbitrary: foreign },
  { weight: 1, arbitrary: anything },
);
const gap = fc.oneof(
  { weight: 4, arbitrary: fc.constant(" ") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ". ",
      ".",
      "? ",
      "! ",
      ";",
      "\n",
      ", ",
      " $5 ",
      "£7",
      "€9",
      "€ ",
      " — ",
      "{}",
      "\\",
      "^",
      "`",
      "\u00a0",
      "\u206f",
    ),
  },
);
const texts = fc.array(fc.tuple(word, gap), { maxLength: 140 }).map((parts) => parts.flat().join(""));

describe("the fast reader agrees with the plain one on any text", () => {
  test("about words and sentences", () => {
    const splitter = new WordSplitter(vocabulary.trie);
    fc.assert(
      fc.property(texts, (text) => {
        const { words } = splitter.split(text);
        const expected = plainWords(text);
        expect(Array.from(splitter.sentences.slice(0, words))).toEqual(expected.map(({ sentence }) => sentence));
        const entries = Array.from(splitter.numbers.slice(0, words), (number) => vocabulary.entries[number]?.signal);
        expect(entries).toEqual(expected.map(({ text }) => (lexicon.includes(text) ? `word:${text}` : "")));
      }),
    );
  });

  test("about marks", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const count = (marks: RegExp) => text.match(marks)?.length ?? 0;
        expect(readTurn(text).marks).toEqual({
          words: plainWords(text).length,
          questionMarks: count(/\?/g),
          codeMarks: count(/[{}()[\];=<>`]/g),
          mathMarks: count(/[\\^]/g),
          currencyAmount: /[$£€]\d/.test(text),
          characters: text.length,
        });
      }),
    );
  });

  test("about what the words say, whatever was read before", () => {
    fc.assert(
      fc.property(texts, texts, (before, text) => {
        readTurn(before);
        const words = plainWords(text);
        const found = readTurn(text);
        expect(found.scores).toEqual(plainScores(words));
        expect(found.signals).toEqual(plainSignals(words));
        expect(found.roles).toBe(allRoles(words));
        expect(found.sharedRoles).toBe(
          words.length === 0 ? 0 : words.reduce((bits, each) => bits & plainRoles(each.text), ~0),
        );
        expect(found.firstRoles).toBe(plainRoles(words[0]?.text ?? ""));
      }),
    );
  });
});

test("nothing of the text read before is left", () => {
  expect(readTurn("social security").roles).not.toBe(0);
  expect(readTurn("social").roles).toBe(0);
});

test("an order counts in full among the last forty words, and as a mention before them", () => {
  const planScore = (wordsAfter: number) => {
    const index = categoryWords.findIndex(({ category }) => category === "planning");
    return readTurn(`${"x. ".repeat(41)}plan. ${"x ".repeat(wordsAfter)}`).scores[index];
  };
  expect(planScore(39)).toBe(6);
  expect(planScore(40)).toBe(2);
});

test("text beyond the splitter's room is left out, at a whole character", () => {
  expect(readTurn("é".repeat(20_000)).marks).toMatchObject({ words: 1, codeMarks: 0 });
  expect(readTurn("a ".repeat(20_000)).marks.words).toBe(12_000);
  expect(readTurn("plan").signals).toEqual(["word:plan"]);
});

function allRoles(words: readonly PlainWord[]): number {
  return words.reduce(
    (bits, { text }, index) => bits | plainRoles(text) | plainPairRoles(text, words[index + 1]?.text ?? ""),
    0,
  );
}
