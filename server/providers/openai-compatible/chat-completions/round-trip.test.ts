// What one side of the gateway writes, the other reads back unchanged: requests, whole answers and streams.

import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Answer, AnswerPart, FinishReason } from "../../../conversation/answer.ts";
import type { AssistantPart, GeneratePrompt, Message, UserPart } from "../../../conversation/prompt.ts";
import type { Usage } from "../../../conversation/usage.ts";
import { chatCompletionsProtocol as protocol } from "../../../protocols/chat-completions/index.ts";
import { partsOfAnswer } from "../../http-provider/answer-parts.ts";
import { chatCompletionsDialectFor } from "./index.ts";

const dialect = chatCompletionsDialectFor("reasoning_content");
const context = {
  answerId: "chatcmpl-own",
  createdAt: 1_700_000_000,
  model: "m",
  request: { stream_options: { include_usage: true } },
};

const words = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" });
const toolCall = fc.record({
  type: fc.constant("tool-call" as const),
  callId: fc.uuid(),
  name: fc.stringMatching(/^[a-z_]{1,12}$/),
  arguments: words,
});
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 1 });
const text = fc.record({ type: fc.constant("text" as const), text: words });
const refusal = fc.record({ type: fc.constant("refusal" as const), text: words });
const reasoning = fc.record({ type: fc.constant("reasoning" as const), text: words });
const encrypted = fc.record({ type: fc.constant("reasoning" as const), text: words, encrypted: words });

/** In the order in which the protocol's message holds them. */
const assistantParts = (thought: fc.Arbitrary<AssistantPart>): fc.Arbitrary<AssistantPart[]> =>
  fc
    .tuple(optional(thought), optional(text), optional(refusal), fc.array(toolCall, { maxLength: 3 }))
    .map((groups) => groups.flat())
    .filter((parts) => parts.length > 0);

const counts = fc.nat({ max: 1_000_000 });
const usage: fc.Arbitrary<Usage> = fc.oneof(
  fc.constant({ kind: "unknown" as const }),
  fc.tuple(counts, counts, counts, counts, counts).map(([fresh, cached, written, said, thought]): Usage => ({
    kind: "exact",
    inputTokens: fresh + cached + written + 1,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: said + thought,
    reasoningTokens: thought,
  })),
);

const answers: fc.Arbitrary<Answer> = fc
  .tuple(assistantParts(fc.oneof(reasoning, encrypted)), usage, fc.constantFrom("stop", "length", "content_filter"))
  .map(([parts, used, finish]) => ({
    id: "chatcmpl-upstream",
    model: "m",
    parts,
    finish: parts.some((part) => part.type === "tool-call") ? ("tool_calls" as const) : (finish satisfies FinishReason),
    usage: used,
  }));

test("an encoded answer decodes to the same answer", () => {
  fc.assert(
    fc.property(answers, (answer) => {
      expect(dialect.decodeAnswer(protocol.encodeAnswer(answer, context, { lane: "auto" }))).toEqual(answer);
    }),
  );
});

test("an encoded stream decodes to the same parts", () => {
  fc.assert(
    fc.property(answers, (answer) => {
      const parts = partsOfAnswer(answer);
      const encoder = protocol.encodeStream(context);
      const decoder = dialect.decodeStream();
      const events = parts.flatMap((part) => [
        ...(part.type === "end" ? encoder.end(part, { lane: "auto" }) : encoder.step(part)),
      ]);
      const decoded = [...events.flatMap((event) => [...decoder.step(event)]), ...decoder.finish()];
      expect(inBlockOrder(decoded)).toEqual(inBlockOrder(parts));
    }),
  );
});

/** Chunks have no word for the end of a block, so only the order within each block is kept. */
function inBlockOrder(parts: readonly AnswerPart[]): AnswerPart[] {
  const position = (part: AnswerPart) => ("block" in part ? part.block : part.type === "start" ? -1 : Infinity);
  return parts.toSorted((one, other) => position(one) - position(other));
}

