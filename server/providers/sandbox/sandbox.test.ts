import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseObject } from "../../contracts/json.ts";
import type { Answer, AnswerPart } from "../../conversation/answer.ts";
import type { AssistantPart, EmbedPrompt, GeneratePrompt, Tool } from "../../conversation/prompt.ts";
import { ProviderFailure, type ProviderCall } from "../provider.ts";
import { sandboxProvider } from "./sandbox.ts";
import { answerPartTokens, tokensOf } from "./tokens.ts";

const waits: number[] = [];
const provider = sandboxProvider({
  sleep: async (milliseconds) => {
    waits.push(milliseconds);
  },
});

function asking(text: string, more: Partial<GeneratePrompt> = {}): GeneratePrompt {
  return { kind: "generate", messages: [{ role: "user", parts: [{ type: "text", text }] }], tools: [], ...more };
}

function callWith(prompt: GeneratePrompt | EmbedPrompt, more: Partial<ProviderCall> = {}): ProviderCall {
  return {
    outgoing: { kind: "translate", prompt },
    upstreamModel: "claude-haiku-4-5",
    model: "anthropic/claude-haiku-4.5",
    attempt: 1,
    stream: false,
    maxOutputTokens: 4_000,
    dataPolicy: "any",
    mayStore: true,
    signal: new AbortController().signal,
    clocks: { firstByteMs: 30_000, betweenChunksMs: 20_000, totalMs: 60_000 },
    warn: () => {},
    ...more,
  };
}

async function answerTo(prompt: GeneratePrompt | EmbedPrompt, more: Partial<ProviderCall> = {}): Promise<Answer> {
  const reply = await provider.call(callWith(prompt, more));
  if (reply.kind !== "answer") throw new Error("expected a whole answer");
  return reply.answer;
}

async function streamOf(prompt: GeneratePrompt, more: Partial<ProviderCall> = {}): Promise<AnswerPart[]> {
  const { parts, failure } = await brokenStreamOf(prompt, more);
  if (failure !== undefined) throw failure;
  return parts;
}

async function brokenStreamOf(
  prompt: GeneratePrompt,
  more: Partial<ProviderCall> = {},
): Promise<{ parts: AnswerPart[]; failure: unknown }> {
  const parts: AnswerPart[] = [];
  try {
    const reply = await provider.call(callWith(prompt, { stream: true, ...more }));
    if (reply.kind !== "stream") throw new Error("expected a stream");
    for await (const event of reply.events) parts.push(...event.parts);
  } catch (failure) {
    return { parts, failure };
  }
  return { parts, failure: undefined };
}

async function failureOf(text: string, more: Partial<ProviderCall> = {}): Promise<ProviderFailure> {
  try {
    await provider.call(callWith(asking(text), more));
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) return thrown;
    throw thrown;
  }
  throw new Error(`"${text}" did not fail`);
}

function textOf(answer: Answer): string {
  return answer.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
}

function joinedText(parts: readonly AnswerPart[]): string {
  return parts.flatMap((part) => (part.type === "text-delta" ? [part.text] : [])).join("");
}

