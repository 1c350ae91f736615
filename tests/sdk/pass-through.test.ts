// What client and upstream both understand passes unread, in both directions: fields that nobody here knows arrive as
// they were sent, and only what is the gateway's own business is changed.

import { afterAll, describe, expect, test } from "bun:test";
import { isObject, parseObject, type JsonObject } from "../../server/contracts/json.ts";
import { EventParser } from "../../server/conversation/events.ts";
import { asObject } from "../support/gateway.ts";
import { counted, model, startSetups, type Setup } from "./setups.ts";

const setups = await startSetups((mock) => {
  mock.onMessage("greet", { content: "Hello there.", reasoning: "A greeting.", usage: counted }, { chunkSize: 3 });
});
afterAll(() => setups.close());

const overrides = { quality: "high", explain: true };
const responseBody = {
  model,
  input: [
    { role: "user", content: [{ type: "input_text", text: "greet", x_part: 1 }], x_item: { deep: [true, null, 1.5] } },
  ],
  instructions: "Be kind.",
  include: ["reasoning.encrypted_content"],
  prompt_cache_key: "cache-1",
  temperature: 0.25,
  truncation: "auto",
  x_unknown: { a: [1, "ü", { b: false }] },
  metadata: { team: "blue", astrolabe: overrides },
};
const chatBody = {
  model,
  messages: [{ role: "user", content: [{ type: "text", text: "greet", x_part: 1 }], name: "ada", x_message: [null] }],
  logprobs: true,
  prediction: { type: "content", content: "Hello" },
  seed: 7,
  verbosity: "low",
  x_unknown: { a: [1, "ü", { b: false }] },
  metadata: { team: "blue", astrolabe: overrides },
};

function speaking(protocol: "responses" | "chat"): Setup[] {
  return setups.all.filter(({ speaks }) => speaks.includes(protocol));
}

/** The answer's body as it came, read by the client but not understood by it. */
async function post({ client }: Setup, path: string, body: object): Promise<string> {
  const response = await client.post(path, { body, __binaryResponse: true }).asResponse();
  return response.text();
}

/** What our own fields and edits leave of a body that went upstream. */
function ownFieldsOf(asked: JsonObject, kept: object): JsonObject {
  return Object.fromEntries(Object.entries(asked).filter(([field]) => field in kept));
}

function eventsOf(text: string): JsonObject[] {
  const events = new EventParser().push(Buffer.from(text));
  return events.flatMap((event) => (event.data === "[DONE]" ? [] : [asObject(parseObject(event.data))]));
}

describe.each(speaking("responses"))("Responses with $upstream", (setup) => {
  test("every field of the caller arrives, but for the overrides", async () => {
    await post(setup, "/responses", responseBody);
    const { path, asked } = setup.tap.last;
    expect(path).toEndWith("/responses");
    const { model: upstreamModel, metadata, ...rest } = ownFieldsOf(asked, responseBody);
    const { model: _model, metadata: _metadata, ...sent } = responseBody;
    expect(rest).toEqual(sent);
    expect(metadata).toEqual({ team: "blue" });
    expect(`openai/${String(upstreamModel).split("/").at(-1)}`).toBe(model);
    expect(asked.max_output_tokens).toBeGreaterThan(0);
  });

  test("the upstream's answer arrives as it was, with our metadata added", async () => {
    const got = asObject(parseObject(await post(setup, "/responses", responseBody)));
    const { metadata, ...answer } = got;
    expect(answer).toEqual(asObject(parseObject(await setup.tap.last.answered)));
    expect(metadata).toMatchObject({ team: "blue", astrolabe: { model, candidates: expect.any(Array) } });
  });

  test("so does each event of a stream", async () => {
    const got = eventsOf(await post(setup, "/responses", { ...responseBody, stream: true }));
    const sent = eventsOf(await setup.tap.last.answered);
    expect(got.slice(0, -1)).toEqual(sent.slice(0, -1));
    const last = asObject(got.at(-1)?.["response"]);
    expect(last["metadata"]).toMatchObject({ team: "blue", astrolabe: { model } });
    const { metadata: _metadata, ...rest } = last;
    expect({ ...got.at(-1), response: rest }).toEqual({ ...sent.at(-1), response: expect.objectContaining(rest) });
  });
});

describe.each(speaking("chat"))("Chat with $upstream", (setup) => {
  test("every field of the caller arrives, but for the overrides", async () => {
    await post(setup, "/chat/completions", chatBody);
    const { path, asked } = setup.tap.last;
    expect(path).toEndWith("/chat/completions");
    const { model: upstreamModel, metadata, ...rest } = ownFieldsOf(asked, chatBody);
    const { model: _model, metadata: _metadata, ...sent } = chatBody;
    expect(rest).toEqual(sent);
    expect(metadata).toEqual({ team: "blue" });
    expect(`openai/${String(upstreamModel).split("/").at(-1)}`).toBe(model);
  });

  test("the upstream's answer arrives as it was, with our metadata added", async () => {
    const got = asObject(parseObject(await post(setup, "/chat/completions", chatBody)));
    const { astrolabe, ...answer } = got;
    expect(answer).toEqual(asObject(parseObject(await setup.tap.last.answered)));
    expect(astrolabe).toMatchObject({ model, candidates: expect.any(Array) });
  });

  test.each([true, false])("so does each chunk of a stream, usage asked for: %p", async (include_usage) => {
    const body = { ...chatBody, stream: true, stream_options: { include_usage, x_option: 1 } };
    const got = eventsOf(await post(setup, "/chat/completions", body));
    expect(setup.tap.last.asked.stream_options).toEqual({ include_usage: true, x_option: 1 });
    const sent = eventsOf(await setup.tap.last.answered);
    const due = include_usage ? sent : sent.filter((chunk) => !isObject(chunk["usage"]));
    expect(got.map(({ astrolabe: _astrolabe, ...chunk }) => chunk)).toEqual(due);
    expect(got.at(-1)).toMatchObject({ astrolabe: { model } });
  });
});

describe.each(setups.all)("With $upstream", (setup) => {
  test.each([
    ["/responses", responseBody],
    ["/chat/completions", chatBody],
  ])("neither the overrides nor the caller's key leave the gateway: %s", async (path, body) => {
    for (const stream of [false, true]) {
      await post(setup, path, { ...body, stream });
      const { asked, headers } = setup.tap.last;
      expect(asked).not.toHaveProperty("metadata.astrolabe");
      expect(JSON.stringify(asked)).not.toContain("quality");
      expect(JSON.stringify([...headers])).not.toContain(setup.gateway.liveKey);
    }
  });
});