const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  text,
  fc.record({ type: fc.constant("image" as const), url: fc.webUrl(), detail: fc.constantFrom("low", "high", "auto") }),
  fc.record({ type: fc.constant("image" as const), url: fc.constant("data:image/png;base64,AAAA") }),
  fc.record({ type: fc.constant("audio" as const), data: fc.base64String(), format: fc.constantFrom("wav", "mp3") }),
  fc.record({
    type: fc.constant("file" as const),
    source: fc.oneof(
      fc.record({ url: fc.webUrl() }),
      fc.record({ fileId: fc.uuid() }),
      fc.constant({ data: "data:application/pdf;base64,AAAA" }),
    ),
    filename: words,
  }),
);
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constant("system" as const), parts: fc.array(text, { minLength: 1, maxLength: 2 }) }),
  fc.record({ role: fc.constant("user" as const), parts: fc.array(userPart, { minLength: 1, maxLength: 4 }) }),
  fc.record({ role: fc.constant("assistant" as const), parts: assistantParts(reasoning) }),
  fc.record({
    role: fc.constant("tool" as const),
    callId: fc.uuid(),
    parts: fc.array(text, { minLength: 1, maxLength: 2 }),
  }),
);
const tool = fc.record(
  {
    name: fc.stringMatching(/^[a-z_]{1,12}$/),
    description: words,
    parameters: fc.constant({ type: "object", properties: { city: { type: "string" } } }),
    strict: fc.boolean(),
  },
  { requiredKeys: ["name"] },
);
const prompts: fc.Arbitrary<GeneratePrompt> = fc.record(
  {
    kind: fc.constant("generate" as const),
    messages: fc.array(message, { minLength: 1, maxLength: 5 }),
    tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
    toolChoice: fc.oneof(
      fc.constantFrom("auto" as const, "none" as const, "required" as const),
      fc.record({ name: fc.stringMatching(/^[a-z_]{1,12}$/) }),
    ),
    parallelToolCalls: fc.boolean(),
    format: fc.oneof(
      fc.constant({ type: "json_object" as const }),
      fc.record(
        {
          type: fc.constant("json_schema" as const),
          name: words,
          schema: fc.constant({ type: "object" }),
          description: words,
          strict: fc.boolean(),
        },
        { requiredKeys: ["type", "name", "schema"] },
      ),
    ),
    reasoning: fc.record({ effort: fc.constantFrom("none", "minimal", "low", "medium", "high", "xhigh") }),
    temperature: fc.float({ min: 0, max: 2, noNaN: true }),
    topP: fc.float({ min: 0, max: 1, noNaN: true }),
    presencePenalty: fc.float({ min: -2, max: 2, noNaN: true }),
    frequencyPenalty: fc.float({ min: -2, max: 2, noNaN: true }),
    seed: fc.integer(),
    stop: fc.array(words, { minLength: 1, maxLength: 4 }),
    verbosity: fc.constantFrom("low" as const, "medium" as const, "high" as const),
    user: words,
  },
  { requiredKeys: ["kind", "messages", "tools"] },
);

test("an encoded request reads back as the same prompt, with nothing lost", () => {
  fc.assert(
    fc.property(prompts, fc.boolean(), (prompt, stream) => {
      const losses: string[] = [];
      const options = { model: "m", maxOutputTokens: 100, stream };
      const body = dialect.encodeRequest(prompt, options, (sentence) => losses.push(sentence));
      expect(protocol.read(body, 10_000).maxOutputTokens).toBe(100);
      expect(protocol.toPrompt(body, losses)).toEqual(prompt);
      expect(losses).toEqual([]);
    }),
  );
});

test("what an upstream cannot take is left out with one warning each", () => {
  const warnings: string[] = [];
  const thought: Message = { role: "assistant", parts: [{ type: "reasoning", text: "hm", encrypted: "blob" }] };
  const body = chatCompletionsDialectFor(undefined).encodeRequest(
    { kind: "generate", messages: [thought, thought], tools: [], toolChoice: "auto" },
    { model: "gpt-5-mini", maxOutputTokens: 10, stream: true },
    (sentence) => warnings.push(sentence),
  );
  expect(warnings).toHaveLength(2);
  expect(body.messages).toEqual([
    { role: "assistant", content: "" },
    { role: "assistant", content: "" },
  ]);
  expect(body.tool_choice).toBeUndefined();
  expect(body.max_completion_tokens).toBe(10);
  expect(body.stream_options).toEqual({ include_usage: true });
});

test("developer messages become system messages, which every upstream knows", () => {
  const body = dialect.encodeRequest(
    { kind: "generate", messages: [{ role: "developer", parts: [{ type: "text", text: "Be brief" }] }], tools: [] },
    { model: "m", maxOutputTokens: undefined, stream: false },
    () => undefined,
  );
  expect(body).toEqual({ model: "m", messages: [{ role: "system", content: "Be brief" }] });
});