describe("a text answer", () => {
  test("says that it is simulated, in whose place, and quotes the question", async () => {
    const text = textOf(await answerTo(asking("Explain how ocean tides work")));
    expect(text).toContain("simulated");
    expect(text).toContain("anthropic/claude-haiku-4.5");
    expect(text).toContain("Explain how ocean tides work");
  });

  test("is the same byte for byte when asked again, and another one for another model", async () => {
    const prompt = asking("What is a quine?", { reasoning: { effort: "low" } });
    const first = await answerTo(prompt);
    expect(JSON.stringify(await answerTo(prompt))).toBe(JSON.stringify(first));
    expect(await answerTo(prompt, { model: "openai/gpt-5" })).not.toEqual(first);
  });

  test("counts tokens as a quarter of the bytes of every part, begun ones included", async () => {
    // 5 bytes are 2 tokens, 3 bytes are 1 token: 3 together, although 8 bytes alone would be 2.
    const parts = [
      { type: "text", text: "abcde" },
      { type: "text", text: "fgh" },
    ] as const;
    const answer = await answerTo({ kind: "generate", messages: [{ role: "user", parts }], tools: [] });
    expect(answer.usage).toEqual({ kind: "exact", inputTokens: 3, outputTokens: tokensOf(textOf(answer)) });
  });

  test("stops at the output limit, at a token boundary and between characters", async () => {
    const answer = await answerTo(asking("[sandbox:tokens=50] 日本の海について"), { maxOutputTokens: 33 });
    expect(answer.finish).toBe("length");
    expect(tokensOf(textOf(answer))).toBe(33);
    expect(answer.usage).toMatchObject({ outputTokens: 33 });
    expect(textOf(answer)).not.toContain("\uFFFD");
  });

  test("stops before a stop word", async () => {
    const answer = await answerTo(asking("hello", { stop: ["in place of"] }));
    expect(textOf(answer)).toBe("This is a simulated answer ");
    expect(answer.finish).toBe("stop");
  });

  test("is about the tool's result when the conversation ends with one", async () => {
    const answer = await answerTo({
      kind: "generate",
      messages: [
        { role: "user", parts: [{ type: "text", text: "Weather in Paris?" }] },
        { role: "assistant", parts: [{ type: "tool-call", callId: "c1", name: "get_weather", arguments: "{}" }] },
        { role: "tool", callId: "c1", parts: [{ type: "text", text: "21 degrees and sunny" }] },
      ],
      tools: [{ name: "get_weather", description: "Current weather" }],
    });
    expect(answer.finish).toBe("stop");
    expect(textOf(answer)).toContain("get_weather returned: 21 degrees and sunny");
  });

  test("is as long as asked, to the token", async () => {
    for (const tokens of [1, 7, 500, 2_000]) {
      const answer = await answerTo(asking(`[sandbox:tokens=${tokens}] tell me about tides`));
      expect(answer.usage).toMatchObject({ outputTokens: tokens });
    }
  });
});

describe("a stream", () => {
  test("brings the same answer word by word, from start to end", async () => {
    const whole = await answerTo(asking("Explain how ocean tides work"));
    const parts = await streamOf(asking("Explain how ocean tides work"));
    expect(parts[0]).toEqual({ type: "start", model: "claude-haiku-4-5" });
    expect(parts.at(-1)).toEqual({ type: "end", finish: "stop", usage: whole.usage });
    expect(joinedText(parts)).toBe(textOf(whole));
    expect(parts.filter((part) => part.type === "text-delta").length).toBeGreaterThan(10);
  });

  test("breaks after half the text when it is to be cut", async () => {
    const whole = textOf(await answerTo(asking("Explain tides")));
    const { parts, failure } = await brokenStreamOf(asking("[sandbox:cut] Explain tides"));
    expect(failure).toMatchObject({ name: "ProviderFailure", kind: "cut" });
    expect(joinedText(parts).length).toBeGreaterThan(whole.length / 4);
    expect(whole.startsWith(joinedText(parts))).toBe(true);
    expect(parts.some((part) => part.type === "end" || part.type === "text-end")).toBe(false);
  });

  test("fails after half the text when the provider is to report an error midway", async () => {
    const { parts, failure } = await brokenStreamOf(asking("[sandbox:stream_error] Explain tides"));
    expect(failure).toMatchObject({ name: "ProviderFailure", kind: "provider_error" });
    expect(joinedText(parts)).not.toBe("");
    expect(parts.filter((part) => part.type === "end")).toEqual([]);
  });

  test("stops when the client leaves", async () => {
    const leaving = new AbortController();
    const reply = await provider.call(
      callWith(asking("[sandbox:tokens=4000] tides"), { stream: true, signal: leaving.signal }),
    );
    if (reply.kind !== "stream") throw new Error("expected a stream");
    let seen = 0;
    const reading = async () => {
      for await (const _ of reply.events) {
        seen += 1;
        if (seen === 5) leaving.abort();
      }
    };
    await expect(reading()).rejects.toMatchObject({ kind: "cancelled" });
    expect(seen).toBe(5);
  });

  test("times out when the pause between words exceeds the clock", async () => {
    const clocks = { firstByteMs: 1_000, betweenChunksMs: 200, totalMs: 10_000 };
    const { parts, failure } = await brokenStreamOf(asking("[sandbox:pace=200] tides"), { clocks });
    expect(failure).toMatchObject({ kind: "timeout" });
    expect(parts.some((part) => part.type === "text-delta")).toBe(true);
  });

  test("times out when the pauses together exceed the total", async () => {
    const clocks = { firstByteMs: 1_000, betweenChunksMs: 200, totalMs: 1_000 };
    const { parts, failure } = await brokenStreamOf(asking("[sandbox:pace=150] tides"), { clocks });
    expect(failure).toMatchObject({ kind: "timeout" });
    expect(parts.filter((part) => part.type === "text-delta")).toHaveLength(7);
  });
});

