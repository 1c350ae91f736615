// What the playground builds, reads and shows as code, against the whole server: bodies, answers, tool rounds, lines.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  afterChatChunk,
  afterResponseEvent,
  chatAnswer,
  embeddingsAnswer,
  noAnswer,
  responseAnswer,
  type Answer,
} from "../console/src/features/playground/answer.ts";
import { codeSamples } from "../console/src/features/playground/code-samples.ts";
import { streamStart, takePiece } from "../console/src/features/playground/event-stream.ts";
import type { JsonObject } from "../console/src/features/playground/json-text.ts";
import { afterMessageEvent, messageAnswer } from "../console/src/features/playground/message-answer.ts";
import {
  newRequest,
  type PlaygroundProtocol,
  type PlaygroundRequest,
} from "../console/src/features/playground/playground-request.ts";
import { bodyOf } from "../console/src/features/playground/request-body.ts";
import { nextRound } from "../console/src/features/playground/tool-rounds.ts";
import { readTools, toolsExample } from "../console/src/features/playground/tools.ts";
import { parseObject } from "../server/contracts/json.ts";
import { startOperatedGateway, type OperatedGateway } from "./support/operator.ts";
import { root } from "./tidy/source-tree.ts";

const paths = {
  responses: "/v1/responses",
  "chat-completions": "/v1/chat/completions",
  messages: "/v1/messages",
  embeddings: "/v1/embeddings",
};
const folds = {
  responses: afterResponseEvent,
  "chat-completions": afterChatChunk,
  messages: afterMessageEvent,
} as const;
const readers = {
  responses: responseAnswer,
  "chat-completions": chatAnswer,
  messages: messageAnswer,
  embeddings: embeddingsAnswer,
} as const;

let gateway: OperatedGateway;
beforeAll(async () => {
  gateway = await startOperatedGateway();
});
afterAll(() => gateway.close());

const request = (fields: Partial<PlaygroundRequest>): PlaygroundRequest => ({ ...newRequest, ...fields });
const said = (text: string, images: readonly string[] = []) => [{ role: "user" as const, text, images }];

function body(fields: Partial<PlaygroundRequest>): JsonObject {
  const read = bodyOf(request(fields));
  if ("problem" in read) throw new Error(read.problem);
  return read.value;
}

async function send(protocol: PlaygroundProtocol, sent: JsonObject): Promise<Answer> {
  const response = await gateway.post(paths[protocol], sent);
  const text = await response.text();
  expect([response.status, response.status === 200 ? "" : text]).toEqual([200, ""]);
  if (sent["stream"] !== true || protocol === "embeddings") return readers[protocol](parseObject(text) ?? {});
  return takePiece(streamStart, text).events.reduce(
    (answer, { data }) => (data === "[DONE]" ? answer : folds[protocol](answer, parseObject(data) ?? {})),
    noAnswer,
  );
}

const talking = ["responses", "chat-completions", "messages"] as const;

