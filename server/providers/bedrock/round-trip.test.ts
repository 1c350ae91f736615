// What is written for Converse reads back in the same sense on the other side, and its answers here: requests, whole
// answers and streams.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Answer, AnswerPart, FinishReason } from "../../conversation/answer.ts";
import { AnswerCollector } from "../../conversation/collect.ts";
import type { AssistantPart, GeneratePrompt, Message, UserPart } from "../../conversation/prompt.ts";
import type { Usage } from "../../conversation/usage.ts";
import { claudeThinking } from "../../protocols/messages-wire.ts";
import { converseBody, converseFrames, messagesOf } from "./converse.test-kit.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { EventStreamParser } from "./event-stream.ts";
import { redactedReasoning } from "./reasoning-marks.ts";

const model = "claude-sonnet-4-6";
const words = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((text) => text.trim() !== "");
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
const callId = fc.stringMatching(/^tooluse_[a-zA-Z0-9]{1,12}$/);
const json = fc.dictionary(name, fc.oneof(words, fc.integer(), fc.boolean())).map((value) => JSON.stringify(value));
const text = fc.record({ type: fc.constant("text" as const), text: words });
const thinking = fc.tuple(words, words).map(([thought, signature]) => claudeThinking(thought, signature));
const redacted = fc.base64String({ minLength: 4 }).map((data) => redactedReasoning(data, model));
const call = fc.record({ type: fc.constant("tool-call" as const), callId, name, arguments: json });
const part: fc.Arbitrary<AssistantPart> = fc.oneof(text, thinking, redacted, call);

const usage: fc.Arbitrary<Usage> = fc
  .tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999))
  .map(([fresh, cached, written, said]) => ({
    kind: "exact",
    inputTokens: fresh + cached + written + 1,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: said,
  }));
const finish: fc.Arbitrary<FinishReason> = fc.constantFrom("stop", "length", "tool_calls", "content_filter");
const answers: fc.Arbitrary<Answer> = fc.record({ parts: fc.array(part, { maxLength: 5 }), finish, usage });

describe("an answer", () => {
  test("in one piece comes back the same", () => {
    fc.assert(
      fc.property(answers, (answer) => {
        expect(decodeAnswer(converseBody(answer), model)).toEqual(answer);
      }),
    );
  });

  test("as a stream comes back the same, however its bytes are split", () => {
    fc.assert(
      fc.property(answers, fc.array(fc.nat(), { maxLength: 60 }), (answer, cuts) => {
        const collector = new AnswerCollector(true);
        for (const decoded of decodedFrom(converseFrames(answer), cuts)) collector.add(decoded);
        expect(collector.answer()).toEqual(answer);
      }),
    );
  });
});

function decodedFrom(bytes: Uint8Array, cuts: readonly number[]): AnswerPart[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].toSorted((a, b) => a - b);
  const parser = new EventStreamParser();
  const decoder = decodeStream(model);
  const decoded = places.flatMap((place, index) =>
    [...parser.push(bytes.subarray(places[index - 1] ?? 0, place))].flatMap((event) => [...decoder.step(event)]),
  );
  return [...decoded, ...decoder.finish()];
}

const media: fc.Arbitrary<UserPart> = fc.constant({ type: "image", url: "data:image/png;base64,iVBORw0KGgo=" });
const files: fc.Arbitrary<UserPart> = fc.nat().map((number) => ({
  type: "file",
  source: { data: "data:application/pdf;base64,JVBERi0xLjQ=" },
  filename: `disc ${number}`,
}));

/** Turns as this API has them: the user and the assistant by turns, results of tools before what the user says. */
const turns: fc.Arbitrary<Message[]> = fc
  .array(
    fc.tuple(
      fc.array(fc.tuple(callId, fc.array(fc.oneof(text, media), { minLength: 1, maxLength: 2 })), { maxLength: 2 }),
      text,
      fc.array(fc.oneof(text, media), { maxLength: 2 }),
      fc.array(part, { minLength: 1, maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((rounds) =>
    rounds.flatMap(([results, said, more, answered]): Message[] => [
      ...results.map(([id, parts]): Message => ({ role: "tool", callId: id, parts })),
      { role: "user", parts: [said, ...more] },
      { role: "assistant", parts: answered },
    ]),
  );

const prompts: fc.Arbitrary<GeneratePrompt> = fc
  .tuple(fc.array(text, { minLength: 1, maxLength: 2 }), turns, text, files)
  .map(([system, messages, said, file]) => ({
    kind: "generate",
    messages: [{ role: "system", parts: system }, ...messages, { role: "user", parts: [said, file] }],
    tools: [{ name: "get_weather", parameters: { type: "object", properties: {} } }],
  }));

test("a prompt reads back the same, with nothing to warn of", () => {
  fc.assert(
    fc.property(prompts, (prompt) => {
      const warnings: string[] = [];
      const options = { model, maxOutputTokens: 64, enforcesSchemas: true };
      const body = encodeRequest(prompt, options, (sentence) => warnings.push(sentence));
      expect(messagesOf(body, model)).toEqual([...prompt.messages]);
      expect(warnings).toEqual([]);
    }),
  );
});
