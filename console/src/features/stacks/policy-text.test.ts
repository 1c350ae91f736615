import { describe, expect, test } from "bun:test";
import { pathOf, pointerOf, schemaAt, withDefaults, withoutDefaults, type PolicySchema } from "./policy-schema.ts";
import { changeText, rangeOf, readText, valueAt, writeText } from "./policy-text.ts";
import { readPasted } from "./pasted-request.ts";

const text = writeText({ objective: { qualityTarget: "high", priority: ["a", "b"] }, budget: { dailyUsd: "5" } });
const slice = (pointer: string, of = text) => {
  const { from, to } = rangeOf(of, pointer);
  return of.slice(from, to);
};

describe("a policy's text", () => {
  test("is read as an object, or told what is wrong and where", () => {
    expect(readText(text).policy).toMatchObject({ budget: { dailyUsd: "5" } });
    const [fault] = readText('{\n  "budget": { "dailyUsd": 5, }\n}').faults;
    expect(fault?.message).toContain("name in quotation marks");
    expect(fault?.from).toBe(31);
    expect(readText("[1]").faults[0]?.message).toContain("object");
    expect(readText("").policy).toBeUndefined();
  });

  test("changes one field and leaves the others as they are written", () => {
    const odd = '{ "objective": {"qualityTarget":"high"},\n "budget": {} }';
    const changed = changeText(odd, ["objective", "qualityTarget"], "draft");
    expect(changed).toBe(odd.replace("high", "draft"));
    expect(readText(changeText(text, ["fallback", "maxAttempts"], 2)).policy).toMatchObject({
      fallback: { maxAttempts: 2 },
    });
  });

  test("loses a group with the last of its fields, and nothing else", () => {
    const without = readText(changeText(text, ["budget", "dailyUsd"], undefined)).policy;
    expect(without).toEqual({ objective: { qualityTarget: "high", priority: ["a", "b"] } });
  });

  test("finds the line of a field, of an item, and of what is not written", () => {
    expect(slice("/objective/qualityTarget")).toBe('"qualityTarget": "high"');
    expect(slice("/objective/priority/1")).toBe('"b"');
    expect(slice("/budget/warnPercent")).toStartWith('"budget": {');
    expect(slice("/memory/traces")).toBe("{");
  });
});

describe("a policy's schema", () => {
  const schema: PolicySchema = {
    properties: {
      objective: {
        properties: {
          qualityTarget: { type: "string", default: "standard" },
          rules: { type: "array", default: [], items: { properties: { use: { type: "array" } } } },
        },
      },
      safety: { properties: { tools: { default: {}, additionalProperties: { type: "array" } } } },
    },
  };

  test("is walked by names and places", () => {
    expect(schemaAt(schema, ["objective", "rules", 3, "use"])).toEqual({ type: "array" });
    expect(schemaAt(schema, ["safety", "tools", "any"])).toEqual({ type: "array" });
    expect(schemaAt(schema, ["objective", "speed"])).toBeUndefined();
  });

  test("fills in defaults and takes them out again", () => {
    const written = { objective: { qualityTarget: "high" } };
    const full = withDefaults(written, schema);
    expect(full).toEqual({ objective: { qualityTarget: "high", rules: [] }, safety: { tools: {} } });
    expect(withoutDefaults(full, schema)).toEqual(written);
    expect(valueAt(full, ["objective", "rules"])).toEqual([]);
  });

  test("names paths by pointers, both ways", () => {
    expect(pointerOf(["safety", "a/b", 0])).toBe("/safety/a~1b/0");
    expect(pathOf("/safety/a~1b/0")).toEqual(["safety", "a/b", 0]);
    expect(pathOf("")).toEqual([]);
  });
});

describe("a pasted request", () => {
  test("is JSON in the protocol that its fields belong to", () => {
    expect(readPasted(' {"input":"hi"} ')).toMatchObject({
      kind: "request",
      protocol: "responses",
      body: '{"input":"hi"}',
    });
    expect(readPasted('{"messages":[]}')).toMatchObject({ protocol: "chat-completions" });
    expect(readPasted("  ")).toEqual({ kind: "nothing" });
    expect(readPasted("{nope")).toMatchObject({ kind: "unreadable" });
  });

  test("is a curl command as a shell would read it", () => {
    const command = [
      "curl https://host/v1/chat/completions \\",
      "  -H \"Authorization: Bearer $KEY\" -H 'x-astrolabe-confirmed: confirm' \\",
      `  -d '{"model": "astrolabe/auto", "messages": [{"role": "user", "content": "it'\\''s"}]}'`,
    ].join("\n");
    expect(readPasted(command)).toEqual({
      kind: "request",
      body: `{"model": "astrolabe/auto", "messages": [{"role": "user", "content": "it's"}]}`,
      protocol: "chat-completions",
      confirmed: true,
    });
    const escaped = 'curl -X POST http://h/v1/embeddings --data "{\\"input\\": \\"a\\nb\\"}"';
    expect(readPasted(escaped)).toMatchObject({ protocol: "embeddings", body: '{"input": "a\\nb"}' });
    expect(readPasted("curl https://host/v1/models")).toMatchObject({ kind: "unreadable" });
  });
});
