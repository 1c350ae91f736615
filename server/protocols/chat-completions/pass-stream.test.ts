// Forwarding an upstream's chunks: untouched on the way, and ended as the client asked.

import { expect, test } from "bun:test";
import { GatewayError } from "../../contracts/errors.ts";
import { parseObject, type JsonObject } from "../../contracts/json.ts";
import { chatCompletionsProtocol as protocol } from "./index.ts";

const chunk = (content: string, finish: string | null = null, index = 0): string =>
  `{"id":"x", "choices":[{"index":${index},"delta":${JSON.stringify({ content })},"finish_reason":${JSON.stringify(finish)}}]}`;
const usage = '{"id":"x","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}';
const metadata = { lane: "auto" };
const asking = { stream_options: { include_usage: true } };

function pass(body: JsonObject, upstream: readonly string[], inline: JsonObject | "no metadata" = metadata) {
  const passing = protocol.passStream(body);
  const during = upstream.flatMap((data) => passing.step({ data })).map((event) => event.data);
  return { during, after: passing.end(inline === "no metadata" ? undefined : inline).map((event) => event.data) };
}

test("chunks go out byte for byte, even when the text speaks of finish reasons", () => {
  const tricky = chunk('the field "finish_reason":"stop" and "usage":{}');
  const { during } = pass({}, [chunk("a"), tricky, chunk("", "stop"), "[DONE]"]);
  expect(during).toEqual([chunk("a"), tricky]);
});

test("metadata goes onto the usage chunk when the client asked for usage", () => {
  const { after } = pass(asking, [chunk("a"), chunk("", "stop"), usage, "[DONE]"]);
  expect(after[0]).toBe(chunk("", "stop"));
  expect(parseObject(after[1] ?? "")).toEqual({ ...parseObject(usage), astrolabe: metadata });
  expect(after.slice(2)).toEqual(["[DONE]"]);
});

test("the usage chunk the client did not ask for is dropped, metadata goes onto the finish chunk", () => {
  const { after } = pass({}, [chunk("a", "stop"), usage, "[DONE]"]);
  expect(after).toHaveLength(2);
  expect(parseObject(after[0] ?? "")?.astrolabe).toEqual(metadata);
  expect(after[1]).toBe("[DONE]");
});

test("usage that came on the finish chunk stays there", () => {
  const both = `${chunk("", "stop").slice(0, -1)},"usage":{"prompt_tokens":1}}`;
  const { after } = pass({}, [both, "[DONE]"], "no metadata");
  expect(after).toEqual([both, "[DONE]"]);
});

test("usage so far on each chunk does not hold the stream back", () => {
  const running = `${chunk("a").slice(0, -1)},"usage":{"prompt_tokens":1}}`;
  expect(pass({}, [running, running, chunk("", "stop")]).during).toEqual([running, running]);
});

test("without metadata the ending is what the upstream sent, and always ends with [DONE]", () => {
  expect(pass(asking, [chunk("", "stop"), usage], "no metadata").after).toEqual([chunk("", "stop"), usage, "[DONE]"]);
});

test("each of several choices ends, the metadata stands once", () => {
  const { during, after } = pass({}, [chunk("a", "stop", 0), chunk("b", null, 1), chunk("", "length", 1), "[DONE]"]);
  expect(during).toEqual([chunk("b", null, 1)]);
  expect(after).toHaveLength(3);
  expect(after.filter((data) => data.includes("astrolabe"))).toHaveLength(1);
});

test("an upstream that ends one choice over and over is not held back or lost", () => {
  const { during, after } = pass({}, [chunk("a", "stop"), chunk("b", "stop"), chunk("c", "stop")], "no metadata");
  expect([...during, ...after]).toEqual([chunk("a", "stop"), chunk("b", "stop"), chunk("c", "stop"), "[DONE]"]);
});

test("a failure is an error chunk without [DONE]", () => {
  const events = protocol.passStream({}).fail(new GatewayError("streaming_provider_error"), "req_1");
  expect(events).toHaveLength(1);
  expect(parseObject(events[0]?.data ?? "")?.error).toMatchObject({
    code: "streaming_provider_error",
    type: "server_error",
    requestId: "req_1",
  });
});

test("a whole answer passes with the metadata beside what the upstream said", () => {
  const context = { answerId: "a", createdAt: 1, model: "m", request: {} };
  expect(protocol.passAnswer({ id: "x", odd: 1 }, metadata, context)).toEqual({ id: "x", odd: 1, astrolabe: metadata });
  expect(protocol.passAnswer({ id: "x" }, undefined, context)).toEqual({ id: "x" });
});
