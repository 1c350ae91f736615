import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ModelCallRow } from "../ledger/request-record.ts";
import { picodollars } from "../money/picodollars.ts";
import { formatModelCalls, readModelCalls } from "./model-calls.ts";

const count = fc.nat();
const word = fc.string();
const usage = fc.oneof(
  fc.constant({ kind: "unknown" } as const),
  fc.record(
    {
      kind: fc.constantFrom("exact" as const, "at_least" as const),
      inputTokens: count,
      outputTokens: count,
      cachedInputTokens: count,
      cacheWriteTokens: count,
      reasoningTokens: count,
    },
    { requiredKeys: ["kind", "inputTokens", "outputTokens"] },
  ),
);
const call: fc.Arbitrary<ModelCallRow> = fc.record({
  attempt: count,
  model: word,
  provider: word,
  upstreamModel: word,
  outcome: word,
  failure: fc.option(word, { nil: undefined }),
  upstreamStatus: fc.option(count, { nil: undefined }),
  usage,
  cost: fc.bigInt({ min: 0n, max: 10n ** 18n }).map(picodollars),
  firstByteMs: fc.option(count, { nil: undefined }),
  totalMs: count,
});

test("model calls come back as they were written, unknown counts still unknown", () => {
  fc.assert(fc.property(fc.array(call), (calls) => expect(readModelCalls(formatModelCalls(calls))).toEqual(calls)));
});

test("a column that was tampered with is refused, not read as no calls", () => {
  for (const text of ["", "{}", "[1]", "[[1]]"]) expect(() => readModelCalls(text)).toThrow();
});
