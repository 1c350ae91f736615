import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../contracts/json.ts";
import { verificationModes, type VerificationMode } from "../contracts/policy.ts";
import type { Answer } from "../conversation/answer.ts";
import type { AssistantPart } from "../conversation/prompt.ts";
import { verificationChecks, verificationCheckTable } from "./verification-checks.ts";
import type { VerificationInput } from "./verification-input.ts";
import { verifyAnswer, type Verdict } from "./verify-answer.ts";

function verdictOn(
  parts: readonly AssistantPart[] | string,
  more: Partial<VerificationInput> = {},
  answer: Partial<Answer> = {},
): Verdict {
  return verifyAnswer({
    answer: {
      parts: typeof parts === "string" ? [{ type: "text", text: parts }] : parts,
      finish: "stop",
      usage: { kind: "unknown" },
      ...answer,
    },
    format: "text",
    toolSchemas: new Map(),
    mode: "auto",
    minConfidence: 3,
    highStakes: false,
    lastUserText: "Why is the sky blue?",
    embeddingInputs: 0,
    ...more,
  });
}

/** The modes in which an answer fails, and why. */
function failures(verdict: (mode: VerificationMode) => Verdict): { [mode: string]: string | undefined } {
  return Object.fromEntries(
    verificationModes
      .map((mode) => [mode, verdict(mode)] as const)
      .filter(([, { status }]) => status === "failed")
      .map(([mode, { trigger }]) => [mode, trigger]),
  );
}

const person: JsonObject = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
};

test("a good answer passes every mode with full confidence, and mode off looks at nothing", () => {
  const text = "The sky is blue because air scatters the short waves of light more than the long ones.";
  expect(failures((mode) => verdictOn(text, { mode }))).toEqual({});
  expect(verdictOn(text, { mode: "strong" }).confidence).toBe(5);
  expect(verdictOn("", { mode: "off" })).toEqual({
    status: "passed",
    confidence: undefined,
    checks: [],
    trigger: undefined,
  });
});

describe("an empty answer", () => {
  const everyMode = { auto: "empty_output", light: "empty_output", strict: "empty_output", strong: "empty_output" };

  test("fails every mode that looks, blank text and reasoning alone included", () => {
    expect(failures((mode) => verdictOn([], { mode }))).toEqual(everyMode);
    expect(failures((mode) => verdictOn(" \n", { mode }))).toEqual(everyMode);
    expect(failures((mode) => verdictOn([{ type: "reasoning", text: "Hm." }], { mode }))).toEqual(everyMode);
  });

  test("is named before the missing JSON that follows from it", () => {
    expect(verdictOn("", { format: "json_schema", outputSchema: person }).trigger).toBe("empty_output");
  });

  test("is not what a tool call without text is", () => {
    const call = { type: "tool-call", callId: "c", name: "now", arguments: "{}" } as const;
    expect(verdictOn([call], { toolSchemas: new Map([["now", undefined]]), mode: "strong" }).status).toBe("passed");
    expect(verdictOn([], { mode: "strong" }, { finish: "tool_calls" }).status).toBe("passed");
  });
});

