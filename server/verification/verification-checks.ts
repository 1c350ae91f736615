// What each verification mode looks at and what a finding means: the one table, which the docs print.

import type { FallbackTrigger, VerificationMode } from "../contracts/policy.ts";

/** A finding fails the answer, lowers the confidence in it, or the check does not run. */
export type CheckEffect = "fails" | "lowers" | "off";

export type CheckRow = {
  readonly name: string;
  /** What is checked, for the docs and the console. */
  readonly description: string;
  readonly effects: { readonly [mode in VerificationMode]: CheckEffect };
  /** Points that a finding takes off the confidence of 5. */
  readonly penalty: 1 | 2 | 3 | 4;
  /** What a failed answer is to the stack's fallback triggers. */
  readonly trigger: FallbackTrigger;
};

const everywhere = { off: "off", light: "fails", auto: "fails", strict: "fails", strong: "fails" } as const;
const fromAuto = { ...everywhere, light: "off" } as const;
const noted = { ...fromAuto, auto: "lowers" } as const;
const strongOnly = { off: "off", light: "off", auto: "off", strict: "off", strong: "lowers" } as const;

/** Every check, in the order they run; the first failed one names the trigger. */
export const verificationChecks = [
  {
    name: "not_empty",
    description: "The answer has text, a tool call, a refusal, or the vectors asked for.",
    effects: everywhere,
    penalty: 4,
    trigger: "empty_output",
  },
  {
    name: "json",
    description: "Where JSON is asked for, the text is JSON; an object for `json_object`.",
    effects: everywhere,
    penalty: 4,
    trigger: "schema_failure",
  },
  {
    name: "embeddings",
    description: "One vector for each input, all of one length, all numbers finite.",
    effects: everywhere,
    penalty: 4,
    trigger: "schema_failure",
  },
  {
    name: "schema",
    description: "The JSON satisfies the schema of the request.",
    effects: fromAuto,
    penalty: 4,
    trigger: "schema_failure",
  },
  {
    name: "tool_arguments",
    description:
      "Every tool call names an offered tool; where that has a schema, the arguments are a JSON object that satisfies it.",
    effects: fromAuto,
    penalty: 4,
    trigger: "schema_failure",
  },
  {
    name: "refusal",
    description: "The model did not decline to answer, nor was it stopped by a filter.",
    effects: noted,
    penalty: 2,
    trigger: "refusal",
  },
  {
    name: "complete",
    description: "The answer was not cut at the output limit.",
    effects: noted,
    penalty: 2,
    trigger: "low_confidence",
  },
  {
    name: "no_repetition",
    description: "The text does not go round in circles.",
    effects: strongOnly,
    penalty: 3,
    trigger: "low_confidence",
  },
  {
    name: "language",
    description:
      "The answer is in the language of the question, unless that asks for a translation or names a language.",
    effects: strongOnly,
    penalty: 2,
    trigger: "low_confidence",
  },
  {
    name: "number_format",
    description: "A bare number is given where one is demanded; decimal points and commas are not mixed.",
    effects: strongOnly,
    penalty: 2,
    trigger: "low_confidence",
  },
] as const satisfies readonly CheckRow[];

export type CheckName = (typeof verificationChecks)[number]["name"];

/** The confidence of an answer in which nothing was found. */
export const fullConfidence = 5;

/**
 * The confidence an answer needs, 1 to 5: the stack's `minConfidence`, one more in mode `strong`, and one more for a
 * high-stakes request.
 */
export function requiredConfidence(mode: VerificationMode, minConfidence: number, highStakes: boolean): number {
  return Math.min(fullConfidence, minConfidence + (mode === "strong" ? 1 : 0) + (highStakes ? 1 : 0));
}

/** The Markdown table of checks by mode, for the docs. */
export function verificationCheckTable(): string {
  const rows = verificationChecks.map((row: CheckRow) => {
    const { light, auto, strict, strong } = row.effects;
    const cells = [light, auto, strict, strong].map((effect) => (effect === "off" ? "-" : effect));
    return `| \`${row.name}\` | ${row.description} | ${cells.join(" | ")} | ${row.penalty} |`;
  });
  return [
    "| Check | What it asks | light | auto | strict | strong | Points |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
