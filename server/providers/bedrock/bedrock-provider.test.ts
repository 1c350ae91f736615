// The provider against a runtime that checks signatures, refuses, breaks and lies.

import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  awsKeys,
  bedrockApiKey,
  plainUsage,
  refuses,
  says,
  startBedrockDouble,
  streams,
} from "../../../tests/support/bedrock-double.ts";
import type { AnswerPart } from "../../conversation/answer.ts";
import type { GeneratePrompt, Prompt } from "../../conversation/prompt.ts";
import { ProviderFailure, type Provider, type ProviderCall, type ProviderReply } from "../provider.ts";
import { bedrockProvider, type BedrockCredentials } from "./index.ts";
import { eventFrame, exceptionFrame, frame } from "./event-stream.test-kit.ts";

const double = startBedrockDouble();
afterAll(() => double.close());
beforeEach(() => void (double.calls.length = 0));

const model = "claude-haiku-4-5";
const upstreamModel = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const prompt: GeneratePrompt = {
  kind: "generate",
  messages: [{ role: "user", parts: [{ type: "text", text: "hello" }] }],
  tools: [],
};

function providerWith(credentials: BedrockCredentials = { kind: "access-key", ...awsKeys }): Provider {
  return bedrockProvider({ id: "bedrock", endpoint: `${double.url}/`, region: "us-east-1", credentials });
}
const provider = providerWith();

type Wishes = Partial<Omit<ProviderCall, "outgoing">> & { readonly prompt?: Prompt; readonly by?: Provider };

function call({ prompt: asked = prompt, by = provider, ...wishes }: Wishes = {}): Promise<ProviderReply> {
  return by.call({
    outgoing: { kind: "translate", prompt: asked },
    upstreamModel,
    model,
    attempt: 1,
    stream: false,
    maxOutputTokens: 100,
    dataPolicy: "any",
    mayStore: true,
    signal: new AbortController().signal,
    clocks: { firstByteMs: 5_000, betweenChunksMs: 5_000, totalMs: 10_000 },
    warn: () => undefined,
    ...wishes,
  });
}

async function failureOf(wishes: Wishes = {}): Promise<ProviderFailure> {
  try {
    const reply = await call(wishes);
    if (reply.kind === "stream") await Array.fromAsync(reply.events);
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) return thrown;
    throw thrown;
  }
  throw new Error("it did not fail");
}

async function partsOf(reply: ProviderReply): Promise<AnswerPart[]> {
  if (reply.kind !== "stream") throw new Error("expected a stream");
  return (await Array.fromAsync(reply.events)).flatMap(({ parts }) => [...parts]);
}

const begin = eventFrame("messageStart", { role: "assistant" });
const piece = (text: string, index = 0) =>
  eventFrame("contentBlockDelta", { contentBlockIndex: index, delta: { text } });
const stop = eventFrame("messageStop", { stopReason: "end_turn" });
const counts = eventFrame("metadata", { usage: plainUsage });

