import { describe, expect, test } from "bun:test";
import { LearnedUsage, type RequestKind } from "./learned-usage.ts";

const kind: RequestKind = {
  model: "a",
  category: "coding",
  format: "text",
  toolsUsable: false,
  insideToolExchange: false,
  expectedOutputTokens: 900,
};

function learnedFrom(lengths: readonly number[], of: RequestKind = kind): LearnedUsage {
  const learned = new LearnedUsage();
  for (const length of lengths) learned.note(of, length, 0.3);
  return learned;
}

describe("the estimate of an answer", () => {
  test("is the expectation until a few answers are known", () => {
    expect(new LearnedUsage().estimate(kind)).toEqual({ outputTokens: 900, inputShare: 0.45 });
    expect(learnedFrom([100, 100, 100]).estimate(kind).outputTokens).toBe(900);
  });

  test("is the median of answers that are alike, and their share of the input's bound", () => {
    const { outputTokens, inputShare } = learnedFrom([90, 95, 100, 100, 105, 110, 115]).estimate(kind);
    expect(outputTokens).toBeGreaterThan(80);
    expect(outputTokens).toBeLessThan(125);
    expect(inputShare).toBeGreaterThan(0.27);
    expect(inputShare).toBeLessThan(0.33);
  });

  test("stays below the median where answers differ much, so that short ones are not held loosely", () => {
    const lengths = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 50 : 2_000));
    expect(learnedFrom(lengths).estimate(kind).outputTokens).toBeLessThan(150);
  });

  test("of a model that is new is what other models needed", () => {
    const learned = learnedFrom(Array.from({ length: 10 }, () => 200));
    const { outputTokens } = learned.estimate({ ...kind, model: "b" });
    expect(outputTokens).toBeGreaterThan(150);
    expect(outputTokens).toBeLessThan(250);
  });

  test("of another kind is not touched", () => {
    const learned = learnedFrom(Array.from({ length: 10 }, () => 200));
    for (const other of [{ category: "research" }, { format: "json_schema" }, { toolsUsable: true }] as const) {
      expect(learned.estimate({ ...kind, ...other }).outputTokens).toBe(900);
    }
  });
});
