// Where client and upstream speak different protocols: what can be carried over is, what cannot is refused by its name
// or told in the trace, and never lost in silence.

import { afterAll, describe, expect, test } from "bun:test";
import { BadRequestError } from "openai";
import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import type { ResponseCreateParamsNonStreaming } from "openai/resources/responses/responses";
import { startGateway } from "../support/gateway.ts";
import { clientOf, counted, model, startSetups } from "./setups.ts";

const setups = await startSetups((mock) => {
  mock.onMessage("greet", { content: "Hello.", usage: counted });
});
afterAll(() => setups.close());

function setupWithout(protocol: "responses" | "chat") {
  const setup = setups.all.find(({ speaks }) => !speaks.includes(protocol));
  if (!setup) throw new Error(`every upstream speaks ${protocol}`);
  return setup;
}

describe("a chat request for an upstream with Responses alone", () => {
  const { client, gateway, tap } = setupWithout("chat");
  const messages: ChatCompletionCreateParamsNonStreaming["messages"] = [{ role: "user", content: "greet" }];

  test.each([
    ["logit_bias", { logit_bias: { "50256": -100 } }],
    ["n", { n: 2 }],
    ["tools[0].type", { tools: [{ type: "custom", custom: { name: "shell" } }] }],
  ] satisfies [string, Partial<ChatCompletionCreateParamsNonStreaming>][])(
    "is refused as invalid for %s, and the upstream is neither asked nor blamed",
    async (param, body) => {
      tap.forget();
      for (let call = 0; call < 6; call++) {
        const thrown = await client.chat.completions
          .create({ model, messages, ...body })
          .catch((error: unknown) => error);
        expect(thrown).toBeInstanceOf(BadRequestError);
        expect(thrown).toMatchObject({ status: 400, code: "invalid_request", param });
      }
      expect(tap.count).toBe(0);
      expect(gateway.faults).toEqual([]);
      expect((await client.chat.completions.create({ model, messages })).choices[0]?.message.content).toBe("Hello.");
    },
  );

  test("carries sampling, limits and the end user over, and tells the trace what it leaves behind", async () => {
    const { response } = await client.chat.completions
      .create({
        model,
        messages: [{ role: "developer", content: "Be brief." }, ...messages],
        temperature: 0.5,
        top_p: 0.9,
        seed: 7,
        max_completion_tokens: 300,
        user: "user-1",
      })
      .withResponse();
    expect(tap.last.asked).toMatchObject({
      input: [{ role: "developer" }, { role: "user" }],
      temperature: 0.5,
      top_p: 0.9,
      max_output_tokens: 300,
      user: "user-1",
      store: false,
    });
    expect(JSON.stringify((await gateway.traceOf(response))["warnings"])).toContain("seed");
  });
});

describe("a Responses request for an upstream without it", () => {
  const { client, gateway, tap } = setupWithout("responses");

  test.each([
    ["tools[0].type", { tools: [{ type: "web_search" }] }],
    [
      "input[1].id",
      {
        input: [
          { role: "user", content: "greet" },
          { type: "item_reference", id: "rs_1" },
        ],
      },
    ],
    ["prompt", { prompt: { id: "pmpt_1" } }],
  ] satisfies [string, Partial<ResponseCreateParamsNonStreaming>][])(
    "is refused as invalid for %s, and the upstream is neither asked nor blamed",
    async (param, body) => {
      tap.forget();
      for (let call = 0; call < 6; call++) {
        const thrown = await client.responses
          .create({ model, input: "greet", ...body })
          .catch((error: unknown) => error);
        expect(thrown).toBeInstanceOf(BadRequestError);
        expect(thrown).toMatchObject({ status: 400, code: "invalid_request", param });
      }
      expect(tap.count).toBe(0);
      expect(gateway.faults).toEqual([]);
      expect((await client.responses.create({ model, input: "greet" })).output_text).toBe("Hello.");
    },
  );

  test("carries instructions, sampling and limits over, and tells the trace what it leaves behind", async () => {
    const { response } = await client.responses
      .create({
        model,
        instructions: "Be brief.",
        input: "greet",
        temperature: 0.5,
        max_output_tokens: 300,
        truncation: "auto",
      })
      .withResponse();
    expect(tap.last.asked).toMatchObject({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "greet" },
      ],
      temperature: 0.5,
      max_completion_tokens: 300,
    });
    expect(JSON.stringify((await gateway.traceOf(response))["warnings"])).toContain("truncation");
  });
});

test("what one upstream has no words for goes to another that has", async () => {
  const { tap } = setupWithout("chat");
  const gateway = await startGateway({
    ASTROLABE_UPSTREAMS: "first,second",
    FIRST_BASE_URL: `${tap.url}/v1`,
    FIRST_PROTOCOLS: "responses",
    FIRST_MODELS: model,
    SECOND_BASE_URL: `${tap.url}/v1`,
    SECOND_PROTOCOLS: "chat-completions",
    SECOND_MODELS: model,
  });
  try {
    const { data, response } = await clientOf(gateway)
      .chat.completions.create({ model, messages: [{ role: "user", content: "greet" }], logit_bias: { "1": 1 } })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe("Hello.");
    expect(tap.last.path).toBe("/v1/chat/completions");
    expect(await gateway.traceOf(response)).toMatchObject({
      attempts: [
        { provider: "first", outcome: "failed" },
        { provider: "second", outcome: "answered" },
      ],
    });
  } finally {
    await gateway.close();
  }
});