describe("a call", () => {
  test("goes signed to the operation of the model, whose name may be an ARN", async () => {
    double.answer = says("Hello.");
    const arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2";
    await call();
    await call({ upstreamModel: arn });
    expect(double.calls.map(({ path }) => path)).toEqual([
      "/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse",
      `/model/${encodeURIComponent(arn)}/converse`,
    ]);
    expect(double.calls[0]?.headers.get("x-amz-security-token")).toBe(awsKeys.sessionToken);
    expect(double.calls[0]?.headers.get("content-type")).toBe("application/json");
  });

  test("is answered whole, with what was read from and written to the cache", async () => {
    double.answer = says("Hello.", { ...plainUsage, cacheReadInputTokens: 70, cacheWriteInputTokens: 20 });
    const usage = { kind: "exact", inputTokens: 100, cachedInputTokens: 70, cacheWriteTokens: 20, outputTokens: 5 };
    expect(await call()).toMatchObject({
      answer: { parts: [{ type: "text", text: "Hello." }], finish: "stop", usage },
    });
  });

  test("is answered as a stream, also where one index is used for two blocks", async () => {
    const thought = eventFrame("contentBlockDelta", {
      contentBlockIndex: 0,
      delta: { reasoningContent: { text: "hm" } },
    });
    double.answer = () => streams([begin, thought, piece("He"), piece("llo"), stop, counts]);
    expect(await partsOf(await call({ stream: true }))).toEqual([
      { type: "start" },
      { type: "reasoning-start", block: 0 },
      { type: "reasoning-delta", block: 0, text: "hm" },
      { type: "reasoning-end", block: 0 },
      { type: "text-start", block: 1 },
      { type: "text-delta", block: 1, text: "He" },
      { type: "text-delta", block: 1, text: "llo" },
      { type: "text-end", block: 1 },
      { type: "end", finish: "stop", usage: { kind: "exact", inputTokens: 10, outputTokens: 5 } },
    ]);
    expect(double.calls[0]?.path).toEndWith("/converse-stream");
  });

  test("calls a tool without arguments with an empty object", async () => {
    const toolUse = { toolUseId: "tooluse_1", name: "now" };
    const start = eventFrame("contentBlockStart", { contentBlockIndex: 0, start: { toolUse } });
    const end = eventFrame("contentBlockStop", { contentBlockIndex: 0 });
    double.answer = () => streams([begin, start, end, eventFrame("messageStop", { stopReason: "tool_use" }), counts]);
    expect((await partsOf(await call({ stream: true }))).slice(1)).toMatchObject([
      { type: "tool-call-start", callId: "tooluse_1", name: "now" },
      { type: "tool-call-delta", arguments: "{}" },
      { type: "tool-call-end" },
      { type: "end", finish: "tool_calls" },
    ]);
  });

  test("that a guardrail stopped is a refusal", async () => {
    const content = [{ text: "Sorry, that cannot be answered." }];
    double.answer = () =>
      Response.json({ output: { message: { content } }, stopReason: "guardrail_intervened", usage: plainUsage });
    expect(await call()).toMatchObject({
      answer: { parts: [{ type: "refusal", text: "Sorry, that cannot be answered." }], finish: "content_filter" },
    });
  });

  test("is told as a stream where the runtime sends none", async () => {
    double.answer = says("Hello.");
    expect((await partsOf(await call({ stream: true }))).at(-1)).toMatchObject({
      type: "end",
      usage: { kind: "exact" },
    });
  });

  test("asks again without a schema that the model does not know, and remembers it", async () => {
    const format = { type: "json_schema", name: "place", schema: { type: "object" } } as const;
    const refusal = "The model returned the following errors: output_config.format: Extra inputs are not permitted";
    double.answer = ({ body }) =>
      body["outputConfig"] === undefined ? says("{}")() : refuses(400, "ValidationException", refusal)();
    const warnings: string[] = [];
    const by = providerWith();
    const asked = { prompt: { ...prompt, format }, by, warn: (sentence: string) => warnings.push(sentence) };
    await call(asked);
    expect(double.calls.map(({ body }) => body["outputConfig"] !== undefined)).toEqual([true, false]);
    expect(JSON.stringify(double.calls[1]?.body["system"])).toContain("JSON Schema");
    expect(warnings).toEqual([
      "the schema was written into the instructions: the upstream does not enforce one for this model",
    ]);
    await call(asked);
    expect(double.calls).toHaveLength(3);
  });
});

