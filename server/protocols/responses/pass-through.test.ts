import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../contracts/errors.ts";
import { parseObject, type JsonObject } from "../../contracts/json.ts";
import { passStream } from "./pass-stream.ts";
import { passAnswer, passBody, withInstruction } from "./pass-through.ts";

const context = { answerId: "1", createdAt: 1, model: "m" };

describe("the body for the upstream", () => {
  test("keeps every field but the model, the limit and what was meant for us", () => {
    const body = {
      model: "astrolabe/auto",
      input: [{ type: "future_item", x: 1 }],
      metadata: { team: "a", astrolabe: { quality: "high" } },
      future_field: { y: 2 },
    };
    expect(passBody(body, "gpt-5", 64)).toEqual({
      model: "gpt-5",
      max_output_tokens: 64,
      input: body.input,
      metadata: { team: "a" },
      future_field: { y: 2 },
    });
    expect(body.metadata).toHaveProperty("astrolabe");
  });

  test("has no metadata when only ours was there, and no limit when there is none to set", () => {
    expect(passBody({ input: "Hi", metadata: { astrolabe: {} } }, "m", undefined)).toEqual({ input: "Hi", model: "m" });
  });

  test("asks for structure where the API expects it", () => {
    const body = { input: "Hi", response_format: { type: "json_object" }, text: { verbosity: "low" } };
    expect(passBody(body, "m", undefined)).toEqual({
      input: "Hi",
      model: "m",
      text: { verbosity: "low", format: { type: "json_object" } },
    });
  });
});

test("a caution goes in front of the caller's instructions, in a copy", () => {
  const body = { instructions: "Rhyme." };
  expect(withInstruction(body, "Careful.")).toEqual({ instructions: "Careful.\n\nRhyme." });
  expect(withInstruction({}, "Careful.")).toEqual({ instructions: "Careful." });
  expect(body.instructions).toBe("Rhyme.");
});

test("an upstream's answer stays as it came, with the caller's and the routing metadata", () => {
  const raw = { id: "resp_1", output: [{ type: "future" }], metadata: { upstream: "x" }, extra: 1 };
  const request = { metadata: { team: "a", astrolabe: { quality: "high" } } };
  expect(passAnswer(raw, { lane: "coding" }, { ...context, request })).toEqual({
    ...raw,
    metadata: { upstream: "x", team: "a", astrolabe: { lane: "coding" } },
  });
  expect(passAnswer(raw, undefined, { ...context, request })["metadata"]).toEqual({ upstream: "x", team: "a" });
});

describe("an upstream's stream", () => {
  const created = event({ type: "response.created", sequence_number: 0, response: { id: "resp_1", status: "queued" } });
  const delta = event({ type: "response.output_text.delta", sequence_number: 1, delta: "Hi", obfuscation: "xx" });
  const completed = event({ type: "response.completed", sequence_number: 2, response: { id: "resp_1", extra: 1 } });

  test("passes unchanged up to its terminal event, which waits for the metadata", () => {
    const stream = passStream({ metadata: { team: "a" } });
    expect([created, delta].flatMap((one) => stream.step(one))).toEqual([created, delta]);
    expect(stream.step(completed)).toEqual([]);
    expect(stream.step({ data: "[DONE]" })).toEqual([]);
    const [last, ...more] = stream.end({ lane: "coding" });
    expect(more).toEqual([]);
    expect(last?.event).toBe("response.completed");
    expect(parseObject(last?.data ?? "")).toEqual({
      type: "response.completed",
      sequence_number: 2,
      response: { id: "resp_1", extra: 1, metadata: { team: "a", astrolabe: { lane: "coding" } } },
    });
  });

  test("is recognised by its data when the events have no names", () => {
    const stream = passStream({});
    expect(stream.step({ data: completed.data })).toEqual([]);
    expect(stream.end(undefined)).toHaveLength(1);
  });

  test("that breaks ends as failed, numbered after the last event and still the same response", () => {
    const stream = passStream({});
    stream.step(created);
    stream.step(delta);
    const [raise, last] = stream.fail(new GatewayError("streaming_provider_error"), "req_1");
    expect(parseObject(raise?.data ?? "")).toMatchObject({
      type: "error",
      sequence_number: 2,
      code: "streaming_provider_error",
      error: { code: "streaming_provider_error", type: "server_error", requestId: "req_1" },
    });
    expect(last?.event).toBe("response.failed");
    expect(parseObject(last?.data ?? "")).toMatchObject({
      type: "response.failed",
      sequence_number: 3,
      response: {
        id: "resp_1",
        status: "failed",
        output: [],
        error: { code: "streaming_provider_error", type: "server_error", requestId: "req_1" },
      },
    });
  });

  test("ends with our failure alone when the upstream's own was a failure", () => {
    const stream = passStream({});
    stream.step(created);
    expect(stream.step(event({ type: "error", sequence_number: 1, message: "Down" }))).toEqual([]);
    const events = stream.fail(new GatewayError("streaming_provider_error"), "req_1");
    expect(events.map((one) => parseObject(one.data)?.["sequence_number"])).toEqual([1, 2]);
  });

  test("without numbers is counted", () => {
    const stream = passStream({});
    stream.step(event({ type: "response.created", response: { id: "resp_1" } }));
    stream.step(event({ type: "response.output_text.delta", delta: "Hi" }));
    const [first] = stream.fail(new GatewayError("upstream_timeout"), "req_1");
    expect(parseObject(first?.data ?? "")?.["sequence_number"]).toBe(2);
  });
});

function event(data: JsonObject & { type: string }) {
  return { event: data.type, data: JSON.stringify(data) };
}

describe("an upstream's response says of its keeping what is true here", () => {
  const upstream = { id: "resp_1", store: true, previous_response_id: null };
  const kept = { keptAs: "resp_2", previous: "resp_0" };
  const request = {};

  test("whole", () => {
    const whole = (keeping: object) => passAnswer(upstream, undefined, { ...context, request, ...keeping });
    expect(whole({})).toMatchObject({ ...upstream, store: false });
    expect(whole(kept)).toMatchObject({ id: "resp_2", store: true, previous_response_id: "resp_0" });
    expect(whole({ previous: "resp_0" })).toMatchObject({ id: "resp_1", store: false, previous_response_id: "resp_0" });
  });

  test("streamed, from the first event on; and what fails is not kept", () => {
    const created = event({ type: "response.created", sequence_number: 0, response: upstream });
    const completed = event({ type: "response.completed", sequence_number: 1, response: upstream });
    const said = (events: readonly { data: string }[]) => parseObject(events.at(-1)?.data ?? "")?.["response"];
    const stream = passStream(request, kept);
    expect(said(stream.step(created))).toMatchObject({ id: "resp_2", store: true, previous_response_id: "resp_0" });
    stream.step(completed);
    expect(said(stream.end(undefined))).toMatchObject({ id: "resp_2", store: true, previous_response_id: "resp_0" });
    const broken = passStream(request, kept);
    broken.step(created);
    const failed = broken.fail(new GatewayError("streaming_provider_error"), "req_1");
    expect(said(failed)).toMatchObject({ id: "resp_2", store: false, status: "failed" });
    expect(said(passStream(request).step(created))).toMatchObject({ id: "resp_1", store: false });
  });
});
