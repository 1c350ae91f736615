// OpenAI's official client in front of Amazon Bedrock: what it asks for goes out by Converse, and the answer comes back
// in its own words, at the picodollar.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { LLMock } from "@copilotkit/aimock";
import type OpenAI from "openai";
import { APIError } from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { objectAt, parseObject } from "../../server/contracts/json.ts";
import { parseUsd } from "../../server/money/picodollars.ts";
import { eventFrame, exceptionFrame } from "../../server/providers/bedrock/event-stream.test-kit.ts";
import { awsKeys, bedrockEnvironment, refuses, says, startBedrockDouble, streams } from "../support/bedrock-double.ts";
import { billingOf, startGateway, type TestGateway } from "../support/gateway.ts";
import { clientOf } from "./setups.ts";
import { WireTap } from "./wire-tap.ts";

const model = "claude-haiku-4-5";
const profiled = "/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0";
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tools = [{ type: "function" as const, function: { name: "get_weather", description: "Now", parameters } }];
const ask = (text: string) => ({ model, messages: [{ role: "user" as const, content: text }] });

describe("over aimock", () => {
  const usage = { input_tokens: 12, output_tokens: 5 };
  const long = "A long answer, told slowly, word by word, so that there is time enough to leave or to break off.";
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  mock.onMessage("greet", { content: "Good evening.", usage });
  mock.onMessage("slowly", { content: long, usage }, { chunkSize: 4, latency: 20 });
  mock.onMessage("break", { content: long, usage }, { chunkSize: 4, latency: 2, truncateAfterChunks: 8 });
  mock.onMessage("overloaded", { error: { message: "Too many requests", type: "rate_limit_error" }, status: 429 });
  const calls = [
    { name: "get_weather", arguments: '{"city":"Rome"}', id: "tooluse_rome" },
    { name: "get_weather", arguments: '{"city":"Oslo"}', id: "tooluse_oslo" },
  ];
  mock.on({ userMessage: "weather", hasToolResult: false }, { toolCalls: calls, usage });
  mock.on({ userMessage: "weather", hasToolResult: true }, { content: "Rome is warmer.", usage });

  let tap: WireTap;
  let gateway: TestGateway;
  let client: OpenAI;
  beforeAll(async () => {
    await mock.start();
    tap = new WireTap(mock.url);
    gateway = await startGateway({ ...bedrockEnvironment(tap), BEDROCK_INFERENCE_PROFILE: "us" });
    client = clientOf(gateway);
  });
  afterAll(async () => {
    await gateway.close();
    await tap.stop();
    await mock.stop();
  });

  test("text comes whole and streamed, and is billed exactly", async () => {
    const request = { ...ask("greet"), temperature: 0.3, max_completion_tokens: 300 };
    const before = await gateway.credits();
    const { data, response } = await client.chat.completions.create(request).withResponse();
    expect(data).toMatchObject({
      choices: [{ message: { content: "Good evening." }, finish_reason: "stop" }],
      usage: { prompt_tokens: 12, completion_tokens: 5 },
    });
    expect(tap.last.path).toBe(`${profiled}/converse`);
    expect(tap.last.asked).toEqual({
      messages: [{ role: "user", content: [{ text: "greet" }] }],
      inferenceConfig: { maxTokens: 300, temperature: 0.3 },
    });
    const trace = await gateway.traceOf(response);
    expect(trace).toMatchObject({ billing: { status: "billed", debit_usd: "0.000037000000" } });
    const stream = await client.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    let heard = "";
    let counted: unknown;
    for await (const chunk of stream) {
      heard += chunk.choices[0]?.delta.content ?? "";
      counted = chunk.usage ?? counted;
    }
    expect(heard).toBe("Good evening.");
    expect(counted).toMatchObject({ prompt_tokens: 12, completion_tokens: 5 });
    expect(tap.last.path).toBe(`${profiled}/converse-stream`);
    const after = await gateway.credits();
    expect(before.balance - after.balance).toBe(2n * 37_000_000n);
    expect(after.held).toBe(0n);
  });

  test("responses come whole and streamed", async () => {
    const answer = await client.responses.create({ model, input: "greet", instructions: "Be polite." });
    expect(answer.output_text).toBe("Good evening.");
    expect(tap.last.asked).toMatchObject({ system: [{ text: "Be polite." }] });
    expect((await client.responses.stream({ model, input: "greet" }).finalResponse()).output_text).toBe(
      "Good evening.",
    );
  });

  test.each([false, true])("two calls of tools and their results go around; streamed: %p", async (streamed) => {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "weather" }];
    const first = streamed
      ? await client.chat.completions.stream({ model, tools, messages }).finalChatCompletion()
      : await client.chat.completions.create({ model, tools, messages });
    const message = first.choices[0]?.message;
    expect(first.choices[0]?.finish_reason).toBe("tool_calls");
    expect(message?.tool_calls?.map((call) => call.type === "function" && call.function.arguments)).toEqual([
      '{"city":"Rome"}',
      '{"city":"Oslo"}',
    ]);
    if (!message) return;
    messages.push(
      message,
      { role: "tool", tool_call_id: "tooluse_rome", content: "warm" },
      { role: "tool", tool_call_id: "tooluse_oslo", content: "cold" },
    );
    const second = await client.chat.completions.create({ model, tools, messages });
    expect(second.choices[0]?.message.content).toBe("Rome is warmer.");
    expect(tap.last.asked["messages"]).toMatchObject([
      { role: "user" },
      {
        role: "assistant",
        content: [{ toolUse: { toolUseId: "tooluse_rome" } }, { toolUse: { input: { city: "Oslo" } } }],
      },
      { role: "user", content: [{ toolResult: { content: [{ text: "warm" }] } }, { toolResult: {} }] },
    ]);
  });

  test("a client that leaves ends the call upstream, and pays for what it saw", async () => {
    const { data: stream, response } = await client.chat.completions
      .create({ ...ask("slowly"), stream: true })
      .withResponse();
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    stream.controller.abort();
    const trace = await gateway.traceOf(response);
    expect(parseUsd(String(billingOf(trace)["debit_usd"]))).toBeGreaterThan(0n);
    for (let tries = 0; !tap.last.cancelled && tries < 100; tries += 1) await Bun.sleep(10);
    expect(tap.last.cancelled).toBe(true);
    expect((await gateway.credits()).held).toBe(0n);
  });

  test("a stream that breaks off is an error, not a short answer", async () => {
    const read = async () => {
      for await (const chunk of await client.chat.completions.create({ ...ask("break"), stream: true }))
        expect(chunk.object).toBe("chat.completion.chunk");
    };
    expect(await read().catch((thrown: unknown) => thrown)).toBeInstanceOf(APIError);
  });

  test("a refusal is the upstream's", async () => {
    const failed = await client.chat.completions.create(ask("overloaded")).catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject({ status: 502, code: "upstream_error" });
  });
});

