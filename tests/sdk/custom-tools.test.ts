// Tools with free text as input, as coding agents use them: they pass through whole, and the tool policy sees them like
// any other. aimock has none, so the upstream here is one that answers nothing else.

import { afterAll, describe, expect, test } from "bun:test";
import { ConflictError } from "openai";
import type { CustomTool, FunctionTool } from "openai/resources/responses/responses";
import { parseObject, type JsonObject } from "../../server/contracts/json.ts";
import { encodeEvent } from "../../server/conversation/events.ts";
import { startGateway } from "../support/gateway.ts";
import { clientOf, model } from "./setups.ts";

const patch = "*** Begin Patch\n*** Delete File: star.txt\n*** End Patch";
const upstream = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: callingTheFirstTool });
const gateway = await startGateway({ OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: `${upstream.url.origin}/v1` });
const client = clientOf(gateway);
afterAll(async () => {
  await gateway.close();
  await upstream.stop(true);
});

async function callingTheFirstTool(request: Request): Promise<Response> {
  const asked = parseObject(await request.text()) ?? {};
  const name = /"name":"(\w+)"/.exec(JSON.stringify(asked.tools))?.[1] ?? "none";
  if (request.url.endsWith("/chat/completions")) return Response.json(completionCalling(name));
  const item = { type: "custom_tool_call", id: "ctc_1", call_id: "call_1", name, input: patch, status: "completed" };
  const response = {
    id: "resp_1",
    object: "response",
    created_at: 1,
    model: "gpt-5.4",
    status: "completed",
    output: [item],
    usage: { input_tokens: 9, output_tokens: 20, total_tokens: 29 },
  };
  if (asked.stream !== true) return Response.json(response);
  const place = { item_id: item.id, output_index: 0 };
  const events: (JsonObject & { type: string })[] = [
    { type: "response.created", response: { ...response, status: "in_progress", output: [] } },
    { type: "response.output_item.added", output_index: 0, item: { ...item, input: "", status: "in_progress" } },
    { type: "response.custom_tool_call_input.delta", ...place, delta: patch.slice(0, 20) },
    { type: "response.custom_tool_call_input.delta", ...place, delta: patch.slice(20) },
    { type: "response.custom_tool_call_input.done", ...place, input: patch },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response },
  ];
  const bytes = events.map((event, sequence_number) =>
    encodeEvent({ event: event.type, data: JSON.stringify({ ...event, sequence_number }) }),
  );
  return new Response(Buffer.concat(bytes), { headers: { "content-type": "text/event-stream" } });
}

function completionCalling(name: string): JsonObject {
  const call = { id: "call_1", type: "custom", custom: { name, input: patch } };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-5.4",
    choices: [
      { index: 0, message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 20, total_tokens: 29 },
  };
}

const asking = (name: string) => ({ model, input: "tidy up", tools: [custom(name)] });
const custom = (name: string): CustomTool => ({ type: "custom", name, description: "Free text" });

test("a call of a custom tool reaches the client with its text, whole and streamed", async () => {
  const whole = await client.responses.create(asking("apply_patch"));
  const streamed = await client.responses.stream(asking("apply_patch")).finalResponse();
  for (const { output } of [whole, streamed]) {
    expect(output).toMatchObject([{ type: "custom_tool_call", call_id: "call_1", name: "apply_patch", input: patch }]);
  }
  const completion = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "tidy up" }],
    tools: [{ type: "custom", custom: { name: "apply_patch" } }],
  });
  expect(completion.choices[0]?.message.tool_calls).toMatchObject([{ custom: { name: "apply_patch", input: patch } }]);
});

describe("after untrusted content a custom tool that acts on the world is blocked like a function", () => {
  // OpenAI's own metadata holds texts only; overrides are an object.
  const untrusted: object = { metadata: { astrolabe: { untrusted_content: true } } };
  const plain: FunctionTool = { type: "function", name: "look_up", parameters: { type: "object" }, strict: false };

  test.each([false, true])("streamed: %p", async (stream) => {
    const thrown = await client.responses
      .create({ model, input: "tidy up", tools: [custom("send_email"), plain], ...untrusted, stream })
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ConflictError);
    expect(thrown).toMatchObject({ code: "tool_call_blocked", error: { details: { tool: "send_email" } } });
  });
});