describe("a refusal", () => {
  test.each([
    [429, "ThrottlingException", "Too many requests", "rate_limited"],
    [400, "ServiceQuotaExceededException", "Too many tokens per day", "rate_limited"],
    [429, "ModelNotReadyException", "Not ready", "rate_limited"],
    [400, "ValidationException", "messages.0.content is empty", "rejected"],
    [400, "ValidationException", "The model returned the following errors: prompt is too long", "rejected"],
    [400, "ValidationException", "This model doesn't support the image field", "provider_error"],
    [403, "AccessDeniedException", "You don't have access", "credentials"],
    [403, "ExpiredTokenException", "The security token included in the request is expired", "credentials"],
    [404, "ResourceNotFoundException", "Could not find it", "provider_error"],
    [408, "ModelTimeoutException", "It took too long", "timeout"],
    [424, "ModelErrorException", "It failed", "provider_error"],
    [500, "InternalServerException", "Oh", "provider_error"],
    [503, "ServiceUnavailableException", "Bedrock is unable to process your request", "provider_error"],
  ] as const)("%d %s (%s) is %s", async (status, exception, message, kind) => {
    double.answer = refuses(status, exception, message);
    const failure = await failureOf();
    expect([failure.kind, failure.status]).toEqual([kind, status]);
    expect(failure.upstreamMessage).toBe(message.replace("The model returned the following errors: ", ""));
  });

  test("for want of an inference profile says what to set", async () => {
    const words =
      "Invocation of model ID x with on-demand throughput isn’t supported. Retry with an inference profile.";
    double.answer = refuses(400, "ValidationException", words);
    expect((await failureOf()).upstreamMessage).toBe(
      `${words} Set BEDROCK_INFERENCE_PROFILE, such as us or eu, or name the profile in BEDROCK_MODELS.`,
    );
  });

  test("tells neither credentials nor accounts, also where it repeats what was signed", async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = awsKeys;
    const arn = "arn:aws:iam::123456789012:user/gateway";
    for (const [exception, message] of [
      ["AccessDeniedException", `User ${arn} with ${accessKeyId} ${secretAccessKey} ${sessionToken} may not`],
      ["InvalidSignatureException", `The Canonical String should have been 'x-amz-security-token:${sessionToken}'`],
    ] as const) {
      double.answer = refuses(403, exception, message);
      const { upstreamMessage = "" } = await failureOf();
      for (const secret of [accessKeyId, secretAccessKey, sessionToken, "123456789012"])
        expect(upstreamMessage).not.toContain(secret);
    }
    const wrong = providerWith({ kind: "access-key", ...awsKeys, secretAccessKey: "another" });
    const failure = await failureOf({ by: wrong });
    expect([failure.kind, failure.upstreamMessage]).toEqual([
      "credentials",
      "AWS refused the signature: check the keys, the session token and the clock.",
    ]);
  });

  test("of an API key is told without the key", async () => {
    double.answer = refuses(403, "AccessDeniedException", `Authentication failed for ${bedrockApiKey}`);
    const failure = await failureOf({ by: providerWith({ kind: "api-key", apiKey: bedrockApiKey }) });
    expect(double.calls[0]?.headers.get("authorization")).toBe(`Bearer ${bedrockApiKey}`);
    expect([failure.kind, failure.upstreamMessage]).toEqual(["credentials", "Authentication failed for [secret]"]);
  });
});