describe("over a runtime that checks signatures", () => {
  const double = startBedrockDouble();
  let gateway: TestGateway;
  let client: OpenAI;
  beforeAll(async () => {
    gateway = await startGateway(bedrockEnvironment(double));
    client = clientOf(gateway);
  });
  afterAll(async () => {
    await gateway.close();
    await double.close();
  });

  test("tokens of the cache are billed at their own prices", async () => {
    double.answer = says("Hello.", {
      inputTokens: 10,
      cacheReadInputTokens: 1_000,
      cacheWriteInputTokens: 100,
      outputTokens: 5,
    });
    const { data, response } = await client.chat.completions.create(ask("hello")).withResponse();
    expect(data.usage).toMatchObject({ prompt_tokens: 1_110, prompt_tokens_details: { cached_tokens: 1_000 } });
    // 10 at 1.00, 1,000 at 0.10, 100 at 1.25 and 5 at 5.00 USD per million.
    expect(billingOf(await gateway.traceOf(response))).toMatchObject({ debit_usd: "0.000260000000" });
  });

  test("thinking keeps its signature through an exchange of tools, streamed or not", async () => {
    const signed = { text: "I need the weather.", signature: "EqQBsigned" };
    const toolUse = { toolUseId: "tooluse_1", name: "get_weather", input: { city: "Rome" } };
    const content = [{ reasoningContent: { reasoningText: signed } }, { toolUse }];
    const usage = { inputTokens: 10, outputTokens: 5 };
    const delta = (index: number, piece: object) =>
      eventFrame("contentBlockDelta", { contentBlockIndex: index, delta: piece });
    const frames = [
      eventFrame("messageStart", { role: "assistant" }),
      delta(0, { reasoningContent: { text: signed.text } }),
      delta(0, { reasoningContent: { signature: signed.signature } }),
      eventFrame("contentBlockStop", { contentBlockIndex: 0 }),
      eventFrame("contentBlockStart", {
        contentBlockIndex: 1,
        start: { toolUse: { toolUseId: "tooluse_1", name: "get_weather" } },
      }),
      delta(1, { toolUse: { input: '{"city":"Rome"}' } }),
      eventFrame("contentBlockStop", { contentBlockIndex: 1 }),
      eventFrame("messageStop", { stopReason: "tool_use" }),
      eventFrame("metadata", { usage }),
    ];
    double.answer = ({ path }) =>
      path.endsWith("-stream")
        ? streams(frames)
        : Response.json({ output: { message: { role: "assistant", content } }, stopReason: "tool_use", usage });
    const request = { model, tools, reasoning: { effort: "low" as const }, max_output_tokens: 8_000 };
    const items = [{ type: "function" as const, name: "get_weather", parameters, strict: false }];
    for (const streamed of [false, true]) {
      const input: OpenAI.Responses.ResponseInputItem[] = [{ role: "user", content: "weather" }];
      const first = streamed
        ? await client.responses.stream({ ...request, tools: items, input }).finalResponse()
        : await client.responses.create({ ...request, tools: items, input });
      for (const item of first.output) if (item.type === "reasoning" || item.type === "function_call") input.push(item);
      input.push({ type: "function_call_output", call_id: "tooluse_1", output: "warm" });
      await client.responses.create({ ...request, tools: items, input });
      expect(double.calls.at(-1)?.body["messages"]).toEqual([
        { role: "user", content: [{ text: "weather" }] },
        { role: "assistant", content },
        { role: "user", content: [{ toolResult: { toolUseId: "tooluse_1", content: [{ text: "warm" }] } }] },
      ]);
      expect(double.calls.at(-1)?.body["additionalModelRequestFields"]).toMatchObject({
        thinking: { type: "enabled" },
      });
    }
  });

  test.each([
    [429, "ThrottlingException", "Too many requests", 502, "upstream_error"],
    [400, "ValidationException", "messages.0: roles must alternate", 400, "upstream_rejected_request"],
    [403, "AccessDeniedException", "You don't have access", 502, "upstream_error"],
    [408, "ModelTimeoutException", "It took too long", 504, "upstream_timeout"],
    [500, "InternalServerException", "Oh", 502, "upstream_error"],
  ] as const)("%d %s is told as the gateway's own", async (status, exception, message, told, code) => {
    double.answer = refuses(status, exception, `${message} ${awsKeys.sessionToken}`);
    const before = await gateway.credits();
    const response = await gateway.post("/v1/chat/completions", ask("hello"));
    const text = await response.text();
    expect([response.status, objectAt(parseObject(text) ?? {}, "error")?.["code"]]).toEqual([told, code]);
    const trace = JSON.stringify(await gateway.traceOf(response));
    for (const secret of Object.values(awsKeys)) expect(text + trace).not.toContain(secret);
    expect(await gateway.credits()).toEqual(before);
  });

  test("an exception within a stream ends it with the protocol's own error", async () => {
    const begin = eventFrame("messageStart", { role: "assistant" });
    const piece = eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hel" } });
    double.answer = () => streams([begin, piece, exceptionFrame("modelStreamErrorException", "It broke.")]);
    let heard = "";
    const read = async () => {
      for await (const chunk of await client.chat.completions.create({ ...ask("hello"), stream: true }))
        heard += chunk.choices[0]?.delta.content ?? "";
    };
    expect(await read().catch((thrown: unknown) => thrown)).toBeInstanceOf(APIError);
    expect(heard).toBe("Hel");
  });

  test("Titan embeds texts, and each token is billed", async () => {
    double.answer = ({ body }) => {
      const length = String(body["inputText"]).length;
      return Response.json({ embedding: [length, 0.5, -1], inputTextTokenCount: length });
    };
    const { data, response } = await client.embeddings
      .create({ model: "titan-embed-text-v2", input: ["a", "bc"], dimensions: 256 })
      .withResponse();
    expect(data.data.map(({ embedding }) => embedding)).toEqual([
      [1, 0.5, -1],
      [2, 0.5, -1],
    ]);
    expect(data.usage.prompt_tokens).toBe(3);
    expect(double.calls.at(-1)?.path).toBe("/model/amazon.titan-embed-text-v2%3A0/invoke");
    expect(billingOf(await gateway.traceOf(response))).toMatchObject({ debit_usd: "0.000000060000" });
  });

  test("nothing was a fault of ours", () => {
    expect(gateway.faults).toEqual([]);
  });
});
