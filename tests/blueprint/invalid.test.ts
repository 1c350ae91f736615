// Every blueprint of invalid.txt is refused with exactly the findings that stand there, and the published schema agrees
// with the one that checks.

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "bun:test";
import { parseDocument } from "yaml";
import { blueprintJsonSchema } from "../../blueprint/json-schema.ts";
import { readBlueprint } from "../../blueprint/read-blueprint.ts";
import { blueprintSchema } from "../../blueprint/schema.ts";
import { asWritten, invalidCases } from "./invalid-cases.ts";

const cases = await invalidCases();
const published = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true }).compile(
  blueprintJsonSchema(),
);

test("there are more than a hundred of them", () => {
  expect(cases.length).toBeGreaterThan(100);
  expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
});

describe("refused is", () => {
  for (const { title, source, findings } of cases) {
    test(title, () => {
      const { blueprint, diagnostics } = readBlueprint(source);
      expect(diagnostics.map(asWritten)).toEqual([...findings]);
      expect(blueprint).toBeUndefined();
      expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true);
    });
  }
});

test("a finding marks text that stands in the file", () => {
  for (const { source } of cases) {
    const lines = source.split("\n");
    for (const { line, column, endLine, endColumn } of readBlueprint(source).diagnostics) {
      expect(line).toBe(endLine);
      expect(column).toBeLessThan(endColumn);
      expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
    }
  }
});

test("no finding repeats what may be a credential", () => {
  const source = cases.find(({ title }) => title === "an API key in the file")?.source ?? "";
  expect(source).toContain("sk-not-to-be-shown");
  expect(JSON.stringify(readBlueprint(source).diagnostics)).not.toContain("sk-not-to-be-shown");
});

test("the published schema and the one that checks agree about each of them", () => {
  const compared = cases.flatMap(({ title, source }) => {
    const document = parseDocument(source, { uniqueKeys: false, logLevel: "silent" });
    if (document.errors.length > 0 || source.includes("*base")) return [];
    const value: unknown = document.toJS();
    return [{ title, zod: blueprintSchema.safeParse(value).success, ajv: published(value) }];
  });
  expect(compared.length).toBeGreaterThan(80);
  expect(compared.filter(({ zod, ajv }) => zod !== ajv)).toEqual([]);
  expect(compared.filter(({ ajv }) => !ajv).length).toBeGreaterThan(50);
});
