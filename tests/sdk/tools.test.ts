// Tools through the official client: single and parallel calls, and whole loops of call, result and answer, by hand and
// by the client's own runners.

import { afterAll, describe, expect, test } from "bun:test";
import type { ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources/chat/completions";
import type { FunctionTool, ResponseInputItem } from "openai/resources/responses/responses";
import { parseObject } from "../../server/contracts/json.ts";
import { counted, model, startSetups } from "./setups.ts";

const usage = counted;
const setups = await startSetups((mock) => {
  const paris = { name: "get_weather", arguments: '{"city":"Paris"}', id: "call_paris" };
  const tokyo = { name: "get_weather", arguments: '{"city":"Tokyo"}', id: "call_tokyo" };
  const time = { name: "get_time", arguments: '{"zone":"JST"}', id: "call_time" };
  mock.on({ userMessage: "one city", hasToolResult: false }, { toolCalls: [paris], usage });
  mock.on({ userMessage: "one city", hasToolResult: true }, { content: "Paris has 21 degrees.", usage });
  mock.on({ userMessage: "several", hasToolResult: false }, { toolCalls: [tokyo, time], usage }, { chunkSize: 4 });
  mock.on({ userMessage: "several", hasToolResult: true }, { content: "Tokyo: 25 degrees at 9:00.", usage });
  mock.on(
    { userMessage: "say first", hasToolResult: false },
    { content: "Let me look.", toolCalls: [paris], usage },
    { chunkSize: 4 },
  );
});
afterAll(() => setups.close());

const object = (field: string) => ({
  type: "object",
  properties: { [field]: { type: "string" } },
  required: [field],
  additionalProperties: false,
});
const tools: FunctionTool[] = [
  { type: "function", name: "get_weather", description: "Weather now", parameters: object("city"), strict: true },
  { type: "function", name: "get_time", parameters: object("zone"), strict: false },
];
const chatTools: ChatCompletionTool[] = tools.map(({ name, parameters, strict, description }) => ({
  type: "function",
  function: { name, parameters: { ...parameters }, strict, ...(description ? { description } : {}) },
}));

describe.each(setups.all)("with $upstream", ({ client, tap }) => {
  test("chat: a call, its result, and the answer made of it", async () => {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "one city, please" }];
    const first = await client.chat.completions.create({ model, messages, tools: chatTools });
    expect(first.choices[0]?.finish_reason).toBe("tool_calls");
    const asked = first.choices[0]?.message;
    expect(asked?.tool_calls).toEqual([
      { id: "call_paris", type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } },
    ]);
    if (!asked) return;
    messages.push(asked, { role: "tool", tool_call_id: "call_paris", content: '{"degrees":21}' });
    const second = await client.chat.completions.create({ model, messages, tools: chatTools });
    expect(second.choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { content: "Paris has 21 degrees." },
    });
    expect(JSON.stringify(tap.last.asked)).toContain('{\\"degrees\\":21}');
  });

  test("chat: parallel calls, streamed in pieces, are put together", async () => {
    const stream = client.chat.completions.stream({
      model,
      messages: [{ role: "user", content: "several things" }],
      tools: chatTools,
      parallel_tool_calls: true,
    });
    const message = (await stream.finalChatCompletion()).choices[0]?.message;
    expect(message?.tool_calls).toMatchObject([
      { id: "call_tokyo", function: { name: "get_weather", arguments: '{"city":"Tokyo"}' } },
      { id: "call_time", function: { name: "get_time", arguments: '{"zone":"JST"}' } },
    ]);
  });

  test("chat: text before a call arrives with it", async () => {
    const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "say first, then look" }];
    const stream = client.chat.completions.stream({ model, messages, tools: chatTools });
    const completions = [
      await client.chat.completions.create({ model, messages, tools: chatTools }),
      await stream.finalChatCompletion(),
    ];
    for (const { choices } of completions) {
      expect(choices[0]?.message.content).toBe("Let me look.");
      expect(choices[0]?.message.tool_calls).toHaveLength(1);
    }
  });

  test.each([false, true])("chat: runTools carries the loop to its end, streamed: %p", async (stream) => {
    const called: unknown[] = [];
    const body = {
      model,
      messages: [{ role: "user" as const, content: "several things" }],
      tools: chatTools.flatMap((tool) =>
        tool.type === "function" ? [{ type: "function" as const, function: runnable(tool.function, called) }] : [],
      ),
    };
    const runner = stream
      ? client.chat.completions.runTools({ ...body, stream })
      : client.chat.completions.runTools({ ...body, stream });
    expect(await runner.finalContent()).toBe("Tokyo: 25 degrees at 9:00.");
    expect(called).toEqual([{ city: "Tokyo" }, { zone: "JST" }]);
  });

  test("responses: a call, its result, and the answer made of it", async () => {
    const input: ResponseInputItem[] = [{ role: "user", content: "one city, please" }];
    const first = await client.responses.create({ model, input, tools });
    expect(first.status).toBe("completed");
    const [call] = first.output;
    expect(call).toMatchObject({ type: "function_call", call_id: "call_paris", arguments: '{"city":"Paris"}' });
    if (call?.type !== "function_call") return;
    input.push(call, { type: "function_call_output", call_id: call.call_id, output: '{"degrees":21}' });
    const second = await client.responses.create({ model, input, tools });
    expect(second.output_text).toBe("Paris has 21 degrees.");
    expect(JSON.stringify(tap.last.asked)).toContain('{\\"degrees\\":21}');
  });

  test("responses: parallel calls, streamed, are told item by item and rebuilt in order", async () => {
    const input: ResponseInputItem[] = [{ role: "user", content: "several things" }];
    const stream = client.responses.stream({ model, input, tools, parallel_tool_calls: true });
    const done: string[] = [];
    stream.on("response.function_call_arguments.done", (event) => done.push(event.arguments));
    const first = await stream.finalResponse();
    expect(done).toEqual(['{"city":"Tokyo"}', '{"zone":"JST"}']);
    const calls = first.output.filter((item) => item.type === "function_call");
    expect(calls.map((call) => call.call_id)).toEqual(["call_tokyo", "call_time"]);
    for (const { call_id, type: _type, ...call } of calls) {
      input.push({ type: "function_call", call_id, name: call.name, arguments: call.arguments });
      input.push({ type: "function_call_output", call_id, output: "known" });
    }
    const second = await client.responses.stream({ model, input, tools }).finalResponse();
    expect(second.output_text).toBe("Tokyo: 25 degrees at 9:00.");
  });

  test("responses: text before a call is an item of its own", async () => {
    const request = { model, input: "say first, then look", tools };
    const whole = await client.responses.create(request);
    const rebuilt = await client.responses.stream(request).finalResponse();
    for (const { output, output_text } of [whole, rebuilt]) {
      expect(output.map((item) => item.type)).toEqual(["message", "function_call"]);
      expect(output_text).toBe("Let me look.");
    }
  });

  test("a forced tool and its strict schema reach the upstream", async () => {
    await client.responses.create({
      model,
      input: "one city",
      tools,
      tool_choice: { type: "function", name: "get_weather" },
    });
    const asked = JSON.stringify([tap.last.asked.tools, tap.last.asked.tool_choice]);
    for (const expected of ['"strict":true', '"additionalProperties":false', '"Weather now"'])
      expect(asked).toContain(expected);
    expect(JSON.stringify(tap.last.asked.tool_choice)).toContain('"get_weather"');
  });
});

function runnable(
  { name, parameters = {} }: { name: string; parameters?: Record<string, unknown> },
  called: unknown[],
) {
  return {
    name,
    parameters,
    description: name,
    parse: (text: string) => parseObject(text) ?? {},
    function: (found: object) => {
      called.push(found);
      return "known";
    },
  };
}
