// What Gemini says comes back to it as it was, through every client; and a stream means the same as a whole answer,
// however it is cut.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { arrayAt, isObject, objectAt, type Json, type JsonObject } from "../../contracts/json.ts";
import type { Answer, AnswerPart } from "../../conversation/answer.ts";
import { AnswerCollector } from "../../conversation/collect.ts";
import { encodeEvent, EventParser } from "../../conversation/events.ts";
import { chatCompletionsProtocol } from "../../protocols/chat-completions/index.ts";
import { messagesProtocol } from "../../protocols/messages/index.ts";
import type { ClientProtocol } from "../../protocols/protocol.ts";
import { responsesProtocol } from "../../protocols/responses/index.ts";
import { geminiDialect } from "./index.ts";

const model = "gemini-3.1-pro-preview";
const words = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
const signature = fc.base64String({ minLength: 4, maxLength: 40 });
const args = fc
  .dictionary(name, fc.oneof(words, fc.integer(), fc.boolean()))
  .filter((of) => Object.keys(of).length > 0);

const thought = words.map((text): JsonObject => ({ text, thought: true }));
const signed = (part: JsonObject, by: string | undefined): JsonObject =>
  by === undefined ? part : { ...part, thoughtSignature: by };
const text = fc.tuple(words, fc.option(signature, { nil: undefined })).map(([of, by]) => signed({ text: of }, by));
const call = fc
  .record({ name, args, id: fc.stringMatching(/^[a-z0-9]{4,12}$/) }, { requiredKeys: ["name", "args"] })
  .map((functionCall): JsonObject => ({ functionCall }));
/** Of several calls the first is signed. */
const calls = fc.tuple(fc.uniqueArray(call, { maxLength: 3, selector: idOf }), signature).map(([found, by]) => {
  const [first, ...others] = found;
  return first === undefined ? [] : [signed(first, by), ...others];
});

/** Calls without an id are told apart by their place, so only given ids have to differ. */
function idOf({ functionCall }: JsonObject): Json {
  return isObject(functionCall) && functionCall["id"] !== undefined ? functionCall["id"] : {};
}

const contents = fc
  .tuple(fc.option(thought), fc.option(text), calls)
  .map(([thinking, said, called]) => [thinking, said, ...called].filter((part) => part !== null))
  .filter((parts) => parts.some(({ thought: isThought }) => isThought !== true));

const counts = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.nat(999), fc.nat(999))
  .map(([prompt, candidates, thoughts]) => ({
    promptTokenCount: prompt,
    candidatesTokenCount: candidates,
    thoughtsTokenCount: thoughts,
    totalTokenCount: prompt + candidates + thoughts,
  }));

function bodyOf(parts: readonly JsonObject[], usageMetadata: JsonObject): JsonObject {
  const candidate = { content: { role: "model", parts: [...parts] }, finishReason: "STOP", index: 0 };
  return { candidates: [candidate], usageMetadata, modelVersion: model, responseId: "5Z2KaZbXAoqk_z7-IP6" };
}

describe("a stream", () => {
  const numbers = fc.array(fc.nat(), { maxLength: 40 });

  test("means the whole answer, however its texts and its bytes are split", () => {
    fc.assert(
      fc.property(contents, counts, numbers, (parts, usage, cuts) => {
        const whole = bodyOf(parts, usage);
        const collector = new AnswerCollector(true);
        for (const part of decodedFrom(bytesOf(piecesOf(parts, whole)), cuts)) collector.add(part);
        expect(collector.answer()).toEqual(geminiDialect.decodeAnswer(whole));
      }),
    );
  });
});

/** One piece for each half of a text, a signature behind its text, and the end in a piece of its own. */
function piecesOf(parts: readonly JsonObject[], { usageMetadata, ...whole }: JsonObject): JsonObject[] {
  const { modelVersion, responseId } = whole;
  const head = { modelVersion, responseId };
  const told = parts.flatMap((part) => {
    const { text: said, thoughtSignature, ...rest } = part;
    if (typeof said !== "string") return [part];
    const half = Math.floor(said.length / 2);
    const halves = [said.slice(0, half), said.slice(half)].map((piece) => ({ text: piece, ...rest }));
    return thoughtSignature === undefined ? halves : [...halves, { text: "", thoughtSignature }];
  });
  const pieces = told.map((part) => ({ candidates: [{ content: { parts: [part] }, index: 0 }], ...head }));
  return [...pieces, { candidates: [{ finishReason: "STOP", index: 0 }], ...head, usageMetadata }];
}

