// The bound of whole bodies: above what a tokenizer makes of everything the model reads, and unmoved by what it does not.

import { expect, test } from "bun:test";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import type { JsonObject } from "../contracts/json.ts";
import { tokenCorpus } from "../routing/token-corpus.test-kit.ts";
import { chatCompletionsProtocol } from "./chat-completions/index.ts";
import { embeddingsProtocol } from "./embeddings/index.ts";
import type { ClientProtocol } from "./protocol.ts";
import { responsesProtocol } from "./responses/index.ts";

const parameters = {
  type: "object",
  properties: {
    query: { type: "string", description: "Words to look for, as a person would type them." },
    from: { type: "integer", minimum: 0, maximum: 1_000_000 },
    kinds: { type: "array", items: { enum: ["book", "map", "letter"] } },
  },
  required: ["query"],
  additionalProperties: false,
};
const tools = [{ type: "function", function: { name: "look_up", description: "Searches the archive.", parameters } }];

function boundOf(protocol: ClientProtocol, body: JsonObject): number {
  return protocol.read(body, Buffer.byteLength(JSON.stringify(body))).features.textTokenBound;
}

function chat(content: JsonObject["content"], more: JsonObject = {}): JsonObject {
  return { model: "m", messages: [{ role: "user", content }], ...more };
}

test("messages and tools stay below it, even where the vendor writes schemas with line breaks and indentation", () => {
  for (const { name, text } of tokenCorpus()) {
    const bound = boundOf(chatCompletionsProtocol, chat(text, { tools }));
    const read = countTokens(text) + countTokens(JSON.stringify(tools, null, 2));
    expect({ name, enough: bound >= read }).toEqual({ name, enough: true });
    const body = { model: "m", instructions: text, input: text };
    expect(boundOf(responsesProtocol, body)).toBeGreaterThanOrEqual(2 * countTokens(text));
    expect(boundOf(embeddingsProtocol, { input: [text, text] })).toBeGreaterThanOrEqual(2 * countTokens(text));
  }
});

test("it never exceeds the bytes of the text", () => {
  const body = chat("hi", { tools });
  const { textBytes, textTokenBound } = chatCompletionsProtocol.read(body, JSON.stringify(body).length).features;
  expect(textTokenBound).toBeLessThan(textBytes);
  expect(boundOf(embeddingsProtocol, { input: "é" })).toBeLessThanOrEqual(2);
});

test("settings of the call do not move it, so a refusal's figure holds for the next request", () => {
  const bound = boundOf(chatCompletionsProtocol, chat("hello"));
  const limited = { max_completion_tokens: 123_456, temperature: 0.123456789, stream: false };
  expect(boundOf(chatCompletionsProtocol, chat("hello", limited)) - bound).toBe(0);
  const responses = (limit: number) =>
    boundOf(responsesProtocol, { model: "m", input: "hello", max_output_tokens: limit });
  expect(responses(7)).toBe(responses(65_536));
});

test("inline data is left out where the protocol knows it, and what stands beside it is not", () => {
  const data = `data:image/png;base64,${Buffer.alloc(60_000, 7).toString("base64")}`;
  const part = { type: "image_url", image_url: { url: data, detail: "high" } };
  const bound = boundOf(chatCompletionsProtocol, chat([{ type: "text", text: "What is this?" }, part]));
  expect(bound).toBeGreaterThan(20);
  expect(bound).toBeLessThan(200);
  const item = { role: "user", content: [{ type: "input_image", image_url: data }] };
  expect(boundOf(responsesProtocol, { model: "m", input: [item] })).toBeLessThan(150);
  const spoken = chat([{ type: "text", text: data }]);
  expect(boundOf(chatCompletionsProtocol, spoken)).toBeGreaterThan(20_000);
});
