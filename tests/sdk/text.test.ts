// Plain answers through the official client: whole and streamed, in both protocols, whatever the upstream speaks.

import { afterAll, describe, expect, test } from "bun:test";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { counted, model, startSetups } from "./setups.ts";

const greeting = "Hello, traveller: the stars are out.";
const setups = await startSetups((mock) => {
  mock.onMessage("greet", { content: greeting, usage: counted }, { chunkSize: 5 });
  mock.onMessage("cut short", { content: "Once upon", finishReason: "length", usage: counted });
});
afterAll(() => setups.close());

const inTokens = { input_tokens: 12, output_tokens: 5, total_tokens: 17 };

describe.each(setups.all)("with $upstream", ({ client }) => {
  test("responses.create answers whole, with usage", async () => {
    const response = await client.responses.create({ model, input: "greet me" });
    expect(response).toMatchObject({ object: "response", status: "completed", output_text: greeting, usage: inTokens });
  });

  test("responses.create streams the same answer as typed events", async () => {
    const events = await Array.fromAsync(await client.responses.create({ model, input: "greet me", stream: true }));
    expect(events.map((event) => event.type).slice(0, 2)).toEqual(["response.created", "response.in_progress"]);
    const deltas = events.flatMap((event) => (event.type === "response.output_text.delta" ? [event.delta] : []));
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join("")).toBe(greeting);
    expect(events.at(-1)).toMatchObject({
      type: "response.completed",
      response: { status: "completed", usage: inTokens },
    });
  });

  test("responses.stream rebuilds the whole from its events", async () => {
    const response = await client.responses.stream({ model, input: "greet me" }).finalResponse();
    expect(response).toMatchObject({ status: "completed", output_text: greeting, usage: inTokens });
  });

  test("chat.completions.create answers whole, with usage", async () => {
    const completion = await client.chat.completions.create({ model, messages: [{ role: "user", content: "greet" }] });
    expect(completion.object).toBe("chat.completion");
    expect(completion.choices).toMatchObject([
      { index: 0, finish_reason: "stop", message: { role: "assistant", content: greeting, refusal: null } },
    ]);
    expect(completion.usage).toMatchObject(counted);
  });

  test("chat.completions.create streams the same answer, with usage only when asked", async () => {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "greet" }];
    const plain = await Array.fromAsync(await client.chat.completions.create({ model, messages, stream: true }));
    const contents = plain.map((chunk) => chunk.choices[0]?.delta.content ?? "");
    expect(contents.filter((text) => text !== "").length).toBeGreaterThan(1);
    expect(contents.join("")).toBe(greeting);
    expect(plain.at(-1)?.choices[0]?.finish_reason).toBe("stop");
    expect(plain.filter((chunk) => chunk.usage != null)).toEqual([]);

    const measured = await Array.fromAsync(
      await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } }),
    );
    expect(measured.at(-1)).toMatchObject({ choices: [], usage: counted });
  });

  test("chat.completions.stream rebuilds the whole from its chunks", async () => {
    const stream = client.chat.completions.stream({ model, messages: [{ role: "user", content: "greet" }] });
    expect(await stream.finalContent()).toBe(greeting);
    expect((await stream.finalChatCompletion()).choices[0]?.finish_reason).toBe("stop");
  });

  test("an answer cut by its limit says so, in the words of each protocol", async () => {
    const completion = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: "be cut short" }],
      max_completion_tokens: 16,
    });
    expect(completion.choices[0]?.finish_reason).toBe("length");
    for (const stream of [false, true]) {
      const request = { model, input: "be cut short", max_output_tokens: 16 };
      const response = await (stream
        ? client.responses.stream(request).finalResponse()
        : client.responses.create(request));
      expect(response.status).toBe("incomplete");
    }
  });
});

test.each([
  ["claude-opus-4-8", "anthropic/claude-opus-4.8"],
  ["claude-sonnet-4-6", "anthropic/claude-sonnet-4.6"],
  ["claude-haiku-4-5", "anthropic/claude-haiku-4.5"],
])("%s, as agents know it, is answered by OpenRouter's %s", async (name, upstreamName) => {
  const setup = setups.all.find(({ upstream }) => upstream === "OpenRouter");
  const answer = setup?.client.chat.completions.create({ model: name, messages: [{ role: "user", content: "greet" }] });
  const { data, response } = (await answer?.withResponse()) ?? {};
  expect(data?.choices[0]?.message.content).toBe(greeting);
  expect(response?.headers.get("x-astrolabe-model")).toBe(name);
  expect(setup?.tap.last.asked.model).toBe(upstreamName);
});