describe("structured output", () => {
  const schema = { format: "json_schema", outputSchema: person } as const;

  test("fails every mode when it is not JSON, or not an object where one is asked for", () => {
    const everyMode = {
      auto: "schema_failure",
      light: "schema_failure",
      strict: "schema_failure",
      strong: "schema_failure",
    };
    expect(failures((mode) => verdictOn('{"name": "Ada"', { ...schema, mode }))).toEqual(everyMode);
    expect(failures((mode) => verdictOn('```json\n{"a":1}\n```', { format: "json_object", mode }))).toEqual(everyMode);
    expect(failures((mode) => verdictOn("[1]", { format: "json_object", mode }))).toEqual(everyMode);
  });

  test("is held to its schema from mode auto on", () => {
    const wrong = '{"name":"Ada","age":"many"}';
    expect(failures((mode) => verdictOn(wrong, { ...schema, mode }))).toEqual({
      auto: "schema_failure",
      strict: "schema_failure",
      strong: "schema_failure",
    });
    expect(verdictOn(wrong, schema).checks).toContainEqual({
      name: "schema",
      passed: false,
      detail: "/age must be integer",
    });
    expect(verdictOn('{"name":"Ada","age":36}', { ...schema, mode: "strong" })).toMatchObject({
      status: "passed",
      confidence: 5,
    });
  });

  test("is not due where the model calls a tool or declines instead", () => {
    const refusal = verdictOn([{ type: "refusal", text: "I cannot do that." }], schema);
    expect(refusal.checks.map((check) => check.name)).not.toContain("json");
    expect(refusal.status).toBe("passed");
  });

  test("passes with a note and less confidence when the schema cannot be used", () => {
    const outputSchema = { $ref: "https://example.com/person.json" };
    const verdict = verdictOn("{}", { format: "json_schema", outputSchema, mode: "strict" });
    expect(verdict).toMatchObject({ status: "passed", confidence: 4 });
    expect(verdict.checks).toContainEqual({
      name: "schema",
      passed: false,
      not_run: true,
      detail: expect.stringContaining("the schema cannot be used: `$ref` must point into the schema itself"),
    });
  });
});

describe("tool calls", () => {
  const call = (name: string, text: string) => [{ type: "tool-call", callId: "c", name, arguments: text }] as const;
  const toolSchemas = new Map<string, JsonObject | undefined>([
    ["save", person],
    ["now", undefined],
  ]);
  const statusOf = (name: string, text: string) => verdictOn(call(name, text), { toolSchemas }).status;

  test("must name an offered tool and carry arguments that satisfy it", () => {
    expect(statusOf("save", '{"name":"Ada","age":36}')).toBe("passed");
    expect(statusOf("save", '{"name":"Ada"}')).toBe("failed");
    expect(statusOf("save", '{"name":')).toBe("failed");
    expect(statusOf("now", "")).toBe("passed");
    expect(statusOf("save", "")).toBe("failed");
    expect(statusOf("now", "free text, as custom tools take it")).toBe("passed");
    expect(statusOf("erase", "{}")).toBe("failed");
  });

  test("are all looked at, and not in mode light", () => {
    const both = [...call("now", "{}"), ...call("save", "{}")];
    expect(failures((mode) => verdictOn(both, { toolSchemas, mode }))).toEqual({
      auto: "schema_failure",
      strict: "schema_failure",
      strong: "schema_failure",
    });
  });
});

describe("a refusal", () => {
  const refusals = [
    "I'm sorry, but I can't help with that.",
    "I’m sorry, but I cannot assist with that request.",
    "Sorry, I can't provide that.",
    "Unfortunately, I am unable to help with this.",
    "As an AI language model, I cannot provide medical advice.",
  ];

  test("lowers the confidence in mode auto and fails strict and strong", () => {
    for (const text of refusals) {
      expect(failures((mode) => verdictOn(text, { mode }))).toEqual({ strict: "refusal", strong: "refusal" });
      expect(verdictOn(text)).toMatchObject({ status: "passed", confidence: 3 });
    }
  });

  test("fails mode auto, by its own name, when the stack asks for more confidence", () => {
    expect(verdictOn("I can't help with that.", { minConfidence: 4 })).toMatchObject({
      status: "failed",
      confidence: 3,
      trigger: "refusal",
    });
  });

  test("is not seen in answers that merely speak of what cannot be done", () => {
    for (const text of [
      "I can't believe how blue it is!",
      "You can't divide by zero.",
      "Sorry for the wait: it is 42.",
    ]) {
      expect(verdictOn(text, { mode: "strict" }).status).toBe("passed");
    }
  });
});

describe("an answer cut at the output limit", () => {
  const cut = (mode: VerificationMode, more: Partial<VerificationInput> = {}) =>
    verdictOn("The sky is", { mode, ...more }, { finish: "length" });

  test("passes mode auto with less confidence and fails strict and strong", () => {
    expect(failures(cut)).toEqual({ strict: "low_confidence", strong: "low_confidence" });
    expect(cut("auto").confidence).toBe(3);
  });

  test("fails mode auto for a high-stakes request, which needs one point more", () => {
    expect(cut("auto", { highStakes: true })).toMatchObject({ status: "failed", trigger: "low_confidence" });
    expect(cut("light", { highStakes: true }).status).toBe("passed");
  });
});

