// A stack that keeps conversations with their model, from the first turn to the trace: over chat, streamed and whole.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import type { OperatedGateway } from "./support/operator.ts";
import {
  doubledModels,
  refuses,
  startGatewayOver,
  startUpstreamDouble,
  type UpstreamDouble,
} from "./support/upstream-double.ts";

let double: UpstreamDouble;
let gateway: OperatedGateway;
beforeAll(async () => {
  double = startUpstreamDouble();
  gateway = await startGatewayOver(double);
  await gateway.operator.publish("kept", { objective: { sessionPins: true }, fallback: { maxAttempts: 4 } });
  await gateway.operator.publish("free", { fallback: { maxAttempts: 4 } });
});
afterAll(async () => {
  await gateway.close();
  await double.close();
});

const call = { id: "call_1", type: "function", function: { name: "read_file", arguments: "{}" } };
const tools = [{ type: "function", function: { name: "read_file", parameters: { type: "object" } } }];

const firstTurn = (words: string): JsonObject[] => [{ role: "user", content: words }];
const toolResult = (words: string): JsonObject[] => [
  ...firstTurn(words),
  { role: "assistant", content: null, tool_calls: [call] },
  { role: "tool", tool_call_id: "call_1", content: "text" },
];

async function ask(messages: JsonObject[], { stack = "kept", stream = false } = {}): Promise<Response> {
  const response = await gateway.post("/v1/chat/completions", {
    model: "astrolabe/auto",
    messages,
    tools,
    stream,
    metadata: { astrolabe: { stack } },
  });
  expect(response.status).toBe(200);
  await response.clone().text();
  return response;
}

const decisionOf = (response: Response) => response.headers.get("x-astrolabe-decision");
/** The catalogue's name of a model that the upstream knows by another. */
const modelOf = (upstreamName: string) =>
  Object.entries(doubledModels).find(([, name]) => name === upstreamName)?.[0] ?? "";
const lastAsked = () => double.calls.at(-1)?.model;

/** Lets the plan's own first choice fail once, so that another model answers the conversation's first turn. */
async function answeredByAnother(
  words: string,
  stack: string,
  stream = false,
): Promise<{ first: string; other: string }> {
  double.behave({});
  await ask(firstTurn(`${words} Warm up.`), { stack });
  const first = lastAsked() ?? "";
  double.behave({ [first]: refuses(500) });
  await ask(firstTurn(words), { stack, stream });
  const other = lastAsked() ?? "";
  expect(other).not.toBe(first);
  double.behave({});
  return { first, other };
}

describe("a conversation that another model answered", () => {
  for (const stream of [false, true]) {
    test(`${stream ? "streamed" : "whole"}: keeps it within the tool exchange, and the trace says so`, async () => {
      const words = `Read the file and say what is in it, ${stream ? "slowly" : "quickly"}.`;
      const { other } = await answeredByAnother(words, "kept", stream);
      const response = await ask(toolResult(words), { stream });
      expect([lastAsked(), decisionOf(response)]).toEqual([other, "session_pin"]);
      const trace = await gateway.traceOf(response);
      const plan = objectAt(trace, "plan") ?? {};
      expect(stringAt(plan, "decision")).toBe("session_pin");
      expect(stringAt(plan, "reason")).toEndWith("it began this tool exchange");
      expect(arrayAt(trace, "attempts")?.filter(isObject)).toHaveLength(1);
    });
  }

  test("is routed anew under a stack that keeps none, and under another conversation's words", async () => {
    const words = "List the open questions of the last meeting.";
    const { first, other } = await answeredByAnother(words, "free");
    expect(decisionOf(await ask(toolResult(words), { stack: "free" }))).toBe("virtual_model");
    expect(lastAsked()).toBe(first);
    const kept = await answeredByAnother(words, "kept");
    expect(kept.other).toBe(other);
    expect(decisionOf(await ask(toolResult("Something else entirely.")))).toBe("virtual_model");
    expect(lastAsked()).toBe(first);
  });

  test("leaves the model when it fails, and keeps to who answered instead", async () => {
    const words = "Compare the two drafts and name the better one.";
    const { first, other } = await answeredByAnother(words, "kept");
    double.behave({ [other]: refuses(500) });
    await ask(toolResult(words));
    expect(double.calls.map(({ model }) => model)).toEqual([other, first]);
    double.behave({});
    expect(decisionOf(await ask(toolResult(words)))).toBe("session_pin");
    expect(lastAsked()).toBe(first);
  });

  test("would have been kept again, and routed anew under a policy that keeps none", async () => {
    const words = "Collect what the reviewers asked for.";
    const { first, other } = await answeredByAnother(words, "kept");
    const { headers } = await ask(toolResult(words));
    const id = headers.get("x-astrolabe-cloud-request-id");
    const rehearse = async (stack: string) => {
      const answer = await gateway.operator.send("POST", "/stacks/what-if", { stack, scope: { stack: "kept" } });
      const items = (arrayAt(answer.body, "items") ?? []).filter(isObject);
      return items.find((item) => item["request_id"] === id);
    };
    expect(await rehearse("kept")).toMatchObject({ changed: false, drifted: false });
    const anew = await rehearse("free");
    expect(anew).toMatchObject({ changed: true, before: { model: modelOf(other) }, after: { model: modelOf(first) } });
  });
});