describe("a stream", () => {
  test.each([
    ["throttlingException", "rate_limited"],
    ["validationException", "rejected"],
    ["modelTimeoutException", "timeout"],
    ["modelStreamErrorException", "provider_error"],
    ["internalServerException", "provider_error"],
    ["serviceUnavailableException", "provider_error"],
    ["brandNewException", "provider_error"],
  ] as const)("that ends with %s fails as %s", async (exception, kind) => {
    double.answer = () => streams([begin, piece("Hel"), exceptionFrame(exception, "It broke.")]);
    const failure = await failureOf({ stream: true });
    expect([failure.kind, failure.upstreamMessage]).toEqual([kind, "It broke."]);
  });

  test("fails where it is cut, damaged or no event, and hands out what came before", async () => {
    const broken = Buffer.from(piece("Hel"));
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    const noJson = frame({ ":message-type": "event", ":event-type": "contentBlockDelta" }, "{");
    for (const [frames, kind] of [
      [[begin, piece("Hel")], "cut"],
      [[begin, piece("Hel").subarray(0, 20)], "cut"],
      [[begin, broken], "provider_error"],
      [[begin, noJson], "provider_error"],
      [[begin, eventFrame("messageStop", { stopReason: "malformed_tool_use" }), counts], "provider_error"],
    ] as const) {
      double.answer = () => streams(frames);
      const reply = await call({ stream: true });
      if (reply.kind !== "stream") throw new Error("expected a stream");
      const seen: string[] = [];
      const reading = (async () => {
        for await (const { parts } of reply.events) seen.push(...parts.map(({ type }) => type));
      })();
      expect(await reading.catch((thrown: unknown) => thrown)).toMatchObject({ kind });
      expect(seen[0]).toBe("start");
    }
  });

  test("without counts at its end is whole, and its usage unknown", async () => {
    double.answer = () => streams([begin, piece("Hello"), stop]);
    expect((await partsOf(await call({ stream: true }))).at(-1)).toEqual({
      type: "end",
      finish: "stop",
      usage: { kind: "unknown" },
    });
  });

  test("that is left is hung up, and one that falls silent ends by the clock", async () => {
    const { promise: never, resolve: release } = Promise.withResolvers<void>();
    double.answer = () => streams([begin, piece("Hel")], never);
    const reply = await call({ stream: true });
    if (reply.kind !== "stream") throw new Error("expected a stream");
    for await (const { parts } of reply.events) if (parts.length > 0) break;
    const hungUp = double.calls[0]?.signal;
    if (hungUp?.aborted === false)
      await new Promise((resolve) => hungUp.addEventListener("abort", resolve, { once: true }));
    expect(hungUp?.aborted).toBe(true);
    const clocks = { firstByteMs: 5_000, betweenChunksMs: 30, totalMs: 10_000 };
    expect((await failureOf({ stream: true, clocks })).kind).toBe("timeout");
    release();
  });
});

describe("embeddings", () => {
  const titan = {
    model: "titan-embed-text-v2",
    upstreamModel: "amazon.titan-embed-text-v2:0",
    maxOutputTokens: undefined,
  };
  const embed = (inputs: readonly string[], dimensions?: number): Wishes => ({
    ...titan,
    prompt: { kind: "embed", inputs, ...(dimensions === undefined ? {} : { dimensions }) },
  });

  test("are asked for one by one, a few at a time, and come back in order with their tokens summed", async () => {
    let running = 0;
    let most = 0;
    double.answer = async ({ body }) => {
      most = Math.max(most, (running += 1));
      const text = String(body["inputText"]);
      await Bun.sleep(text.length % 3);
      running -= 1;
      return Response.json({ embedding: [text.length, 0.5], inputTextTokenCount: text.length });
    };
    const texts = Array.from({ length: 40 }, (_one, index) => "x".repeat(index + 1));
    const reply = await call(embed(texts, 256));
    if (reply.kind !== "answer") throw new Error("expected an answer");
    expect(reply.answer.embeddings).toEqual(texts.map((text) => [text.length, 0.5]));
    expect(reply.answer.usage).toEqual({ kind: "exact", inputTokens: 820, outputTokens: 0 });
    expect(most).toBe(8);
    expect(double.calls[0]?.path).toBe("/model/amazon.titan-embed-text-v2%3A0/invoke");
    expect(double.calls[0]?.body["dimensions"]).toBe(256);
  });

  test("fail together, and stop asking", async () => {
    double.answer = refuses(429, "ThrottlingException", "Too many requests");
    expect((await failureOf(embed(Array.from({ length: 100 }, () => "x")))).kind).toBe("rate_limited");
    expect(double.calls.length).toBeLessThanOrEqual(8);
  });

  test("have unknown usage when one of them does not say, and no vector is a failure", async () => {
    double.answer = ({ body }) =>
      Response.json({ embedding: [1], ...(body["inputText"] === "a" ? { inputTextTokenCount: 3 } : {}) });
    expect(await call(embed(["a", "b"]))).toMatchObject({ answer: { usage: { kind: "unknown" } } });
    double.answer = () => Response.json({ inputTextTokenCount: 3 });
    expect((await failureOf(embed(["a"]))).kind).toBe("provider_error");
  });

  test("are of texts, not of tokens", async () => {
    const asked = call({ ...titan, prompt: { kind: "embed", inputs: [[1, 2, 3]] } });
    expect(await asked.catch((thrown: unknown) => String(thrown))).toContain("`input` must be text");
  });
});