describe("mode strong", () => {
  const strong = (text: string, lastUserText: string) => verdictOn(text, { mode: "strong", lastUserText });

  test("fails a text that goes round in circles", () => {
    const circles = "The sky is blue because it is blue. ".repeat(20);
    expect(strong(circles, "Why is the sky blue?")).toMatchObject({ status: "failed", trigger: "low_confidence" });
    expect(verdictOn(circles, { mode: "strict" }).status).toBe("passed");
  });

  test("fails an answer in another script or another language than the question", () => {
    const german =
      "Der Himmel ist blau, weil das Licht der Sonne in der Luft gestreut wird und die kurzen Wellen von den Teilchen stärker abgelenkt werden; das ist auch der Grund für das Rot am Abend.";
    expect(strong(german, "Why is the sky blue and what is the cause of that?").trigger).toBe("low_confidence");
    expect(strong(german, "Warum ist der Himmel blau und nicht grün, wie die Wiese?").status).toBe("passed");
    const russian = "Небо голубое, потому что воздух рассеивает короткие волны света сильнее, чем длинные.";
    expect(strong(russian, "Why is the sky blue and not green?").trigger).toBe("low_confidence");
  });

  test("lets a translation be in any language, and code be code", () => {
    const russian = "Небо голубое, потому что воздух рассеивает короткие волны света сильнее, чем длинные.";
    expect(strong(russian, "Translate: the sky is blue because air scatters light").status).toBe("passed");
    const code = `Here:\n\`\`\`ts\n${"const value = compute(value);\n".repeat(40)}\`\`\``;
    expect(strong(code, "Write the same line forty times").status).toBe("passed");
  });

  test("wants a bare number where one is demanded, and one way of writing numbers", () => {
    const demand = "What is 6 times 7? Answer with only the number.";
    expect(strong("42", demand).status).toBe("passed");
    expect(strong("-1,234.5", demand).status).toBe("passed");
    expect(strong("The answer is 42.", demand).trigger).toBe("low_confidence");
    expect(strong("It rose from 1,234.50 to 2.345,60.", "What happened?").trigger).toBe("low_confidence");
    expect(strong("It rose from 1,234.50 to 2,345.60.", "What happened?").status).toBe("passed");
  });
});

describe("embeddings", () => {
  const vectors = (...embeddings: number[][]) => verdictOn([], { embeddingInputs: 2, mode: "light" }, { embeddings });

  test("need one vector for each input, all of one length and finite", () => {
    expect(vectors([1, 0], [0, 1])).toMatchObject({ status: "passed", confidence: 5 });
    expect(vectors()).toMatchObject({ status: "failed", trigger: "empty_output" });
    for (const wrong of [
      [[1, 0]],
      [[1, 0], [1]],
      [
        [1, 0],
        [NaN, 1],
      ],
      [[], []],
      [
        [1, 0],
        [0, Infinity],
      ],
    ]) {
      expect(vectors(...wrong)).toMatchObject({ status: "failed", trigger: "schema_failure" });
    }
  });
});

test("the table for the docs has one row for every check", () => {
  const rows = verificationCheckTable().split("\n").slice(2);
  expect(rows.map((row) => /`(\w+)`/.exec(row)?.[1])).toEqual(verificationChecks.map((check) => check.name));
});

test("JSON that the output limit cut is delivered as cut, not refused as broken", () => {
  const verdict = verifyAnswer({
    answer: { parts: [{ type: "text", text: '{"city": "Par' }], finish: "length", usage: { kind: "unknown" } },
    embeddingInputs: 0,
    format: "json_schema",
    outputSchema: { type: "object", required: ["city"] },
    toolSchemas: new Map(),
    mode: "auto",
    minConfidence: 3,
    highStakes: false,
    lastUserText: "Which city?",
  });
  expect(verdict).toMatchObject({ status: "passed", trigger: undefined });
  expect(verdict.checks).toContainEqual(expect.objectContaining({ name: "complete", passed: false }));
});
