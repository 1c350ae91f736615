// Checks a value against a caller's JSON Schema. Schemas are strangers' input: they are bounded before they are
// compiled, compiled apart from each other, and what cannot be checked is said to be unchecked, never guessed.

import { createHash } from "node:crypto";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { LRUCache } from "lru-cache";
import { stringAt, type Json, type JsonObject } from "../contracts/json.ts";
import { judgePattern } from "./pattern-bounds.ts";
import { expandedSubschemas, isRecursive, schemaBoundViolation, sizeOf } from "./schema-bounds.ts";

export type SchemaOutcome =
  | { readonly kind: "satisfied" }
  /** `detail` says where and why, without the value itself. */
  | { readonly kind: "violated"; readonly detail: string }
  /** The schema cannot be used, or the value is too large for it to be checked safely. */
  | { readonly kind: "not_checked"; readonly detail: string };

type CompiledSchema = {
  readonly usable: true;
  readonly validate: ValidateFunction;
  readonly recursive: boolean;
  /** Whether arrays are searched for equal items, which takes the square of their length. */
  readonly comparesItems: boolean;
  /** What one node of the value can meet at most. */
  readonly subschemas: number;
};
type Compiled = CompiledSchema | { readonly usable: false; readonly reason: string };

/** Deepest value that is checked against a recursive schema, where work can double with each level. */
const recursiveDepthAtMost = 16;
/** Comparisons one check may take; a tenth of a second or so. */
const stepsAtMost = 20_000_000;

const compiledSchemas = new LRUCache<string, Compiled>({ max: 256 });

/** Checks `value` against `schema`. Never throws. */
export function checkSchema(schema: JsonObject, value: Json): SchemaOutcome {
  const compiled = compiledSchema(schema);
  if (!compiled.usable) return { kind: "not_checked", detail: `the schema cannot be used: ${compiled.reason}` };
  try {
    const tooMuch = excessOf(compiled, value);
    if (tooMuch !== undefined) return { kind: "not_checked", detail: tooMuch };
    if (compiled.validate(value)) return { kind: "satisfied" };
  } catch (thrown) {
    // Besides our own refusal this is the stack's end: a value or a chain of references without bottom.
    const detail = thrown instanceof TextTooLong ? thrown.message : "the value or the schema is nested too deeply";
    return { kind: "not_checked", detail };
  }
  return { kind: "violated", detail: describeErrors(compiled.validate.errors ?? []) };
}

/** Why the value is too much for this schema to be checked safely; undefined when it is not. */
function excessOf(compiled: CompiledSchema, value: Json): string | undefined {
  const size = sizeOf(value);
  if (compiled.recursive && size.depth > recursiveDepthAtMost) {
    return `the schema is recursive and the value nested deeper than ${recursiveDepthAtMost} levels`;
  }
  const steps = size.nodes * compiled.subschemas + (compiled.comparesItems ? size.longestArray ** 2 : 0);
  return steps > stepsAtMost ? "the value is too large for so large a schema" : undefined;
}

/**
 * Why a schema cannot be used for checking, as the end of a sentence (`it is nested deeper than 64 levels`); undefined
 * when it can. For refusing a request before any provider is called. Never throws.
 */
export function validateSchemaIsUsable(schema: JsonObject): string | undefined {
  const compiled = compiledSchema(schema);
  return compiled.usable ? undefined : compiled.reason;
}

function compiledSchema(schema: JsonObject): Compiled {
  const text = JSON.stringify(schema);
  const key = createHash("sha256").update(text).digest("base64");
  const known = compiledSchemas.get(key);
  if (known !== undefined) return known;
  const compiled = compile(schema, text);
  compiledSchemas.set(key, compiled);
  return compiled;
}

function compile(schema: JsonObject, text: string): Compiled {
  const violation = schemaBoundViolation(schema, text);
  if (violation !== undefined) return { usable: false, reason: violation };
  const drafts = draftsOf(schema);
  if (drafts.length === 0) return { usable: false, reason: "`$schema` must be JSON Schema 2020-12 or draft-07" };
  let reason = "";
  for (const draft of drafts) {
    const attempt = compileAs(draft, schema);
    if (typeof attempt === "function") {
      return {
        usable: true,
        validate: attempt,
        recursive: isRecursive(schema),
        comparesItems: text.includes('"uniqueItems":true'),
        subschemas: expandedSubschemas(schema),
      };
    }
    reason ||= attempt;
  }
  return { usable: false, reason };
}

type Draft = "2020-12" | "draft-07";

/** Without `$schema` the newer draft is tried first; older ones differ in tuples only. */
function draftsOf(schema: JsonObject): readonly Draft[] {
  const named = stringAt(schema, "$schema");
  if (named === undefined) return ["2020-12", "draft-07"];
  if (/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(named)) return ["2020-12"];
  return /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/.test(named) ? ["draft-07"] : [];
}

const sharedOptions = {
  strict: false,
  logger: false,
  code: { regExp: Object.assign(boundedPattern, { code: "" }) },
} as const;
const metaValidators = { "2020-12": new Ajv2020(sharedOptions), "draft-07": new Ajv(sharedOptions) } as const;

/** A compiled schema, or the reason why there is none. A validator of its own keeps one caller's `$id`s from another's. */
function compileAs(draft: Draft, schema: JsonObject): ValidateFunction | string {
  const meta = metaValidators[draft];
  try {
    if (meta.validateSchema(schema) !== true) return `it is not a valid schema: ${describeErrors(meta.errors ?? [])}`;
    const options = { ...sharedOptions, validateSchema: false, meta: false };
    const validator = draft === "2020-12" ? new Ajv2020(options) : new Ajv(options);
    formats.default(validator);
    const { $schema: _, ...rest } = schema;
    return validator.compile(rest);
  } catch (thrown) {
    return `it cannot be compiled: ${thrown instanceof Error ? thrown.message.slice(0, 200) : "unknown reason"}`;
  }
}

class TextTooLong extends Error {}

/** The regular expressions of schemas: with the `u` flag where the pattern allows it, on texts of bounded length only. */
function boundedPattern(pattern: string): { test(text: string): boolean } {
  const verdict = judgePattern(pattern);
  const limit = verdict.safe ? verdict.textLengthAtMost : 0;
  const expression = expressionOf(pattern);
  return {
    test(text) {
      if (text.length > limit) throw new TextTooLong(`a text is too long to be matched with the pattern ${pattern}`);
      return expression.test(text);
    },
  };
}

function expressionOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return new RegExp(pattern);
  }
}

function describeErrors(errors: readonly ErrorObject[]): string {
  const described = errors
    .slice(0, 3)
    .map((error) => `${error.instancePath || "the value"} ${error.message ?? "is wrong"}`);
  return described.join("; ").slice(0, 400);
}