describe.each(talking)("the playground in %s", (protocol) => {
  test("reads the same answer from a stream as from a whole one", async () => {
    const turns = said("Explain stacks. [sandbox:tokens=40]");
    const whole = await send(protocol, body({ protocol, turns, stream: false }));
    const streamed = await send(protocol, body({ protocol, turns, stream: true }));
    expect(streamed.text).toBe(whole.text);
    expect(streamed.text.length).toBeGreaterThan(20);
    expect(streamed.usage).toEqual(whole.usage);
    expect(streamed.usage?.output).toBe(40);
    expect(streamed.finish).toBe(whole.finish);
    expect(streamed.facts?.["cost_usd"]).toBe(whole.facts?.["cost_usd"]);
  });

  test("sends everything that can be set, and the gateway takes it", async () => {
    const sent = body({
      protocol,
      model: "astrolabe/auto",
      system: "Be brief.",
      turns: [
        ...said("Look.", ["data:image/png;base64,iVBORw0KGgo=", "https://example.com/a.png"]),
        { role: "assistant", text: "I see.", images: [] },
        ...said("In JSON."),
      ],
      schema:
        '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}',
      temperature: "0.5",
      topP: "0.9",
      maxOutputTokens: "300",
      overrides: { stack: "high-quality", quality: "high", cost_mode: "balanced", fallback: true, explain: true },
    });
    const answer = await send(protocol, sent);
    expect(parseObject(answer.text)?.["city"]).toBeString();
    expect(answer.facts).toMatchObject({ stack: "high-quality", quality_target: "high" });
  });

  test("answers tool calls with the tools' stand-ins until the model is done", async () => {
    const tools = readTools(toolsExample);
    if ("problem" in tools) throw new Error(tools.problem);
    const first = body({ protocol, tools: toolsExample, turns: said("Use get_weather for Rome.") });
    const asked = await send(protocol, first);
    expect(asked.toolCalls.map(({ name }) => name)).toEqual(["get_weather"]);
    expect(asked.toolCalls[0]?.arguments).toContain("city");
    const next = nextRound(protocol, first, asked, tools.value) ?? {};
    expect(JSON.stringify(next)).toContain("temperature_celsius");
    const done = await send(protocol, next);
    expect([done.toolCalls, done.text === ""]).toEqual([[], false]);
    expect(nextRound(protocol, next, done, tools.value)).toBeUndefined();
  });

  test("says how a stream broke off, and keeps what had come", async () => {
    const answer = await send(protocol, body({ protocol, turns: said("Go. [sandbox:stream_error]") }));
    expect(answer.failure?.code).toBe("streaming_provider_error");
    expect(answer.text).not.toBe("");
  });

  test("shows lines for curl and TypeScript that send the request and are answered", async () => {
    const sent = body({
      protocol,
      system: `It's "quoted" $HOME \`back\` \\ and
a new line`,
      turns: said("Explain it's stacks."),
      overrides: { explain: true, stack: "low-cost" },
    });
    for (const stream of [true, false]) {
      const { stream: _, stream_options: __, ...rest } = sent;
      const sample = { protocol, mode: "live", body: stream ? sent : rest, confirmed: true } as const;
      const samples = codeSamples({ ...sample, baseUrl: `${gateway.url}/v1` });
      const code = (language: string) => samples.find((one) => one.language === language)?.code ?? "";
      const curl = await run(["sh", "-c", code("curl").replace("curl -N", "curl -sN")], "");
      expect(curl).toContain("low-cost");
      expect(curl).toContain("it's");
      expect(await run([process.execPath, "run", "-"], code("TypeScript"))).toContain("simulated answer");
    }
  });
});

test("embeddings come as a count, a size and a beginning", async () => {
  const fields = { protocol: "embeddings", model: "titan-embed-text-v2", dimensions: "256" } as const;
  const answer = await send("embeddings", body({ ...fields, turns: [...said("One."), ...said("Two.")] }));
  expect(answer.vectors).toMatchObject({ count: 2, dimensions: 256 });
  expect(answer.vectors?.beginning).toHaveLength(8);
  expect(answer.usage?.input).toBeGreaterThan(0);
});

test("Python lines write JSON as Python does", () => {
  const sent = {
    model: "m",
    input: 'a "b" \n c',
    stream: true,
    tools: [],
    metadata: { astrolabe: { fallback: false, none: null } },
  };
  const samples = codeSamples({
    protocol: "responses",
    mode: "test",
    body: sent,
    confirmed: true,
    baseUrl: "http://g/v1",
  });
  expect(samples.find(({ language }) => language === "Python")?.code).toBe(`import os
from openai import OpenAI

client = OpenAI(base_url="http://g/v1", api_key=os.environ["ASTROLABE_TEST_KEY"])
answer = client.responses.create(
    model="m",
    input="a \\"b\\" \\n c",
    stream=True,
    tools=[],
    metadata={
        "astrolabe": {
            "fallback": False,
            "none": None,
        },
    },
    extra_headers={"x-astrolabe-confirmed": "confirm"},
)
for event in answer:
    if event.type == "response.output_text.delta":
        print(event.delta, end="", flush=True)`);
});

test("what cannot be read is said, and nothing is sent", () => {
  expect(bodyOf(request({ tools: "[" }))).toEqual({ problem: "Tools: This is not JSON yet." });
  expect(bodyOf(request({ tools: '[{"description":"nameless"}]' }))).toHaveProperty("problem");
  expect(bodyOf(request({ schema: "[]" }))).toEqual({ problem: "Schema: This must be one JSON object." });
});

/** What a program prints; its errors too. The environment holds the key alone. */
async function run(command: readonly string[], input: string): Promise<string> {
  const child = Bun.spawn([...command], {
    cwd: root,
    env: { PATH: process.env["PATH"], ASTROLABE_API_KEY: gateway.liveKey },
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return output + errors;
}