describe("any question, limit and trigger", () => {
  const tool: Tool = {
    name: "look_up",
    description: "Looks a word up",
    parameters: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
  };
  const triggers = fc.constantFrom(
    "",
    "[sandbox:tokens=90]",
    "[sandbox:reasoning=9]",
    "[sandbox:refusal]",
    "[sandbox:bad_json]",
  );
  const requests = fc.record({
    text: fc.tuple(triggers, fc.string({ unit: "grapheme", maxLength: 200 })).map((parts) => parts.join(" ")),
    tools: fc.constantFrom<Tool[]>([], [tool]),
    toolChoice: fc.constantFrom("auto", "required", "none"),
    maxOutputTokens: fc.integer({ min: 1, max: 120 }),
  });

  test("gives a stream that joins to the whole answer, within the limit, counted exactly", async () => {
    await fc.assert(
      fc.asyncProperty(requests, async ({ text, tools, toolChoice, maxOutputTokens }) => {
        const prompt = asking(text, { tools, toolChoice });
        const whole = await answerTo(prompt, { maxOutputTokens });
        const parts = await streamOf(prompt, { maxOutputTokens });
        expect(joined(parts)).toEqual(whole.parts.map(contentOf));
        expect(parts.at(-1)).toEqual({ type: "end", finish: whole.finish, usage: whole.usage });
        const { usage } = whole;
        if (usage.kind !== "exact") throw new Error("usage must be exact");
        const visible = whole.parts.reduce((sum, part) => sum + answerPartTokens(part), 0);
        expect(usage.outputTokens).toBe(visible + (usage.reasoningTokens ?? 0));
        expect(usage.outputTokens).toBeLessThanOrEqual(maxOutputTokens);
      }),
      { numRuns: 200 },
    );
  });

  function contentOf(part: AssistantPart): string {
    return part.type === "tool-call" ? part.arguments : part.text;
  }

  /** The content of each block, in the order the blocks began. */
  function joined(parts: readonly AnswerPart[]): string[] {
    const blocks = new Map<number, string>();
    for (const part of parts) {
      if (!("block" in part)) continue;
      const piece = "text" in part ? part.text : "arguments" in part ? part.arguments : "";
      blocks.set(part.block, (blocks.get(part.block) ?? "") + piece);
    }
    return [...blocks.values()];
  }
});

