// What goes into and comes out of an answer besides text: images and files, reasoning and its way back, refusals.

import { afterAll, describe, expect, test } from "bun:test";
import type { ChatCompletionContentPart, ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { ResponseInputContent, ResponseInputItem } from "openai/resources/responses/responses";
import { clientOf, counted, model, startSetups } from "./setups.ts";

const usage = counted;
const setups = await startSetups((mock) => {
  mock.onMessage("look", { content: "A brass disc.", usage });
  mock.on(
    { userMessage: "think", hasToolResult: false },
    {
      toolCalls: [{ name: "measure", arguments: "{}", id: "call_measure" }],
      reasoning: "First I measure.",
      usage: { ...usage, completion_tokens_details: { reasoning_tokens: 3 } },
    },
  );
  mock.on({ userMessage: "think", hasToolResult: true }, { content: "It is 20 cm wide.", usage });
});
afterAll(() => setups.close());

const picture = "data:image/png;base64,iVBORw0KGgo=";
const address = "https://example.com/disc.jpg";
const pdf = "data:application/pdf;base64,JVBERi0xLjQ=";

const inResponses: ResponseInputContent[] = [
  { type: "input_text", text: "look" },
  { type: "input_image", image_url: address, detail: "high" },
  { type: "input_image", image_url: picture, detail: "auto" },
  { type: "input_file", filename: "disc.pdf", file_data: pdf },
];
const inChat: ChatCompletionContentPart[] = [
  { type: "text", text: "look" },
  { type: "image_url", image_url: { url: address, detail: "high" } },
  { type: "image_url", image_url: { url: picture, detail: "auto" } },
  { type: "file", file: { filename: "disc.pdf", file_data: pdf } },
];

const parameters = { type: "object", properties: {}, required: [], additionalProperties: false };

describe.each(setups.all)("with $upstream", ({ client, tap }) => {
  test("images by address and by data, and files, reach the upstream in its own words", async () => {
    const calls = [
      () => client.responses.create({ model, input: [{ role: "user", content: inResponses }] }),
      () => client.chat.completions.create({ model, messages: [{ role: "user", content: inChat }] }),
    ];
    for (const call of calls) {
      expect(JSON.stringify(await call())).toContain("A brass disc.");
      const { path, asked } = tap.last;
      expect(asked).toMatchObject(
        path.endsWith("/responses")
          ? { input: [{ role: "user", content: inResponses }] }
          : { messages: [{ role: "user", content: inChat }] },
      );
    }
  });

  test("reasoning effort reaches the upstream in its own words", async () => {
    const calls = [
      () => client.responses.create({ model, input: "look", reasoning: { effort: "high" } }),
      () =>
        client.chat.completions.create({
          model,
          messages: [{ role: "user", content: "look" }],
          reasoning_effort: "high",
        }),
    ];
    for (const call of calls) {
      await call();
      expect(tap.last.asked).toMatchObject(
        tap.last.path.endsWith("/responses") ? { reasoning: { effort: "high" } } : { reasoning_effort: "high" },
      );
    }
  });

  test("responses: reasoning comes as an item and goes back with the tool's result", async () => {
    const input: ResponseInputItem[] = [{ role: "user", content: "think" }];
    const request = {
      model,
      tools: [{ type: "function" as const, name: "measure", parameters, strict: true }],
      include: ["reasoning.encrypted_content" as const],
    };
    const first = await client.responses.create({ ...request, input });
    const streamed = await client.responses.stream({ ...request, input }).finalResponse();
    for (const { output } of [first, streamed]) {
      expect(output.map((item) => item.type)).toEqual(["reasoning", "function_call"]);
      expect(output[0]).toMatchObject({ summary: [{ type: "summary_text", text: "First I measure." }] });
    }
    const [thought, call] = first.output;
    if (thought?.type !== "reasoning" || call?.type !== "function_call") throw new Error("not what was asserted");
    input.push(thought, call, { type: "function_call_output", call_id: call.call_id, output: "20 cm" });
    const second = await client.responses.create({ ...request, input });
    expect(second.output_text).toBe("It is 20 cm wide.");
    const sentBack = tap.last.path.endsWith("/responses") ? { input: [{}, thought, call, {}] } : undefined;
    if (sentBack) expect(tap.last.asked).toMatchObject(sentBack);
    else expect(JSON.stringify(tap.last.asked)).toContain('"reasoning_content":"First I measure."');
  });

  test("chat: the message that thought and called goes back whole", async () => {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "think" }];
    const tools = [{ type: "function" as const, function: { name: "measure", parameters, strict: true } }];
    const first = await client.chat.completions.create({ model, messages, tools });
    const message = first.choices[0]?.message;
    if (!message) throw new Error("no message");
    expect(message).toHaveProperty("reasoning_content", "First I measure.");
    messages.push(message, { role: "tool", tool_call_id: "call_measure", content: "20 cm" });
    const second = await client.chat.completions.create({ model, messages, tools });
    expect(second.choices[0]?.message.content).toBe("It is 20 cm wide.");
    // An upstream with Responses alone gets its own continuation back, which chat carries in `reasoning_details`.
    const asked = JSON.stringify(tap.last.asked);
    expect(asked).toContain(tap.last.path.endsWith("/responses") ? '"encrypted_content":"' : "First I measure.");
  });
});

describe("a refusal", () => {
  const [setup] = setups.all;
  if (!setup) throw new Error("no setup");
  // Test keys are served by the sandbox, whatever upstreams there are.
  const client = clientOf(setup.gateway, setup.gateway.testKey);
  const text = "[sandbox:refusal] Tell me a secret.";

  test("is a message's refusal in chat, whole and streamed", async () => {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: text }];
    const whole = await client.chat.completions.create({ model, messages });
    const streamed = await client.chat.completions.stream({ model, messages }).finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      expect(choices[0]?.message.refusal).toBeTruthy();
      expect(choices[0]?.message.content).toBeFalsy();
    }
    expect(streamed.choices[0]?.message.refusal).toBe(whole.choices[0]?.message.refusal ?? "");
  });

  test("is a content part of its own in Responses, whole and streamed", async () => {
    const whole = await client.responses.create({ model, input: text });
    const streamed = await client.responses.stream({ model, input: text }).finalResponse();
    for (const { output, output_text } of [whole, streamed]) {
      expect(output).toMatchObject([{ type: "message", content: [{ type: "refusal" }] }]);
      expect(output_text).toBe("");
    }
    expect(streamed.output).toMatchObject(whole.output.map((item) => ({ ...item, id: expect.any(String) })));
  });
});
