// The two translators against each other: whatever the gateway says in the Responses API, it understands in the same
// sense when an upstream says it.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseObject } from "../../../contracts/json.ts";
import type { Answer, AnswerPart } from "../../../conversation/answer.ts";
import { encodeEvent, EventParser } from "../../../conversation/events.ts";
import type { GeneratePrompt } from "../../../conversation/prompt.ts";
import type { AnswerContext } from "../../../protocols/protocol.ts";
import { responsesProtocol } from "../../../protocols/responses/index.ts";
import { anyAnswer, anyPrompt, anyStream } from "./testing/arbitraries.ts";
import { responsesDialect } from "./index.ts";
import { readBlocks } from "./testing/read-blocks.ts";

const context: AnswerContext = { answerId: "0a1b", createdAt: 1_764_000_000, model: "some/model", request: {} };

describe("a streamed answer", () => {
  test("arrives as the same blocks, finish and usage, however the bytes are split", () => {
    const check = fc.property(anyStream, fc.array(fc.nat()), (parts, cuts) => {
      const decoded = decodeBytes(encodeBytes(parts), cuts);
      expect(readBlocks(decoded)).toEqual(readBlocks(parts));
      expect(decoded[0]).toEqual({ ...startOf(parts), model: context.model });
      expect(decoded.at(-1)).toEqual(parts.at(-1));
    });
    fc.assert(check, { numRuns: 200 });
  });

  test("numbers its events without a gap and names each event by its type", () => {
    const check = fc.property(anyStream, (parts) => {
      const events = new EventParser().push(encodeBytes(parts));
      const bodies = events.map((event) => parseObject(event.data));
      expect(bodies.map((body) => body?.["sequence_number"])).toEqual(events.map((_event, index) => index));
      expect(bodies.map((body) => body?.["type"])).toEqual(events.map((event) => event.event));
    });
    fc.assert(check, { numRuns: 200 });
  });

  test("numbers its events without a gap and names each event by its type", () => {
    const check = fc.property(anyStream, (parts) => {
      const events = new EventParser().push(encodeBytes(parts));
      const numbers = events.map((event): unknown =>
        Reflect.get(Object(Bun.JSON5.parse(event.data)), "sequence_number"),
      );
      expect(numbers).toEqual(events.map((_event, index) => index));
    });
    fc.assert(check, { numRuns: 20 });
  });
});

test("a whole answer comes back the same", () => {
  const check = fc.property(anyAnswer(context.model), (answer: Answer) => {
    const body = responsesProtocol.encodeAnswer(answer, context, { decision: "lane" });
    expect(responsesDialect.decodeAnswer(body)).toEqual(answer);
  });
  fc.assert(check, { numRuns: 200 });
});

test("a prompt comes back the same, with nothing to warn of", () => {
  const check = fc.property(anyPrompt, fc.boolean(), (prompt: GeneratePrompt, stream) => {
    const warnings: string[] = [];
    const options = { model: "some/model", maxOutputTokens: 64, stream };
    const body = responsesDialect.encodeRequest(prompt, options, (sentence) => warnings.push(sentence));
    expect(responsesProtocol.toPrompt(body, warnings)).toEqual(prompt);
    expect(warnings).toEqual([]);
    expect(responsesProtocol.read(body, JSON.stringify(body).length)).toMatchObject({
      model: "some/model",
      stream,
      maxOutputTokens: 64,
    });
  });
  fc.assert(check, { numRuns: 200 });
});

function encodeBytes(parts: readonly AnswerPart[]): Uint8Array {
  const encoder = responsesProtocol.encodeStream(context);
  const events = parts.flatMap((part) => (part.type === "end" ? encoder.end(part, { a: 1 }) : encoder.step(part)));
  return Buffer.concat(events.map(encodeEvent));
}

function decodeBytes(bytes: Uint8Array, cuts: readonly number[]): AnswerPart[] {
  const places = [...new Set(cuts.map((cut) => cut % bytes.length)), 0, bytes.length].sort(
    (left, right) => left - right,
  );
  const parser = new EventParser();
  const decoder = responsesDialect.decodeStream();
  const decoded = places.flatMap((place, index) => {
    const events = parser.push(bytes.subarray(places[index - 1] ?? 0, place));
    return events.flatMap((event) => [...decoder.step(event)]);
  });
  return [...decoded, ...decoder.finish()];
}

function startOf(parts: readonly AnswerPart[]): Extract<AnswerPart, { type: "start" }> {
  const [first] = parts;
  return first?.type === "start" ? first : { type: "start" };
}