describe("tools", () => {
  const weather: Tool = {
    name: "get_weather",
    description: "Current weather for a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  };
  const mail: Tool = { name: "send_email", description: "Send an email to a person" };

  test("are called when the question shares words with one, with arguments from the question", async () => {
    const answer = await answerTo(asking("What is the weather in Buenos Aires?", { tools: [mail, weather] }));
    expect(answer.finish).toBe("tool_calls");
    expect(answer.parts).toMatchObject([
      { type: "tool-call", name: "get_weather", arguments: '{"city":"Buenos Aires"}' },
    ]);
  });

  test("are all called when the question names them, one when parallel calls are off", async () => {
    const text = "Call get_weather and then send_email.";
    const names = (answer: Answer) => answer.parts.map((part) => (part.type === "tool-call" ? part.name : part.type));
    expect(names(await answerTo(asking(text, { tools: [mail, weather] })))).toEqual(["send_email", "get_weather"]);
    const one = await answerTo(asking(text, { tools: [mail, weather], parallelToolCalls: false }));
    expect(names(one)).toEqual(["send_email"]);
  });

  test("are left alone when the question has nothing to do with them, or calls are forbidden", async () => {
    expect((await answerTo(asking("Tell me a joke", { tools: [weather] }))).finish).toBe("stop");
    const forbidden = asking("What is the weather?", { tools: [weather], toolChoice: "none" });
    expect((await answerTo(forbidden)).finish).toBe("stop");
  });

  test("are called when required or named, whatever the question", async () => {
    const required = await answerTo(asking("Tell me a joke", { tools: [mail, weather], toolChoice: "required" }));
    expect(required.parts).toMatchObject([{ type: "tool-call", name: "send_email", arguments: "{}" }]);
    const named = asking("Tell me a joke", { tools: [mail, weather], toolChoice: { name: "get_weather" } });
    expect((await answerTo(named)).parts).toMatchObject([{ type: "tool-call", name: "get_weather" }]);
  });

  test("stream their arguments in pieces that join to the whole", async () => {
    const prompt = asking("What is the weather in Buenos Aires?", { tools: [weather] });
    const parts = await streamOf(prompt);
    const pieces = parts.flatMap((part) => (part.type === "tool-call-delta" ? [part.arguments] : []));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe('{"city":"Buenos Aires"}');
    expect(parts.at(-1)).toMatchObject({ type: "end", finish: "tool_calls" });
  });
});

describe("structured output", () => {
  const schema = { type: "object", properties: { age: { type: "integer", minimum: 18 } }, required: ["age"] };

  test("satisfies the schema", async () => {
    const answer = await answerTo(asking("Who?", { format: { type: "json_schema", name: "person", schema } }));
    expect(parseObject(textOf(answer))).toEqual({ age: 18 });
  });

  test("is some JSON object when no schema is given", async () => {
    const answer = await answerTo(asking("Who?", { format: { type: "json_object" } }));
    expect(parseObject(textOf(answer))).toMatchObject({ simulated: true, question: "Who?" });
  });

  test("is broken on request: cut JSON, or JSON of another shape", async () => {
    const format = { type: "json_schema", name: "person", schema } as const;
    expect(textOf(await answerTo(asking("[sandbox:bad_json]", { format })))).toBe('{"age');
    expect(textOf(await answerTo(asking("[sandbox:bad_schema]", { format })))).toBe("null");
  });
});

describe("reasoning", () => {
  test("is shown and counted when effort is asked for", async () => {
    const answer = await answerTo(asking("Prove it", { reasoning: { effort: "low" } }));
    expect(answer.parts[0]).toMatchObject({ type: "reasoning" });
    expect(answer.usage).toMatchObject({ reasoningTokens: 64, outputTokens: 64 + tokensOf(textOf(answer)) });
  });

  test("uses up a small output limit before any text", async () => {
    const answer = await answerTo(asking("[sandbox:reasoning=100] Prove it"), { maxOutputTokens: 40 });
    expect(answer.finish).toBe("length");
    expect(textOf(answer)).toBe("");
    expect(answer.usage).toMatchObject({ reasoningTokens: 40, outputTokens: 40 });
  });
});

describe("embeddings", () => {
  const embed = async (inputs: EmbedPrompt["inputs"], dimensions?: number) =>
    answerTo({ kind: "embed", inputs, ...(dimensions === undefined ? {} : { dimensions }) });
  const product = (a: readonly number[] = [], b: readonly number[] = []) =>
    a.reduce((sum, value, at) => sum + value * (b[at] ?? NaN), 0);

  test("are unit vectors, 1,024 long or as long as asked", async () => {
    const { embeddings = [], usage } = await embed(["the sea", "", [1, 2, 3]]);
    expect(embeddings.map((vector) => vector.length)).toEqual([1024, 1024, 1024]);
    for (const vector of embeddings) expect(product(vector, vector)).toBeCloseTo(1, 9);
    expect(usage).toEqual({ kind: "exact", inputTokens: 2 + 0 + 3, outputTokens: 0 });
    expect((await embed(["x"], 256)).embeddings?.[0]).toHaveLength(256);
  });

  test("put texts that share words closer together than others", async () => {
    const { embeddings = [] } = await embed([
      "the tide rises along the coast",
      "along the coast the tides are rising",
      "compile the kernel with debugging symbols",
    ]);
    const [tide, tides, kernel] = embeddings;
    expect(product(tide, tides)).toBeGreaterThan(product(tide, kernel) + 0.3);
    expect((await embed(["the tide rises along the coast"])).embeddings?.[0]).toEqual(tide);
  });

  test("refuse dimensions that no vector has", async () => {
    await expect(embed(["x"], 100_000)).rejects.toMatchObject({ kind: "rejected", status: 400 });
  });
});

describe("failures on request", () => {
  test("come in the kind and status of a real provider", async () => {
    expect(await failureOf("[sandbox:rate_limit=30]")).toMatchObject({
      kind: "rate_limited",
      status: 429,
      retryAfterSeconds: 30,
    });
    expect(await failureOf("[sandbox:error]")).toMatchObject({ kind: "provider_error", status: 500 });
    expect(await failureOf("[sandbox:error=503]")).toMatchObject({ kind: "provider_error", status: 503 });
    expect(await failureOf("[sandbox:credentials]")).toMatchObject({ kind: "credentials", status: 401 });
    expect(await failureOf("[sandbox:rejected]")).toMatchObject({ kind: "rejected", status: 400 });
    expect(await failureOf("[sandbox:unreachable]")).toMatchObject({ kind: "unreachable", status: undefined });
    expect(await failureOf("[sandbox:malformed]")).toMatchObject({ kind: "provider_error", status: 200 });
    expect(await failureOf("[sandbox:cut]")).toMatchObject({ kind: "cut" });
    expect(await failureOf("[sandbox:stream_error]")).toMatchObject({ kind: "provider_error" });
  });

  test("wait for the first-byte clock and no longer when the provider never answers", async () => {
    waits.length = 0;
    expect(await failureOf("[sandbox:timeout]")).toMatchObject({ kind: "timeout" });
    expect(await failureOf("[sandbox:slow=40000]")).toMatchObject({ kind: "timeout" });
    expect(waits).toEqual([30_000, 30_000]);
  });

  test("delay the answer when it is to be slow", async () => {
    waits.length = 0;
    expect((await answerTo(asking("[sandbox:slow=2500] hello"))).finish).toBe("stop");
    expect(waits).toEqual([2_500]);
  });

  test("are limited to one attempt or one model", async () => {
    const finished = async (text: string, more: Partial<ProviderCall>) => (await answerTo(asking(text), more)).finish;
    await failureOf("[sandbox:error@first]", { attempt: 1 });
    await failureOf("[sandbox:error@first]");
    expect(await finished("[sandbox:error@first]", { attempt: 2 })).toBe("stop");
    await failureOf("[sandbox:error@2]", { attempt: 2 });
    expect(await finished("[sandbox:error@2]", { attempt: 1 })).toBe("stop");
    await failureOf("[sandbox:error=502@anthropic/claude-haiku-4.5]", { attempt: 3 });
    expect(await finished("[sandbox:error@openai/gpt-5]", {})).toBe("stop");
  });

  test("leave the answer empty, refused, filtered or without usage", async () => {
    expect(await answerTo(asking("[sandbox:empty]"))).toMatchObject({ parts: [], usage: { outputTokens: 0 } });
    expect((await answerTo(asking("[sandbox:refusal]"))).parts).toMatchObject([{ type: "refusal" }]);
    expect((await answerTo(asking("[sandbox:content_filter] tides"))).finish).toBe("content_filter");
    expect((await answerTo(asking("[sandbox:no_usage]"))).usage).toEqual({ kind: "unknown" });
  });

  test("report cached input, never more than there was", async () => {
    const long = "tides ".repeat(200);
    expect((await answerTo(asking(`[sandbox:cached=100] ${long}`))).usage).toMatchObject({ cachedInputTokens: 100 });
    const small = (await answerTo(asking("[sandbox:cached=100] hi"))).usage;
    expect(small).toMatchObject({ inputTokens: 6, cachedInputTokens: 6 });
  });

  test("end at once when the client has already left", async () => {
    expect(await failureOf("[sandbox:timeout]", { signal: AbortSignal.abort() })).toMatchObject({ kind: "cancelled" });
  });
});
