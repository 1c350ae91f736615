import { describe, expect, test } from "bun:test";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import type { Json, JsonObject } from "../../contracts/json.ts";
import { exampleFor } from "./example-for.ts";
import { exampleOfPattern } from "./example-pattern.ts";

const options = { strict: false, allErrors: true };
const validators = { "2020-12": new Ajv2020(options), "draft-07": new Ajv(options) } as const;
for (const validator of Object.values(validators)) formats.default(validator);

/** The validator's complaints about the example, empty when it satisfies the schema. */
function complaints(schema: JsonObject, draft: "2020-12" | "draft-07" = "2020-12"): string {
  const example = exampleFor(schema);
  const validator = validators[draft];
  return validator.validate(schema, example) ? "" : `${JSON.stringify(example)}: ${validator.errorsText()}`;
}

const satisfiable: { readonly [what: string]: JsonObject } = {
  "plain types": {
    type: "object",
    properties: { a: { type: "string" }, b: { type: "integer" }, c: { type: "boolean" }, d: { type: "null" } },
    required: ["a", "b", "c", "d"],
    additionalProperties: false,
  },
  "a list of types": { type: ["null", "integer"], minimum: 3 },
  "a constant": { const: { fixed: [1, 2] } },
  "an enum": { enum: ["small", "large"] },
  "no keywords": {},
  "nothing required": { type: "object", properties: { a: { type: "number" }, b: { type: "string", format: "date" } } },
  "a property nobody described": { type: "object", required: ["free"] },
  "numbers between excluded limits": { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 0.5 },
  "integers below zero": { type: "integer", maximum: -7 },
  multiples: { type: "number", minimum: 0.25, multipleOf: 0.1 },
  "a whole number above a fraction": { type: "integer", minimum: 2.5, maximum: 3.5 },
  "long and short strings": {
    type: "object",
    properties: { long: { type: "string", minLength: 200 }, short: { type: "string", maxLength: 2 } },
    required: ["long", "short"],
  },
  "arrays of a length": { type: "array", items: { type: "string" }, minItems: 4, maxItems: 5 },
  "no items allowed": { type: "array", items: { type: "string" }, maxItems: 0 },
  "distinct numbers": { type: "array", items: { type: "integer", minimum: 5 }, minItems: 4, uniqueItems: true },
  "distinct choices": { type: "array", items: { enum: ["a", "b", "c"] }, minItems: 3, uniqueItems: true },
  "distinct texts": { type: "array", items: { type: "string" }, minItems: 3, uniqueItems: true },
  "a tuple": { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: false, minItems: 2 },
  "some property names": { type: "object", minProperties: 3, additionalProperties: { type: "integer" } },
  "anyOf beside properties": {
    type: "object",
    properties: { kind: { type: "string" } },
    required: ["kind"],
    anyOf: [{ properties: { kind: { const: "cat" } }, required: ["meow"] }, { required: ["bark"] }],
  },
  "oneOf of told-apart objects": {
    oneOf: [
      { type: "object", properties: { type: { const: "circle" }, r: { type: "number" } }, required: ["type", "r"] },
      { type: "object", properties: { type: { const: "square" }, a: { type: "number" } }, required: ["type", "a"] },
    ],
  },
  "allOf of references": {
    allOf: [{ $ref: "#/$defs/named" }, { $ref: "#/$defs/aged" }, { properties: { age: { minimum: 21 } } }],
    $defs: {
      named: { type: "object", properties: { name: { type: "string", minLength: 3 } }, required: ["name"] },
      aged: { type: "object", properties: { age: { type: "integer", minimum: 18 } }, required: ["age"] },
    },
  },
  "a reference with an escaped name": { $ref: "#/$defs/a~1b", $defs: { "a/b": { type: "boolean" } } },
  "a tree": {
    $ref: "#/$defs/node",
    $defs: {
      node: {
        type: "object",
        properties: { label: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
        required: ["label", "children"],
        additionalProperties: false,
      },
    },
  },
  "a linked list": {
    type: "object",
    properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } },
    required: ["next"],
  },
};

