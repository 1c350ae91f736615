// What one side of the gateway writes, the other reads back in the same sense: requests, whole answers and streams.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Answer, AnswerPart, FinishReason } from "../../conversation/answer.ts";
import { AnswerCollector } from "../../conversation/collect.ts";
import { encodeEvent, EventParser } from "../../conversation/events.ts";
import type { AssistantPart, GeneratePrompt, Message, UserPart } from "../../conversation/prompt.ts";
import type { Usage } from "../../conversation/usage.ts";
import { parseObject } from "../../contracts/json.ts";
import { claudeRedacted, claudeThinking } from "../../protocols/messages-wire.ts";
import { messagesProtocol } from "../../protocols/messages/index.ts";
import { messagesDialect } from "./index.ts";

const context = { answerId: "0a1b", createdAt: 1, model: "claude-sonnet-4-6", request: {} };

const words = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
const callId = fc.stringMatching(/^toolu_[a-zA-Z0-9]{1,12}$/);
const json = fc.dictionary(name, fc.oneof(words, fc.integer(), fc.boolean())).map((value) => JSON.stringify(value));
const text = fc.record({ type: fc.constant("text" as const), text: words });
const thinking = fc.tuple(words, words).map(([thought, signature]) => claudeThinking(thought, signature));
const call = fc.record({ type: fc.constant("tool-call" as const), callId, name, arguments: json });
const part: fc.Arbitrary<AssistantPart> = fc.oneof(text, thinking, words.map(claudeRedacted), call);

const usage: fc.Arbitrary<Usage> = fc
  .tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999))
  .map(([fresh, cached, written, thought, said]) => ({
    kind: "exact",
    inputTokens: fresh + cached + written + 1,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: thought + said,
    reasoningTokens: thought,
  }));

const finish: fc.Arbitrary<FinishReason> = fc.constantFrom("stop", "length", "tool_calls", "content_filter");

const answers: fc.Arbitrary<Answer> = fc.record({
  id: name.map((id) => `msg_${id}`),
  model: fc.constant(context.model),
  parts: fc.array(part, { maxLength: 5 }),
  finish,
  usage,
});

test("a whole answer comes back the same", () => {
  fc.assert(
    fc.property(answers, (answer) => {
      const body = messagesProtocol.encodeAnswer(answer, context, { lane: "auto" });
      expect(messagesDialect.decodeAnswer(body)).toEqual(answer);
    }),
  );
});

describe("a streamed answer", () => {
  const numbers = fc.array(fc.nat(), { maxLength: 60 });

  test("comes back the same, however its blocks overlap and its bytes are split", () => {
    fc.assert(
      fc.property(answers, numbers, numbers, (answer, order, cuts) => {
        const bytes = bytesOf(interleaved(answer, order));
        const collector = new AnswerCollector(true);
        for (const decoded of decodedFrom(bytes, cuts)) collector.add(decoded);
        const inOrder = { ...answer, parts: firstStarted(answer, order) };
        expect(collector.answer()).toEqual(inOrder);
      }),
    );
  });

  test("has one block open at a time, numbered without a gap, and names each event by its type", () => {
    fc.assert(
      fc.property(answers, numbers, (answer, order) => {
        let open: number | undefined;
        let next = 0;
        for (const event of new EventParser().push(bytesOf(interleaved(answer, order)))) {
          const data = parseObject(event.data) ?? {};
          expect(data.type).toBe(event.event);
          if (event.event === "content_block_start") {
            expect([open, data.index]).toEqual([undefined, next]);
            open = next++;
          }
          if (event.event === "content_block_delta") expect(data.index).toBe(open);
          if (event.event === "content_block_stop") {
            expect(data.index).toBe(open);
            open = undefined;
          }
        }
        expect(open).toBeUndefined();
      }),
    );
  });
});

type Piece = Extract<AnswerPart, { readonly block: number }>;

/** The parts of an answer, each block in two pieces, its blocks interleaved by the numbers. */
function interleaved(answer: Answer, order: readonly number[]): AnswerPart[] {
  return [
    { type: "start", ...(answer.id === undefined ? {} : { id: answer.id }) },
    ...mixed(answer, order),
    { type: "end", finish: answer.finish, usage: answer.usage },
  ];
}

function mixed(answer: Answer, order: readonly number[]): Piece[] {
  const lanes = answer.parts.map((one, block) => piecesOf(one, block));
  const pieces: Piece[] = [];
  for (const choice of order) {
    const waiting = lanes.filter((lane) => lane.length > 0);
    pieces.push(...(waiting[choice % Math.max(1, waiting.length)]?.splice(0, 1) ?? []));
  }
  return [...pieces, ...lanes.flat()];
}

