// Test support: random answers, part sequences and prompts of every shape the Responses API can carry.

import fc from "fast-check";
import type { Answer, AnswerPart, FinishReason } from "../../../../conversation/answer.ts";
import type { AssistantPart, GeneratePrompt, Message, UserPart } from "../../../../conversation/prompt.ts";
import type { Usage } from "../../../../conversation/usage.ts";

const word = fc.string({ unit: "binary", maxLength: 12 });
const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_-]{0,20}$/);
const schema = fc.constant({ type: "object", properties: { city: { type: "string" } } });

/** `optional(shape)`: every subset of the fields, absent ones missing altogether. */
function optional<Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) {
  return fc.record<Shape, never>(shape, { requiredKeys: [] });
}

const anyUsage: fc.Arbitrary<Usage> = fc.oneof(
  fc.constant({ kind: "unknown" } as const),
  fc
    .record({
      cached: fc.nat(500),
      written: fc.nat(500),
      fresh: fc.nat(500),
      reasoning: fc.nat(500),
      rest: fc.nat(500),
    })
    .map(({ cached, written, fresh, reasoning, rest }) => ({
      kind: "exact" as const,
      inputTokens: cached + written + fresh + 1,
      cachedInputTokens: cached,
      cacheWriteTokens: written,
      outputTokens: reasoning + rest,
      reasoningTokens: reasoning,
    })),
);

const textPart = fc.record({ type: fc.constant("text" as const), text: word });
const toolCallPart = fc.record({ type: fc.constant("tool-call" as const), callId: name, name, arguments: word });
const anyAssistantPart: fc.Arbitrary<AssistantPart> = fc.oneof(
  textPart,
  fc.record({ type: fc.constant("refusal" as const), text: word }),
  fc.record({ type: fc.constant("reasoning" as const), text: word, id: name, encrypted: word }),
  toolCallPart,
);

/** The protocol reports calls by their presence, so the finish must agree with the parts. */
function finishFor(hasCalls: boolean): fc.Arbitrary<FinishReason> {
  return fc.constantFrom("length", "content_filter", hasCalls ? "tool_calls" : "stop");
}

export function anyAnswer(model: string): fc.Arbitrary<Answer> {
  return fc.array(anyAssistantPart, { maxLength: 5 }).chain((parts) =>
    fc.record({
      id: name.map((id) => `resp_${id}`),
      model: fc.constant(model),
      parts: fc.constant(parts),
      finish: finishFor(parts.some((part) => part.type === "tool-call")),
      usage: anyUsage,
    }),
  );
}

/** Blocks that overlap as they like, each in pieces. */
export const anyStream: fc.Arbitrary<AnswerPart[]> = fc
  .array(fc.tuple(anyAssistantPart, fc.array(fc.nat(12), { maxLength: 3 })), { maxLength: 5 })
  .chain((blocks) =>
    fc.record({
      id: name.map((id) => `resp_${id}`),
      lanes: fc.constant(blocks.map(([part, cuts], block) => blockParts(part, block, cuts))),
      order: fc.array(fc.nat(), { maxLength: 40 }),
      finish: finishFor(blocks.some(([part]) => part.type === "tool-call")),
      usage: anyUsage,
    }),
  )
  .map(({ id, lanes, order, finish, usage }) => [
    { type: "start", id },
    ...interleave(lanes, order),
    { type: "end", finish, usage },
  ]);

