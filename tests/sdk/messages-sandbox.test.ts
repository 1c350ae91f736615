// Anthropic's official client with a test key: answers, streams and failures without an upstream.

import { afterAll, describe, expect, test } from "bun:test";
import Anthropic, { APIError, AuthenticationError, InternalServerError, NotFoundError } from "@anthropic-ai/sdk";
import { startGateway } from "../support/gateway.ts";
import { anthropicClientOf, model } from "./messages-setups.ts";

const gateway = await startGateway();
afterAll(() => gateway.close());

const ask = (content: string) => ({ model, max_tokens: 200, messages: [{ role: "user" as const, content }] });

async function failureOf(call: Promise<unknown>): Promise<APIError> {
  const thrown: unknown = await call.catch((error: unknown) => error);
  if (thrown instanceof APIError) return thrown;
  throw new Error("nothing was refused");
}

describe.each(["", "/anthropic"])("at the address with `%s`", (path) => {
  const client = anthropicClientOf(gateway, gateway.testKey, path);

  test("an answer is the same, whole and streamed, and its tokens are those that were counted", async () => {
    const whole = await client.messages.create(ask("Tell me of stars."));
    const streamed = await client.messages.stream(ask("Tell me of stars.")).finalMessage();
    expect(streamed.content).toMatchObject(whole.content.map((block) => ({ ...block })));
    expect(streamed.usage).toMatchObject({ ...whole.usage });
    const { max_tokens: _, ...prompt } = ask("Tell me of stars.");
    expect((await client.messages.countTokens(prompt)).input_tokens).toBe(whole.usage.input_tokens);
  });

  test("a refusal and a filtered answer stop for `refusal`", async () => {
    expect((await client.messages.create(ask("[sandbox:refusal]"))).stop_reason).toBe("refusal");
    expect((await client.messages.stream(ask("[sandbox:content_filter]")).finalMessage()).stop_reason).toBe("refusal");
  });

  test("failures are raised as the client's own classes, before the answer and in its middle", async () => {
    const failed = await failureOf(client.messages.create(ask("[sandbox:error]")));
    expect(failed).toBeInstanceOf(InternalServerError);
    expect(failed).toMatchObject({ type: "api_error", errorCode: "upstream_error" });
    expect(failed.requestID).toMatch(/^req_[0-9a-f]{32}$/);
    const broken = await failureOf(client.messages.stream(ask("[sandbox:stream_error]")).finalMessage());
    expect(broken).toMatchObject({ type: "api_error", errorCode: "streaming_provider_error" });
  });

  test("models are listed as the client reads them", async () => {
    const models = await Array.fromAsync(client.models.list());
    expect(models).toContainEqual(expect.objectContaining({ id: model, display_name: "Claude Sonnet 4.6" }));
    expect(models.map(({ id }) => id)).toContain("astrolabe/auto");
    expect(await client.models.retrieve("claude-haiku-4-5-20251001")).toMatchObject({ id: "claude-haiku-4-5" });
    expect(await failureOf(client.models.retrieve("nobody"))).toBeInstanceOf(NotFoundError);
    const stranger = anthropicClientOf(gateway, "astrolabe_test_nobody", path);
    const refused = await failureOf(Array.fromAsync(stranger.models.list()));
    expect(refused).toBeInstanceOf(AuthenticationError);
    expect(refused.type).toBe("authentication_error");
  });
});

test("a token that is sent as a bearer works like a key", async () => {
  const client = new Anthropic({ apiKey: null, authToken: gateway.testKey, baseURL: gateway.url, maxRetries: 0 });
  expect((await client.messages.create(ask("hello"))).role).toBe("assistant");
});
