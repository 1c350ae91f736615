import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseJson, parseObject, type Json, type JsonObject } from "../contracts/json.ts";
import { checkSchema, validateSchemaIsUsable } from "./check-schema.ts";
import { judgePattern } from "./pattern-bounds.ts";

describe("checkSchema", () => {
  test("says where a value breaks the schema, and nothing of the value", () => {
    const schema = { type: "object", properties: { people: { type: "array", items: { required: ["id"] } } } };
    expect(checkSchema(schema, { people: [{ id: 1 }, { secret: "x" }] })).toEqual({
      kind: "violated",
      detail: "/people/1 must have required property 'id'",
    });
    expect(checkSchema(schema, { people: [{ id: 1 }] })).toEqual({ kind: "satisfied" });
  });

  test("reads tuples as the draft named in $schema does, and tries both drafts when none is named", () => {
    const draft7 = { type: "array", items: [{ type: "string" }] };
    expect(checkSchema({ ...draft7, $schema: "http://json-schema.org/draft-07/schema#" }, [1]).kind).toBe("violated");
    expect(checkSchema(draft7, [1]).kind).toBe("violated");
    const newer = { $schema: "https://json-schema.org/draft/2020-12/schema", prefixItems: [{ type: "string" }] };
    expect(checkSchema(newer, [1]).kind).toBe("violated");
    expect(checkSchema({ $schema: "http://json-schema.org/draft-04/schema#" }, 1).kind).toBe("not_checked");
  });

  test("checks formats", () => {
    expect(checkSchema({ type: "string", format: "email" }, "ada@example.com").kind).toBe("satisfied");
    expect(checkSchema({ type: "string", format: "email" }, "ada").kind).toBe("violated");
    expect(checkSchema({ type: "string", format: "of-our-own" }, "anything").kind).toBe("satisfied");
  });

  test("keeps one caller's $id from changing another's schema", () => {
    const $id = "https://example.com/thing.json";
    expect(checkSchema({ $id, type: "string" }, 1).kind).toBe("violated");
    expect(checkSchema({ $id, type: "number" }, 1).kind).toBe("satisfied");
    const impostor = { $id: "https://json-schema.org/draft/2020-12/schema", type: "string" };
    expect(checkSchema(impostor, "x").kind).toBe("satisfied");
    expect(checkSchema({ type: "number" }, 1).kind).toBe("satisfied");
  });

  test("checks recursive schemas down to a bounded depth", () => {
    const tree = { type: "object", properties: { next: { $ref: "#" }, n: { type: "integer" } } };
    const nested = (depth: number, innermost: Json): Json =>
      depth === 0 ? innermost : { next: nested(depth - 1, innermost) };
    expect(checkSchema(tree, nested(10, { n: 1 })).kind).toBe("satisfied");
    expect(checkSchema(tree, nested(10, { n: "x" })).kind).toBe("violated");
    expect(checkSchema(tree, nested(40, { n: 1 })).kind).toBe("not_checked");
  });

  test("leaves values alone that would take too long to check", () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({ index }));
    expect(checkSchema({ type: "array", items: { type: "object" } }, many).kind).toBe("satisfied");
    expect(checkSchema({ type: "array", uniqueItems: true }, many).kind).toBe("not_checked");
    const choices = Array.from({ length: 10_000 }, (_, index) => `c${index}`);
    expect(checkSchema({ items: { enum: choices } }, ["c9999"]).kind).toBe("satisfied");
    expect(checkSchema({ items: { enum: choices } }, Array<string>(50_000).fill("c1")).kind).toBe("not_checked");
  });

  test("survives a schema that refers to itself and nothing else, and values without bottom", () => {
    expect(checkSchema({ $ref: "#" }, 1).kind).toBe("not_checked");
    let deep: Json = [];
    for (let level = 0; level < 200_000; level += 1) deep = [deep];
    expect(checkSchema({ type: "array" }, deep).kind).toBe("not_checked");
  });

  test("never throws, whatever is sent as a schema", () => {
    const kinds = new Set(["satisfied", "violated", "not_checked"]);
    const keywords = fc.constantFrom(
      "type",
      "properties",
      "items",
      "$ref",
      "pattern",
      "anyOf",
      "minimum",
      "enum",
      "not",
    );
    const schema = fc.dictionary(keywords, fc.jsonValue());
    fc.assert(
      fc.property(schema, fc.jsonValue(), (random, value) =>
        kinds.has(
          checkSchema(parseObject(JSON.stringify(random)) ?? {}, parseJson(JSON.stringify(value)) ?? null).kind,
        ),
      ),
      { numRuns: 300 },
    );
  });
});

