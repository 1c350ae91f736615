// Embeddings: the four input forms, both encodings, and what is refused.

import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import OpenAI from "openai";
import type { JsonObject } from "../../contracts/json.ts";
import { parseObject } from "../../contracts/json.ts";
import { embeddingsProtocol as protocol } from "./index.ts";
import { decodeVector, encodeVector } from "../embedding-vectors.ts";

const read = (body: JsonObject) => protocol.read(body, 100);

test.each([
  ["a text", "hello", ["hello"]],
  ["texts", ["a", "b"], ["a", "b"]],
  ["tokens", [1, 2, 3], [[1, 2, 3]]],
  ["token arrays", [[1], [2, 3]], [[1], [2, 3]]],
])("%s as input", (_what, input, inputs) => {
  expect(read({ input }).features.embeddingInputs).toBe(inputs.length);
  expect(protocol.toPrompt({ input, dimensions: 256, user: "u" }, [])).toEqual({
    kind: "embed",
    inputs,
    dimensions: 256,
    user: "u",
  });
});

describe("a wrong field is refused by its name", () => {
  const cases: [string, JsonObject][] = [
    ["input", {}],
    ["input", { input: [] }],
    ["input", { input: Array.from({ length: 2_049 }, () => "x") }],
    ["input", { input: "" }],
    ["input[1]", { input: ["a", ""] }],
    ["input[0]", { input: [-1] }],
    ["stream", { input: "a", stream: true }],
    ["dimensions", { input: "a", dimensions: 0 }],
    ["encoding_format", { input: "a", encoding_format: "hex" }],
  ];
  test.each(cases)("%s", (param, body) => {
    expect(() => read(body)).toThrow(`\`${param}\` must be`);
  });
});

test("2,048 inputs are accepted", () => {
  expect(read({ input: Array.from({ length: 2_048 }, () => "x") }).features.embeddingInputs).toBe(2_048);
});

test("the body passes with its encoding and without our metadata", () => {
  const body = { model: "auto", input: "a", encoding_format: "base64", metadata: { astrolabe: {} } };
  expect(protocol.passBody(body, "m-1", undefined)).toEqual({ model: "m-1", input: "a", encoding_format: "base64" });
});

test("base64 holds the same 32-bit floats", () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 50 }), (vector) => {
      expect(decodeVector(encodeVector(vector))).toEqual(vector);
    }),
  );
  expect(encodeVector([1])).toBe("AACAPw==");
  expect(decodeVector("AACA")).toBeUndefined();
});

const server = Bun.serve({
  port: 0,
  fetch: async (request) => {
    const body = parseObject(await request.text()) ?? {};
    const context = { answerId: "a", createdAt: 1, model: "m", request: body };
    const usage = { kind: "exact", inputTokens: 4, outputTokens: 0 } as const;
    const answer = { parts: [], finish: "stop", usage, embeddings: [[0.5, -0.25], [1]] } as const;
    return Response.json(protocol.encodeAnswer(answer, context, { lane: "pinned" }));
  },
});
afterAll(() => server.stop(true));

test.each([undefined, "float", "base64"] as const)(
  "the official client reads vectors with encoding %p",
  async (encoding) => {
    const client = new OpenAI({ apiKey: "k", baseURL: `http://127.0.0.1:${server.port}/v1`, maxRetries: 0 });
    const answer = await client.embeddings.create({
      model: "m",
      input: ["a", "b"],
      ...(encoding === undefined ? {} : { encoding_format: encoding }),
    });
    const vectors = answer.data.map(({ embedding }) =>
      typeof embedding === "string" ? decodeVector(embedding) : embedding,
    );
    expect(vectors).toEqual([[0.5, -0.25], [1]]);
    expect(answer.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });
  },
);
