import { expect, test } from "bun:test";
import fc from "fast-check";
import { actionClasses, categories, complexities, modifiers } from "../contracts/policy.ts";
import { readInputs, storeInputs, type RecordedInputs } from "./stored-inputs.ts";
import type { StoredTrace } from "./stored-trace.ts";

const count = fc.nat({ max: 1_000_000 });
const few = fc.nat({ max: 20 });

const recorded: fc.Arbitrary<RecordedInputs> = fc.record({
  features: fc.record({
    lastUserText: fc.constant(""),
    contextText: fc.constant(""),
    textBytes: count,
    textTokenBound: count,
    messageCount: count,
    attachments: fc
      .tuple(few, few, few, few)
      .map((counts) =>
        (["image", "file", "audio", "video"] as const).flatMap((kind, at) =>
          Array.from({ length: counts[at] ?? 0 }, () => ({ kind })),
        ),
      ),
    toolNames: few.map((tools) => Array.from({ length: tools }, (_, index) => `tool ${index + 1}`)),
    toolsUsable: fc.boolean(),
    parallelToolCalls: fc.boolean(),
    format: fc.constantFrom("text", "json_object", "json_schema"),
    reasoningRequested: fc.boolean(),
    insideToolExchange: fc.boolean(),
    embeddingInputs: few,
  }),
  classification: fc.record({
    category: fc.constantFrom(...categories),
    complexity: fc.constantFrom(...complexities),
    actionClass: fc.constantFrom(...actionClasses),
    modifiers: fc.subarray([...modifiers]),
    confidence: fc.integer({ min: 1, max: 5 }),
    signals: fc.constant([]),
    expectedOutputTokens: count,
  }),
  maxOutputTokens: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
  choices: fc.integer({ min: 1, max: 8 }),
  untrustedDeclared: fc.boolean(),
  confirmed: fc.boolean(),
});

function traceOf(inputs: RecordedInputs): StoredTrace {
  const { category, complexity, actionClass, confidence, modifiers: present, signals } = inputs.classification;
  return {
    form: 1,
    key: "",
    stream: false,
    attempts: [],
    steps: [],
    class: [category, complexity, actionClass, confidence, present, signals],
    inputs: storeInputs(inputs),
  };
}

test("what planning looked at survives its few numbers", () => {
  fc.assert(
    fc.property(recorded, (inputs) => {
      expect(readInputs(traceOf(inputs))).toEqual(inputs);
    }),
  );
});

test("a trace without them, or with words that nobody knows, cannot be planned again", () => {
  const [inputs] = fc.sample(recorded, 1);
  if (!inputs) throw new Error("no sample");
  const { inputs: _, ...without } = traceOf(inputs);
  expect(readInputs(without)).toBeUndefined();
  expect(readInputs({ ...traceOf(inputs), class: ["new", "simple", "casual_chat", 1, [], []] })).toBeUndefined();
});