function blockParts(part: AssistantPart, block: number, cuts: readonly number[]): AnswerPart[] {
  const whole = part.type === "tool-call" ? part.arguments : part.text;
  const places = [0, ...cuts.toSorted((left, right) => left - right), whole.length];
  const pieces = places.slice(1).map((place, index) => whole.slice(places[index], place));
  switch (part.type) {
    case "tool-call":
      return [
        { type: "tool-call-start", block, callId: part.callId, name: part.name },
        ...pieces.map((piece) => ({ type: "tool-call-delta" as const, block, arguments: piece })),
        { type: "tool-call-end", block },
      ];
    case "reasoning": {
      const encrypted = part.encrypted === undefined ? {} : { encrypted: part.encrypted };
      return [
        { type: "reasoning-start", block, ...(part.id === undefined ? {} : { id: part.id }) },
        ...pieces.map((text) => ({ type: "reasoning-delta" as const, block, text })),
        { type: "reasoning-end", block, ...encrypted },
      ];
    }
    default:
      return [
        { type: `${part.type}-start`, block },
        ...pieces.map((text) => ({ type: `${part.type}-delta` as const, block, text })),
        { type: `${part.type}-end`, block },
      ];
  }
}

/** Takes the next part of the lane each number points to, until all lanes are empty. */
function interleave(lanes: readonly AnswerPart[][], order: readonly number[]): AnswerPart[] {
  const queues = lanes.map((lane) => [...lane]);
  const parts: AnswerPart[] = [];
  for (const choice of order) {
    const waiting = queues.filter((queue) => queue.length > 0);
    parts.push(...(waiting[choice % Math.max(1, waiting.length)]?.splice(0, 1) ?? []));
  }
  return [...parts, ...queues.flat()];
}

const anyUserPart: fc.Arbitrary<UserPart> = fc.oneof(
  textPart,
  optional({ detail: fc.constantFrom("low" as const, "high" as const, "auto" as const) }).map((detail) => ({
    type: "image" as const,
    url: "https://example.com/cat",
    ...detail,
  })),
  fc
    .tuple(
      fc.constantFrom(
        { url: "https://example.com/a.pdf" },
        { data: "data:text/plain;base64,aGk=" },
        { fileId: "file_1" },
      ),
      optional({ filename: word }),
    )
    .map(([source, named]) => ({ type: "file" as const, source, ...named })),
  fc.constant({ type: "audio" as const, data: "UklGRg==", format: "wav" }),
);

const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom("system" as const, "developer" as const), parts: fc.array(textPart) }),
  fc.record({ role: fc.constant("user" as const), parts: fc.array(anyUserPart) }),
  fc.record({ role: fc.constant("assistant" as const), parts: fc.array(anyAssistantPart, { minLength: 1 }) }),
  fc.record({ role: fc.constant("tool" as const), callId: name, parts: fc.array(anyUserPart, { minLength: 1 }) }),
);

/** One turn of the assistant is one message: two in a row are the same as one. */
const anyConversation = fc
  .array(anyMessage, { maxLength: 6 })
  .map((messages) =>
    messages.filter((message, index) => message.role !== "assistant" || messages[index - 1]?.role !== "assistant"),
  );

export const anyPrompt: fc.Arbitrary<GeneratePrompt> = fc
  .tuple(
    anyConversation,
    fc.array(
      fc
        .tuple(name, fc.boolean(), optional({ description: word, parameters: schema }))
        .map(([toolName, strict, rest]) => ({ name: toolName, strict, ...rest })),
      { maxLength: 3 },
    ),
    optional({
      toolChoice: fc.oneof(fc.constantFrom("auto" as const, "none" as const, "required" as const), fc.record({ name })),
      parallelToolCalls: fc.boolean(),
      format: fc.oneof(
        fc.constant({ type: "json_object" as const }),
        fc
          .tuple(name, schema, optional({ description: word, strict: fc.boolean() }))
          .map(([formatName, shape, rest]) => ({
            type: "json_schema" as const,
            name: formatName,
            schema: shape,
            ...rest,
          })),
      ),
      reasoning: optional({
        effort: fc.constantFrom("none", "low", "xhigh"),
        summary: fc.constantFrom("auto", "detailed"),
      }),
      temperature: fc.constantFrom(0, 0.5, 2),
      topP: fc.constantFrom(0.1, 1),
      verbosity: fc.constantFrom("low" as const, "medium" as const, "high" as const),
      user: word,
    }),
  )
  .map(([messages, tools, rest]) => ({ kind: "generate", messages, tools, ...rest }));