function bytesOf(pieces: readonly JsonObject[]): Uint8Array {
  return Buffer.concat(pieces.map((piece) => encodeEvent({ data: JSON.stringify(piece) })));
}

function decodedFrom(bytes: Uint8Array, cuts: readonly number[]): AnswerPart[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].toSorted((a, b) => a - b);
  const parser = new EventParser();
  const decoder = geminiDialect.decodeStream();
  const decoded = places.flatMap((place, index) =>
    parser.push(bytes.subarray(places[index - 1] ?? 0, place)).flatMap((event) => [...decoder.step(event)]),
  );
  return [...decoded, ...decoder.finish()];
}

/** The next request of a client that keeps what it was answered, and answers each call. */
const clients: { readonly [protocol: string]: (answer: JsonObject) => JsonObject } = {
  "chat completions": (answer) => {
    const [choice] = arrayAt(answer, "choices") ?? [];
    const message = isObject(choice) ? (objectAt(choice, "message") ?? {}) : {};
    const results = (arrayAt(message, "tool_calls") ?? []).map((each) => ({
      role: "tool",
      tool_call_id: isObject(each) ? each["id"] : undefined,
      content: "done",
    }));
    return { model, messages: [{ role: "user", content: "go" }, message, ...results, ...nextTurn(results)] };
  },
  responses: (answer) => {
    const output = arrayAt(answer, "output") ?? [];
    const results = output.flatMap((item) =>
      isObject(item) && item["type"] === "function_call"
        ? [{ type: "function_call_output", call_id: item["call_id"], output: "done" }]
        : [],
    );
    return { model, input: [{ role: "user", content: "go" }, ...output, ...results, ...nextTurn(results)] };
  },
  messages: (answer) => {
    const content = arrayAt(answer, "content") ?? [];
    const results = content.flatMap((block) =>
      isObject(block) && block["type"] === "tool_use"
        ? [{ type: "tool_result", tool_use_id: block["id"], content: "done" }]
        : [],
    );
    const next = results.length === 0 ? "go on" : results;
    const turns = [
      { role: "user", content: "go" },
      { role: "assistant", content },
      { role: "user", content: next },
    ];
    return { model, max_tokens: 9, messages: turns };
  },
};

function nextTurn(results: readonly unknown[]): JsonObject[] {
  return results.length === 0 ? [{ role: "user", content: "go on" }] : [];
}

const protocols: readonly [string, ClientProtocol][] = [
  ["chat completions", chatCompletionsProtocol],
  ["responses", responsesProtocol],
  ["messages", messagesProtocol],
];

describe.each(protocols)("what the model said, through %s", (spoken, protocol) => {
  const encodeAnswer = (answer: Answer): JsonObject =>
    protocol.encodeAnswer(answer, { answerId: "0a1b", createdAt: 1, model, request: {} }, undefined);

  test("comes back to it without its thoughts and with every signature, and its calls find their results", () => {
    fc.assert(
      fc.property(contents, counts, (parts, usage) => {
        const answer = geminiDialect.decodeAnswer(bodyOf(parts, usage));
        const next = clients[spoken]?.(encodeAnswer(answer)) ?? {};
        const options = { model, maxOutputTokens: undefined, stream: false };
        const body = geminiDialect.encodeRequest(protocol.toPrompt(next, []), options, () => undefined);
        const said = parts.filter(({ thought: isThought }) => isThought !== true);
        const called = said.flatMap((part) => (isObject(part["functionCall"]) ? [part["functionCall"]] : []));
        const answered = called.map(({ name: of, id }) => ({
          functionResponse: { ...(id === undefined ? {} : { id }), name: of, response: { output: "done" } },
        }));
        expect(body["contents"]).toEqual([
          { role: "user", parts: [{ text: "go" }] },
          { role: "model", parts: said },
          { role: "user", parts: called.length === 0 ? [{ text: "go on" }] : answered },
        ]);
      }),
    );
  });
});
