// OpenAI's official client in front of Azure OpenAI as aimock plays it: at the API v1, and at the addresses of deployments.

import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { LLMock } from "@copilotkit/aimock";
import type OpenAI from "openai";
import { APIError } from "openai";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { clientOf, counted } from "./setups.ts";
import { WireTap } from "./wire-tap.ts";

const key = "azure-key-0123456789";
const model = "openai/gpt-5.4";
const version = "2025-01-01-preview";
const mock = new LLMock({ port: 0, logLevel: "silent" });
mock.onMessage("greet", { content: "Good evening.", usage: counted });
mock.onMessage("weather", { toolCalls: [{ name: "get_weather", arguments: '{"city":"Rome"}' }], usage: counted });
mock.onMessage("structure", { content: '{"city":"Oslo"}', usage: counted });
mock.onMessage("filtered", {
  error: { message: "The response was filtered: content management policy.", type: "content_filter" },
  status: 400,
});
mock.onMessage("busy", { error: { message: "Slow down.", type: "429" }, status: 429 });
mock.onMessage("locked", { error: { message: `Access denied for ${key}`, type: "401" }, status: 401 });
mock.onMessage("missing", { error: { message: "DeploymentNotFound", type: "404" }, status: 404 });
mock.onEmbedding(/./, { embedding: [0.5, -0.25] });
await mock.start();
const tap = new WireTap(mock.url);

async function start(more: Record<string, string>): Promise<{ gateway: TestGateway; client: OpenAI }> {
  const gateway = await startGateway({
    AZURE_OPENAI_API_KEY: key,
    AZURE_OPENAI_ENDPOINT: `${tap.url}/`,
    AZURE_OPENAI_DEPLOYMENTS: `${model}=prod one,titan-embed-text-v2=vectors`,
    ...more,
  });
  return { gateway, client: clientOf(gateway) };
}

const atVersionOne = await start({});
const dated = await start({ AZURE_OPENAI_API_VERSION: version });
afterAll(async () => {
  await atVersionOne.gateway.close();
  await dated.gateway.close();
  await tap.stop();
  await mock.stop();
});

const setups = [
  ["at the API v1", atVersionOne, "/openai/v1/chat/completions", ""],
  ["at a dated version", dated, "/openai/deployments/prod%20one/chat/completions", `?api-version=${version}`],
] as const;
const messages = (content: string) => [{ role: "user" as const, content }];
const parameters = { type: "object", properties: { city: { type: "string" } } };

describe.each(setups)("Azure OpenAI %s", (_where, { gateway, client }, path, query) => {
  test("answers chat completions for the deployment's model, with the key in Azure's header", async () => {
    const { data, response } = await client.chat.completions
      .create({ model, messages: messages("greet"), max_tokens: 50 })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe("Good evening.");
    expect([tap.last.path, tap.last.query]).toEqual([path, query]);
    expect([tap.last.headers.get("api-key"), tap.last.headers.get("authorization")]).toEqual([key, null]);
    // The name of the deployment does not say so, but its model takes no other limit.
    expect(tap.last.asked).toEqual({ model: "prod one", messages: messages("greet"), max_completion_tokens: 50 });
    // 2.5 USD in and 15 out per million tokens.
    expect(await gateway.traceOf(response)).toMatchObject({
      billing: { status: "billed", debit_usd: "0.000105000000", lines: [{ provider: "azure-openai" }, {}] },
    });
  });

  test("streams, calls tools and keeps to schemas", async () => {
    const stream = client.chat.completions.stream({ model, messages: messages("greet") });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe("Good evening.");
    const tools = [{ type: "function" as const, function: { name: "get_weather", parameters } }];
    const called = await client.chat.completions.create({ model, messages: messages("weather"), tools });
    expect(called.choices[0]?.message.tool_calls).toMatchObject([{ function: { name: "get_weather" } }]);
    const format = { type: "json_schema" as const, json_schema: { name: "place", schema: parameters } };
    await client.chat.completions.create({ model, messages: messages("structure"), response_format: format });
    expect(tap.last.asked["response_format"]).toEqual(format);
  });

  test("embeds", async () => {
    const { data } = await client.embeddings.create({ model: "titan-embed-text-v2", input: "stars" });
    expect(data[0]?.embedding).toEqual([0.5, -0.25]);
    expect([tap.last.path, tap.last.query]).toEqual([
      path.replace("prod%20one", "vectors").replace("chat/completions", "embeddings"),
      query,
    ]);
  });

  test("stores nothing for a stack that forbids it, in words that every version knows", async () => {
    const strict = await start({
      AZURE_OPENAI_DATA_POLICY: "zero_retention",
      ...(query === "" ? {} : { AZURE_OPENAI_API_VERSION: version }),
    });
    const metadata = { astrolabe: { stack: "customer-data" } };
    const body = { model, messages: messages("greet"), metadata };
    expect((await strict.gateway.post("/v1/chat/completions", body)).status).toBe(200);
    expect(tap.last.asked).not.toHaveProperty("store");
    await strict.gateway.post("/v1/chat/completions", { ...body, store: true });
    expect(tap.last.asked["store"]).toBe(false);
    await strict.gateway.close();
  });
});

describe("responses", () => {
  test("pass through at the API v1", async () => {
    const { data, response } = await atVersionOne.client.responses.create({ model, input: "greet" }).withResponse();
    expect(data.output_text).toBe("Good evening.");
    expect(tap.last.path).toBe("/openai/v1/responses");
    expect(await atVersionOne.gateway.traceOf(response)).toMatchObject({ billing: { status: "billed" } });
  });

  test("become chat completions at a dated version, unless its protocols name them", async () => {
    const answer = await dated.client.responses.create({ model, input: "greet" });
    expect(answer.output_text).toBe("Good evening.");
    expect(tap.last.path).toBe("/openai/deployments/prod%20one/chat/completions");
    const later = await start({ AZURE_OPENAI_API_VERSION: version, AZURE_OPENAI_PROTOCOLS: "responses" });
    expect((await later.client.responses.create({ model, input: "greet" })).output_text).toBe("Good evening.");
    expect([tap.last.path, tap.last.query]).toEqual(["/openai/responses", `?api-version=${version}`]);
    await later.gateway.close();
  });
});

describe("an upstream that refuses", () => {
  const { gateway, client } = dated;
  // What failed just now is given a rest.
  beforeEach(() => {
    gateway.clock.aheadMs += 600_000;
  });

  test.each([
    ["filtered", 400, "upstream_rejected_request"],
    ["busy", 502, "upstream_error"],
    ["locked", 502, "upstream_error"],
    ["missing", 502, "upstream_error"],
  ])("fails as %s", async (word, status, code) => {
    const failure: unknown = await client.chat.completions
      .create({ model, messages: messages(word) }, { maxRetries: 0 })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ status, code });
    expect(JSON.stringify(failure)).not.toContain(key);
  });
});
