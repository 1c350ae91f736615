// The official client against a gateway without any upstream: everything that a program can be written and tested with
// works offline, with a live key and with a test key.

import { afterAll, describe, expect, test } from "bun:test";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { parseObject } from "../../server/contracts/json.ts";
import { billingOf, startGateway } from "../support/gateway.ts";
import { clientOf, model } from "./setups.ts";

const gateway = await startGateway();
afterAll(() => gateway.close());

const instrument = z.object({ name: z.string(), year: z.number().int(), tags: z.array(z.string()) });
const input = "Write one sentence about the astrolabe.";
const messages: ChatCompletionMessageParam[] = [{ role: "user", content: input }];

describe.each([
  ["a live key", gateway.liveKey],
  ["a test key", gateway.testKey],
])("with %s", (_kind, key) => {
  const client = clientOf(gateway, key);

  test("the same request gives the same answer in every form", async () => {
    const response = await client.responses.create({ model, input });
    const completion = await client.chat.completions.create({ model, messages });
    expect(response.output_text.length).toBeGreaterThan(10);
    expect(completion.choices[0]?.message.content).toBe(response.output_text);
    expect((await client.responses.stream({ model, input }).finalResponse()).output_text).toBe(response.output_text);
    expect(await client.chat.completions.stream({ model, messages }).finalContent()).toBe(response.output_text);
    expect(response.usage?.total_tokens).toBe(completion.usage?.total_tokens ?? -1);
    expect(response.usage?.output_tokens).toBeGreaterThan(0);
  });

  test("structured output satisfies the schema", async () => {
    const text = { format: zodTextFormat(instrument, "instrument") };
    const parsed = (await client.responses.parse({ model, input, text })).output_parsed;
    expect(instrument.safeParse(parsed).success).toBe(true);
    const response_format = zodResponseFormat(instrument, "instrument");
    const streamed = await client.chat.completions.stream({ model, messages, response_format }).finalChatCompletion();
    expect(streamed.choices[0]?.message.parsed).toEqual(parsed);
  });

  test("a tool is called with arguments that fit, and its result ends the loop", async () => {
    const asked: unknown[] = [];
    const runner = client.chat.completions.runTools({
      model,
      messages: [{ role: "user", content: "What is the weather in Paris?" }],
      tools: [
        {
          type: "function",
          function: {
            name: "get_weather",
            description: "Weather now",
            parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
            parse: (text: string) => z.object({ city: z.string() }).parse(parseObject(text)),
            function: (found: unknown) => {
              asked.push(found);
              return "21 degrees";
            },
          },
        },
      ],
    });
    expect((await runner.finalContent())?.length).toBeGreaterThan(0);
    expect(asked).toHaveLength(1);
  });
});

test("a test key pays nothing for it, a live key what it used", async () => {
  const paid = await Promise.all(
    [gateway.liveKey, gateway.testKey].map(async (key) => {
      const { response } = await clientOf(gateway, key).responses.create({ model, input }).withResponse();
      const id = response.headers.get("x-request-id");
      return Number(billingOf(await gateway.get(`/v1/traces/${id}`, key))["debit_usd"]);
    }),
  );
  expect(paid[0]).toBeGreaterThan(0);
  expect(paid[1]).toBe(0);
});

test("the models that agents know by name answer under it", async () => {
  const client = clientOf(gateway);
  for (const name of ["claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5"]) {
    const { data, response } = await client.chat.completions.create({ model: name, messages }).withResponse();
    expect(data.choices[0]?.finish_reason).toBe("stop");
    expect(data.model).toBe(name);
    expect(response.headers.get("x-astrolabe-model")).toBe(name);
  }
  const embedded = await client.embeddings.create({ model: "titan-embed-text-v2", input: "stars" });
  expect(embedded.model).toBe("titan-embed-text-v2");
  expect(embedded.data[0]?.embedding).toHaveLength(1024);
});

test.each(["astrolabe/auto", "auto", "astrolabe/coding", "cheap"])(
  "%s is answered by a concrete model",
  async (name) => {
    const { response } = await clientOf(gateway).responses.create({ model: name, input }).withResponse();
    expect(response.headers.get("x-astrolabe-model")).toContain("/");
    expect(response.headers.get("x-astrolabe-model")).not.toContain("astrolabe");
  },
);