/** An answer's parts in the order in which their blocks begin. */
function firstStarted(answer: Answer, order: readonly number[]): AssistantPart[] {
  const blocks = new Set(mixed(answer, order).map(({ block }) => block));
  return [...blocks].flatMap((block) => answer.parts[block] ?? []);
}

function piecesOf(one: AssistantPart, block: number): Piece[] {
  const whole = one.type === "tool-call" ? one.arguments : one.text;
  const half = Math.floor(whole.length / 2);
  const halves = [whole.slice(0, half), whole.slice(half)].filter((piece) => piece !== "");
  switch (one.type) {
    case "tool-call":
      return [
        { type: "tool-call-start", block, callId: one.callId, name: one.name },
        ...halves.map((piece) => ({ type: "tool-call-delta" as const, block, arguments: piece })),
        { type: "tool-call-end", block },
      ];
    case "reasoning":
      return [
        { type: "reasoning-start", block },
        ...halves.map((piece) => ({ type: "reasoning-delta" as const, block, text: piece })),
        { type: "reasoning-end", block, ...(one.encrypted === undefined ? {} : { encrypted: one.encrypted }) },
      ];
    default:
      return [
        { type: "text-start", block },
        ...halves.map((piece) => ({ type: "text-delta" as const, block, text: piece })),
        { type: "text-end", block },
      ];
  }
}

function bytesOf(parts: readonly AnswerPart[]): Uint8Array {
  const encoder = messagesProtocol.encodeStream(context);
  const events = parts.flatMap((one) => (one.type === "end" ? encoder.end(one, { lane: "auto" }) : encoder.step(one)));
  return Buffer.concat(events.map(encodeEvent));
}

function decodedFrom(bytes: Uint8Array, cuts: readonly number[]): AnswerPart[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].toSorted((a, b) => a - b);
  const parser = new EventParser();
  const decoder = messagesDialect.decodeStream();
  const decoded = places.flatMap((place, index) =>
    parser.push(bytes.subarray(places[index - 1] ?? 0, place)).flatMap((event) => [...decoder.step(event)]),
  );
  return [...decoded, ...decoder.finish()];
}

const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  text,
  fc.constantFrom(
    { type: "image" as const, url: "https://example.com/disc.jpg" },
    { type: "image" as const, url: "data:image/png;base64,iVBORw0KGgo=" },
    { type: "file" as const, source: { url: "https://example.com/disc.pdf" }, filename: "disc" },
    { type: "file" as const, source: { data: "data:application/pdf;base64,JVBERi0xLjQ=" } },
  ),
);

/** Turns as this protocol has them: the user and the assistant by turns, results of tools before what the user says. */
const turns: fc.Arbitrary<Message[]> = fc
  .array(
    fc.tuple(
      fc.array(fc.tuple(callId, fc.array(userPart, { maxLength: 2 })), { maxLength: 2 }),
      fc.array(userPart, { minLength: 1, maxLength: 3 }),
      fc.array(part, { minLength: 1, maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((rounds) =>
    rounds.flatMap(([results, said, answered]): Message[] => [
      ...results.map(([id, parts]): Message => ({ role: "tool", callId: id, parts })),
      { role: "user", parts: said },
      { role: "assistant", parts: answered },
    ]),
  );

const parameters = { type: "object", properties: { city: { type: "string" } } };

const prompts: fc.Arbitrary<GeneratePrompt> = fc
  .tuple(
    fc.array(text, { minLength: 1, maxLength: 2 }),
    turns,
    fc.array(
      name.map((of) => ({ name: of, parameters })),
      { minLength: 1, maxLength: 2 },
    ),
    fc.record(
      {
        toolChoice: fc.oneof(fc.constantFrom("auto" as const, "required" as const), fc.record({ name })),
        temperature: fc.constantFrom(0, 0.5, 1),
        stop: fc.constant(["END"]),
        user: words,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([system, messages, tools, rest]) => ({
    kind: "generate",
    messages: [{ role: "system", parts: system }, ...messages],
    tools,
    ...rest,
  }));

test("a prompt comes back the same, with nothing to warn of", () => {
  fc.assert(
    fc.property(prompts, fc.boolean(), (prompt, stream) => {
      const warnings: string[] = [];
      const options = { model: "claude-sonnet-4-6", maxOutputTokens: 64, stream };
      const body = messagesDialect.encodeRequest(prompt, options, (sentence) => warnings.push(sentence));
      expect(messagesProtocol.read(body, 1_000)).toMatchObject({ maxOutputTokens: 64, stream });
      expect(messagesProtocol.toPrompt(body, warnings)).toEqual(prompt);
      expect(warnings).toEqual([]);
    }),
  );
});