describe("validateSchemaIsUsable", () => {
  test("accepts what providers' own guides show", () => {
    const step = { type: "object", properties: { explanation: { type: "string" }, output: { type: "string" } } };
    expect(
      validateSchemaIsUsable({ type: "object", properties: { steps: { type: "array", items: step } } }),
    ).toBeUndefined();
    expect(validateSchemaIsUsable({ $ref: "#/$defs/a", $defs: { a: { type: "string" } } })).toBeUndefined();
    expect(validateSchemaIsUsable({})).toBeUndefined();
  });

  test("refuses remote references, wherever they stand", () => {
    const inner = { properties: { a: { anyOf: [{ $ref: "http://169.254.169.254/schema" }] } } };
    expect(validateSchemaIsUsable(inner)).toContain("never loaded");
    expect(validateSchemaIsUsable({ properties: { $ref: { type: "string" } } })).toBeUndefined();
    expect(validateSchemaIsUsable({ const: { $ref: "http://example.com" } })).toBeUndefined();
  });

  test("refuses what is no schema, and references to nothing", () => {
    expect(validateSchemaIsUsable({ type: "strong" })).toContain("not a valid schema");
    expect(validateSchemaIsUsable({ $ref: "#/$defs/missing" })).toContain("cannot be compiled");
  });

  test("refuses schemas too large, too deep, or that multiply through references", () => {
    expect(validateSchemaIsUsable({ description: "x".repeat(200_000) })).toContain("larger than");
    let deep: JsonObject = {};
    for (let level = 0; level < 100; level += 1) deep = { not: deep };
    expect(validateSchemaIsUsable(deep)).toContain("nested deeper");
    const doubling: JsonObject = { d0: { type: "string" } };
    for (let level = 1; level < 40; level += 1) {
      const reference = { $ref: `#/$defs/d${level - 1}` };
      doubling[`d${level}`] = { allOf: [reference, reference] };
    }
    expect(validateSchemaIsUsable({ $ref: "#/$defs/d39", $defs: doubling })).toContain("expand to more than");
  });

  test("refuses patterns that could take exponential time", () => {
    expect(validateSchemaIsUsable({ type: "string", pattern: "^(a+)+$" })).toContain("repeats a group");
    expect(validateSchemaIsUsable({ patternProperties: { "(x*)*": {} } })).toContain("repeats a group");
    expect(validateSchemaIsUsable({ properties: { pattern: { const: "(a+)+" } } })).toBeUndefined();
  });
});

describe("judgePattern", () => {
  test("accepts ordinary patterns", () => {
    const ordinary = [
      "^[A-Z]{3}-\\d{4}$",
      "^\\+?[1-9]\\d{1,14}$",
      "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
      "^(red|green|blue)$",
      "^(?:cat|dog)+$",
      "^(?:\\d{4}-)?\\d{2}$",
      "^https?://",
      "^[(+*]{2,}$",
      "\\(\\d+\\)\\+",
      "^(\\d{3}){2}$",
      "^(\\d{1,3}\\.){3}\\d{1,3}$",
      "^[a-z0-9]+(?:-[a-z0-9]{1,8})?$",
      "^[0-9a-f]{32}$",
    ];
    expect(ordinary.filter((pattern) => !judgePattern(pattern).safe)).toEqual([]);
  });

  test("refuses nested and ambiguous repetition and back-references", () => {
    const dangerous = [
      "(a+)+",
      "(a*)*",
      "^(([a-z])+.)+[A-Z]([a-z])+$",
      "(a|aa)+",
      "(a|a?)+",
      "(\\w|\\d)*",
      "(.|x)*",
      "(|a)+",
      "(a|)+",
      "((ab)*)+",
      "(?:a{1,9}){5,}",
      "(x+x+)+y",
      "(a)\\1",
      "(?<n>a)\\k<n>",
      "((a|ab)c)*",
      `^${"a?".repeat(30)}${"a".repeat(30)}$`,
      `^${"(a|a)".repeat(30)}$`,
      `^${"a{0,15}".repeat(8)}$`,
    ];
    expect(dangerous.filter((pattern) => judgePattern(pattern).safe)).toEqual([]);
  });

  test("keeps long texts from patterns whose work grows with a power of the length", () => {
    const schema = { type: "string", pattern: "\\d+\\d+\\d+x$" };
    expect(checkSchema(schema, "12345x").kind).toBe("satisfied");
    const started = performance.now();
    expect(checkSchema(schema, "1".repeat(100_000)).kind).toBe("not_checked");
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("bounds the time of every pattern it accepts, on the longest text it allows", () => {
    const atom = fc.constantFrom("a", "[ab]", ".", "\\w", "(a|b)", "(?:ab)", "(a|ab)", "(a+)");
    const quantifier = fc.constantFrom("", "*", "+", "?", "{2,3}", "{1,}", "*?");
    const pieces = fc.array(
      fc.tuple(atom, quantifier).map((pair) => pair.join("")),
      { minLength: 1, maxLength: 12 },
    );
    const property = fc.property(pieces, fc.boolean(), (parts, grouped) => {
      const body = parts.join("");
      const pattern = grouped ? `(${body})*c$` : `${body}c$`;
      const verdict = judgePattern(pattern);
      if (!verdict.safe) return;
      const started = performance.now();
      new RegExp(pattern, "u").test("a".repeat(Math.min(verdict.textLengthAtMost, 100_000)));
      expect(performance.now() - started).toBeLessThan(500);
    });
    fc.assert(property, { numRuns: 100 });
  });
});