describe("exampleFor", () => {
  for (const [what, schema] of Object.entries(satisfiable)) {
    test(`satisfies ${what}`, () => {
      expect(complaints(schema)).toBe("");
    });
  }

  test("satisfies draft-07 tuples and definitions", () => {
    const schema = {
      type: "array",
      items: [{ $ref: "#/definitions/id" }, { type: "boolean" }],
      additionalItems: false,
      minItems: 2,
      definitions: { id: { type: "string", format: "uuid" } },
    };
    expect(complaints(schema, "draft-07")).toBe("");
  });

  for (const format of ["date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uuid"]) {
    test(`writes the format ${format}`, () => {
      expect(complaints({ type: "string", format })).toBe("");
    });
  }

  test("fills free strings with the words it is given, in order", () => {
    const schema = {
      type: "object",
      properties: { from: { type: "string" }, at: { type: "string", format: "date" }, to: { type: "string" } },
      required: ["from", "at", "to"],
    };
    expect(exampleFor(schema, ["Lima", "Quito"])).toEqual({ from: "Lima", at: "2026-01-15", to: "Quito" });
  });

  test("gives up on what nothing satisfies, and on schemas that never end or multiply", () => {
    expect(exampleFor({ type: "integer", minimum: 5, maximum: 4 })).toEqual({});
    expect(exampleFor({ $ref: "#" })).toEqual({});
    expect(exampleFor({ type: "object", properties: { next: { $ref: "#" } }, required: ["next"] })).toEqual({});
    expect(exampleFor({ anyOf: Array.from({ length: 9 }, () => ({ $ref: "#" })) })).toEqual({});
    expect(exampleFor({ $ref: "https://example.com/schema.json" })).toEqual({});
  });

  test("satisfies any schema put together from objects, arrays, numbers, strings and choices", () => {
    fc.assert(
      fc.property(schemas(), (schema) => complaints(schema) === ""),
      { numRuns: 300 },
    );
  });
});

function schemas(): fc.Arbitrary<JsonObject> {
  const range = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.nat({ max: 30 }));
  const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
    schema: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom<JsonObject>({ type: "boolean" }, { type: "null" }, { enum: [1, "two", null] }, { const: "x" }),
      range.map(([minimum, span]) => ({ type: "integer", minimum, maximum: minimum + span })),
      range.map(([minimum, span]) => ({ type: "number", exclusiveMinimum: minimum, maximum: minimum + span + 0.5 })),
      range.map(([shortest, span]) => {
        const minLength = Math.abs(shortest);
        return { type: "string", minLength, maxLength: minLength + span };
      }),
      fc
        .tuple(tie("schema"), fc.nat({ max: 3 }))
        .map(([items, minItems]) => ({ type: "array", items, minItems, maxItems: minItems + 1 })),
      fc
        .tuple(fc.dictionary(fc.string({ maxLength: 6 }), tie("schema"), { maxKeys: 3 }), fc.boolean())
        .map(objectSchema),
      fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    ),
  }));
  return schema;
}

function objectSchema([properties, required]: [{ [name: string]: Json }, boolean]): JsonObject {
  return { type: "object", properties, required: required ? Object.keys(properties) : [], additionalProperties: false };
}

describe("exampleOfPattern", () => {
  const patterns = [
    "^[A-Z]{3}-\\d{4}$",
    "^(red|green)(-(light|dark))?$",
    "^\\+?[1-9]\\d{1,14}$",
    "^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$",
    "^\\p{Lu}\\w*$",
    "^(?:a|b)+\\.(?<year>\\d{4})$",
    "^\\u0041\\x42[\\w.-]{5,}$",
    "^[^a-z]$",
    "^#[0-9a-fA-F]{6}$",
  ];
  for (const pattern of patterns) {
    test(`matches ${pattern}`, () => {
      const text = exampleOfPattern(pattern, 0);
      expect(text).toMatch(new RegExp(pattern, "u"));
    });
  }

  test("reaches a minimum length where something may repeat", () => {
    expect(exampleOfPattern("^[a-f]+$", 12)).toBe("aaaaaaaaaaaa");
  });

  test("gives up on what it does not understand, and on texts without end", () => {
    for (const pattern of ["(?=a)b", "(a)\\1", "[^\\s\\S]", "(a", "[a", "((a{999}){999}){999}", "\\p{Nonsense}"]) {
      expect(exampleOfPattern(pattern, 0)).toBeUndefined();
    }
  });
});
