// Embeddings in every encoding and form of input, and the model list, through the official client.

import { afterAll, describe, expect, test } from "bun:test";
import { LLMock } from "@copilotkit/aimock";
import { NotFoundError } from "openai";
import { startGateway } from "../support/gateway.ts";
import { clientOf } from "./setups.ts";
import { WireTap } from "./wire-tap.ts";

const vector = [0.5, -0.25, 0.125, 1];
const mock = new LLMock({ port: 0, logLevel: "silent" });
mock.onEmbedding(/./, { embedding: vector });
await mock.start();
const tap = new WireTap(mock.url);
const gateways = {
  "an upstream": await startGateway({
    ASTROLABE_UPSTREAMS: "named",
    NAMED_BASE_URL: `${tap.url}/v1`,
    NAMED_MODELS: "titan-embed-text-v2=titan",
  }),
  "the sandbox": await startGateway(),
};
afterAll(async () => {
  for (const gateway of Object.values(gateways)) await gateway.close();
  await tap.stop();
  await mock.stop();
});

const model = "titan-embed-text-v2";

describe.each(Object.entries(gateways))("embeddings from %s", (upstream, gateway) => {
  const client = clientOf(gateway);

  test("are the same vector as base64, which the client asks for by itself, and as numbers", async () => {
    const byDefault = await client.embeddings.create({ model, input: "stars" });
    const asNumbers = await client.embeddings.create({ model, input: "stars", encoding_format: "float" });
    const [first] = byDefault.data;
    expect(first?.embedding.length).toBeGreaterThan(0);
    expect(first?.embedding.map((value) => Math.fround(value))).toEqual(
      asNumbers.data[0]?.embedding.map((value) => Math.fround(value)) ?? [],
    );
    if (upstream === "an upstream") expect(asNumbers.data[0]?.embedding).toEqual(vector);
    expect(byDefault.usage.total_tokens).toBe(byDefault.usage.prompt_tokens);
  });

  test.each([
    ["a text", "stars", 1],
    ["several texts", ["sun", "moon", "stars"], 3],
    ["tokens", [1, 2, 3], 1],
    ["several token arrays", [[1, 2], [3]], 2],
  ])("come in order for %s", async (_what, input, count) => {
    const { data, object } = await client.embeddings.create({ model, input });
    expect(object).toBe("list");
    expect(data.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  test("have the dimensions asked for and carry the guaranteed headers", async () => {
    const { response } = await client.embeddings.create({ model, input: "stars", dimensions: 256 }).withResponse();
    if (upstream === "an upstream") expect(tap.last.asked).toMatchObject({ model: "titan", dimensions: 256 });
    expect(response.headers.get("x-astrolabe-model")).toBe(model);
    expect(response.headers.get("x-ratelimit-remaining")).toBeTruthy();
    // aimock counts no tokens of embeddings, and what nobody counted is not charged.
    const billing = upstream === "an upstream" ? { reason: "missing_provider_usage" } : { status: "billed" };
    expect(await gateway.traceOf(response)).toMatchObject({ billing });
  });
});

describe("models", () => {
  const client = clientOf(gateways["the sandbox"]);

  test("list gives the virtual models, and every concrete one when asked", async () => {
    const virtual = await Array.fromAsync(client.models.list());
    expect(virtual.map(({ id }) => id)).toContain("astrolabe/auto");
    expect(virtual).toHaveLength(7);
    for (const { object, created, owned_by } of virtual) {
      expect([object, typeof created, owned_by]).toEqual(["model", "number", "astrolabe"]);
    }
    const concrete = await Array.fromAsync(client.models.list({ query: { view: "raw" } }));
    expect(concrete.map(({ id }) => id)).toContain("anthropic/claude-sonnet-4.6");
  });

  test.each(["astrolabe/auto", "anthropic/claude-sonnet-4.6", "claude-haiku-4-5", model])(
    "retrieve finds %s, slash or not",
    async (id) => {
      expect(await client.models.retrieve(id)).toMatchObject({ id, object: "model" });
    },
  );

  test("retrieve of a model nobody knows is a NotFoundError", async () => {
    const thrown = await client.models.retrieve("openai/gpt-0").catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(NotFoundError);
    expect(thrown).toMatchObject({ code: "unknown_model", param: "model" });
  });
});
