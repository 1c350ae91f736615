import { expect, test } from "bun:test";
import fc from "fast-check";
import { denseNames, PromptReader } from "./prompt-reader.ts";

const anything = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: "binary", maxLength: 200 }));

function read(prompt: string): { dense: number[]; words: number[]; pairs: number[] } {
  const reader = new PromptReader();
  reader.read(prompt);
  return snapshot(reader);
}

function snapshot(reader: PromptReader): { dense: number[]; words: number[]; pairs: number[] } {
  return {
    dense: [...reader.dense],
    words: [...reader.words.subarray(0, reader.wordCount)],
    pairs: [...reader.pairs.subarray(0, reader.pairCount)],
  };
}

function feature(prompt: string, name: string): number {
  return read(prompt).dense[denseNames.indexOf(name)] ?? Number.NaN;
}

test("any text gives finite features, and the same ones whatever was read before", () => {
  const reader = new PromptReader();
  fc.assert(
    fc.property(anything, anything, (before, prompt) => {
      reader.read(before);
      reader.read(prompt);
      expect(snapshot(reader)).toEqual(read(prompt));
      expect(reader.dense.every((value) => Number.isFinite(value))).toBe(true);
    }),
  );
});

test("a reader that has read hundreds of prompts still sees every word", () => {
  const reader = new PromptReader();
  for (let count = 0; count < 600; count++) reader.read("the same words again");
  expect(snapshot(reader)).toEqual(read("the same words again"));
});

test("case and white space change nothing", () => {
  const prompt = "Which of these is NOT prime?\nA. 7\nB. 9 = 3*3\n\nAnswer: ";
  const expected = read(prompt);
  expect(read(prompt.toUpperCase())).toEqual(expected);
  expect(read(`  ${prompt.replaceAll("\n", " \t\r\n ").replaceAll(" ", "\u00a0 ")}`)).toEqual(expected);
});

test("numbers look alike, whatever their digits", () => {
  expect(read("add 12 and 3.5")).toEqual(read("add 98 and 7.1"));
  expect(read("add 12")).not.toEqual(read("add 1234"));
});

test("options count when they follow the alphabet", () => {
  expect(feature("Which?\nA. one\nB. two\nC) three", "options")).toBe(3);
  expect(feature("Which? (a) one (b) two", "options")).toBe(2);
  expect(feature("C. three B. two", "options")).toBe(0);
  expect(feature("I have a. and nothing else", "options")).toBe(0);
});

test("domain words count by their beginning", () => {
  expect(feature("differentiate the polynomials", "mathematics")).toBeGreaterThan(0);
  expect(feature("good morning", "mathematics")).toBe(0);
});

test("only the head and the tail of a long prompt are read", () => {
  const filler = "y ".repeat(40_000);
  const reader = new PromptReader();
  reader.read(`${filler}zebra`);
  expect(reader.wordCount).toBe(2);
  reader.read(`${filler}zebra ${filler}`);
  expect(reader.wordCount).toBe(1);
});
