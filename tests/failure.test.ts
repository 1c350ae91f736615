// Upstreams that fail before the first byte: who is asked next, how often, and what the caller hears when nobody answers.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { asObject, billingOf } from "./support/gateway.ts";
import { refusalOf, type OperatedGateway } from "./support/operator.ts";
import {
  answers,
  hangs,
  refuses,
  sends,
  startGatewayOver,
  startUpstreamDouble,
  streams,
  upstreamSecret,
  type Behaviour,
  type UpstreamDouble,
} from "./support/upstream-double.ts";

let double: UpstreamDouble;
let gateway: OperatedGateway;
beforeAll(() => {
  double = startUpstreamDouble();
});
afterAll(() => double.close());

// A gateway of its own for each test: the circuits that one test's failures open would change the next one's plan.
beforeEach(async () => {
  gateway = await startGatewayOver(double, {
    ASTROLABE_FIRST_BYTE_TIMEOUT_MS: "200",
    ASTROLABE_CHUNK_TIMEOUT_MS: "200",
    ASTROLABE_TOTAL_TIMEOUT_MS: "1000",
  });
});
afterEach(async () => {
  expect(gateway.faults).toEqual([]);
  expect((await gateway.credits()).held).toBe(0n);
  await gateway.close();
});

function ask(stream: boolean, overrides: JsonObject = {}): Promise<Response> {
  return gateway.post("/v1/chat/completions", {
    model: "astrolabe/auto",
    messages: [{ role: "user", content: "Tell me how you are." }],
    stream,
    metadata: { astrolabe: overrides },
  });
}

const asked = (): string[] => double.calls.map(({ model }) => model);

/** Each attempt's outcome and the kind of its failure, as the trace has them. */
async function attemptsOf(response: Response): Promise<[string, string | undefined][]> {
  const attempts = (arrayAt(await gateway.traceOf(response), "attempts") ?? []).filter(isObject);
  return attempts.map((attempt) => [
    stringAt(attempt, "outcome") ?? "",
    stringAt(objectAt(attempt, "error") ?? {}, "kind"),
  ]);
}

async function errorOf(response: Response): Promise<JsonObject> {
  return objectAt(asObject(await response.json()), "error") ?? {};
}

const giant = (): ReadableStream<Uint8Array> => {
  const block = new Uint8Array(1024 * 1024).fill(32);
  let blocks = 0;
  return new ReadableStream({
    pull(controller) {
      if (blocks++ < 40) controller.enqueue(block);
      else controller.close();
    },
  });
};

const nestedAnswer: Behaviour = async (call) => {
  const text = await (await answers()({ ...call, stream: false })).text();
  const deep = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
  return new Response(`${text.slice(0, -1)},"deep":${deep}}`, { headers: { "content-type": "application/json" } });
};

const pinging = (): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      await Bun.sleep(50);
      controller.enqueue(new TextEncoder().encode(": ping\n\n"));
    },
  });

describe("the next candidate answers after", () => {
  const eitherWay: [string, () => Behaviour, string][] = [
    ["a 429", () => refuses(429, "slow down", { "retry-after": "60" }), "rate_limited"],
    ["a 500", () => refuses(500), "provider_error"],
    ["a 503 page", () => () => new Response("<html>down</html>", { status: 503 }), "provider_error"],
    ["a 401", () => refuses(401, "Incorrect API key"), "credentials"],
    ["a 402", () => refuses(402, "Insufficient credits"), "credentials"],
    ["a 404 about the model", () => refuses(404, "model not found"), "provider_error"],
    ["malformed JSON", () => sends('{"id": "c1", '), "provider_error"],
    ["JSON that is no answer", () => sends("[1, 2, 3]"), "provider_error"],
    ["an error inside a 200", () => sends('{"error":{"message":"overloaded","code":503}}'), "provider_error"],
    ["a wrong content type", () => sends("<html>hello</html>", "text/html"), "provider_error"],
    ["a giant body", () => sends(giant()), "provider_error"],
    ["an empty body", () => sends(""), "provider_error"],
    ["an error code that is a word of the language", () => sends('{"error":{"code":"constructor"}}'), "provider_error"],
    ["an answer nested too deeply", () => nestedAnswer, "provider_error"],
  ];
  const streamed: [string, () => Behaviour, string][] = [
    ["a stream that ends before it began", () => streams([], "closed"), "cut"],
    ["a stream that begins with an error", () => streams([], "error"), "provider_error"],
    ["a stream of garbage", () => sends("data: {nope\n\n", "text/event-stream"), "provider_error"],
    ["no headers within the first-byte time", hangs, "timeout"],
    ["headers and then no event within it", () => streams([], "hanging"), "timeout"],
    ["nothing but comments within it", () => sends(pinging(), "text/event-stream"), "timeout"],
  ];
  const rows = [
    ...eitherWay.flatMap((row) => [[...row, false] as const, [...row, true] as const]),
    ...streamed.map((row) => [...row, true] as const),
  ];
  for (const [what, behaviour, kind, stream] of rows) {
    test(`${what} (${stream ? "streamed" : "whole"})`, async () => {
      double.behave({ first: behaviour() });
      const response = await ask(stream);
      expect(response.status).toBe(200);
      expect(response.headers.get("x-astrolabe-model")).toBe("anthropic/claude-sonnet-4.6");
      expect(response.headers.get("x-astrolabe-selected-model")).toBe("openai/gpt-5.4");
      expect(await response.text()).toContain("All is well.");
      expect(asked()).toEqual(["first", "second"]);
      expect(await attemptsOf(response)).toEqual([
        ["failed", kind],
        ["answered", undefined],
      ]);
      expect(arrayAt(billingOf(await gateway.traceOf(response)), "lines")).toMatchObject([
        { model: "anthropic/claude-sonnet-4.6", count: 10 },
        { model: "anthropic/claude-sonnet-4.6", count: 5 },
      ]);
    });
  }
});

describe("a body that nobody can send on", () => {
  const nested = (levels: number): string =>
    `{"messages":[{"role":"user","content":"hi"}],"metadata":{"deep":${"[".repeat(levels)}${"]".repeat(levels)}}}`;

  test("nested too deeply is refused before any call, costs no credit and no circuit", async () => {
    double.behave({});
    for (let round = 0; round < 6; round++) {
      expect(await refusalOf(await gateway.post("/v1/chat/completions", nested(100_000)))).toEqual([
        400,
        "invalid_request",
      ]);
    }
    expect(asked()).toEqual([]);
    expect((await ask(false)).status).toBe(200);
    expect(asked()).toEqual(["first"]);
  });

  test("nested as deeply as any program would is passed on", async () => {
    double.behave({});
    expect((await gateway.post("/v1/chat/completions", nested(500))).status).toBe(200);
  });
});

describe("when nobody answers", () => {
  test("candidates are asked once each in the plan's order, no more than the stack allows, and nothing is charged", async () => {
    for (const stream of [false, true]) {
      double.behave({ first: refuses(500), second: refuses(429), third: refuses(503), fourth: answers() });
      const response = await ask(stream);
      const error = await errorOf(response);
      expect([response.status, error["code"]]).toEqual([502, "upstream_error"]);
      expect(asked()).toEqual(["first", "second", "third"]);
      expect(arrayAt(objectAt(error, "details") ?? {}, "attempts")).toEqual([
        { model: "openai/gpt-5.4", provider: "local", failure: "provider_error" },
        { model: "anthropic/claude-sonnet-4.6", provider: "local", failure: "rate_limited" },
        { model: "anthropic/claude-opus-4.7", provider: "local", failure: "provider_error" },
      ]);
      expect(billingOf(await gateway.traceOf(response))).toMatchObject({
        status: "unbillable",
        reason: "upstream_error",
        debit_usd: "0.000000000000",
      });
    }
  });

  test("an upstream's 401 is ours to mend: the caller hears neither 401 nor its words nor our key", async () => {
    const incorrect = refuses(401, `Incorrect API key provided: ${upstreamSecret}`);
    double.behave({ first: incorrect, second: incorrect, third: incorrect });
    const response = await ask(false);
    const text = await response.text();
    expect(response.status).toBe(502);
    expect(text).toContain("upstream_error");
    expect(text).not.toMatch(/incorrect|secret/i);
    expect(JSON.stringify(await gateway.traceOf(response))).not.toContain(upstreamSecret);
  });

  test("an upstream's 400 about the request goes to the caller in its own words; nobody else is asked", async () => {
    double.behave({ first: refuses(400, "temperature must be below 2") });
    const response = await ask(false);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({
      code: "upstream_rejected_request",
      message: "temperature must be below 2",
    });
    expect(asked()).toEqual(["first"]);
  });

  test("the last one's wish to be left alone reaches the caller as retry-after", async () => {
    double.behave({ first: refuses(500), second: refuses(500), third: refuses(429, "later", { "retry-after": "60" }) });
    const response = await ask(false);
    expect([response.status, response.headers.get("retry-after")]).toEqual([502, "60"]);
    await response.text();
  });

  test("a lone candidate gets a second chance after a pause, unless fallback is off", async () => {
    await gateway.operator.publish("lone", {
      objective: { primary: "fixed_priority", priority: ["openai/gpt-5.4"] },
    });
    let calls = 0;
    const once: Behaviour = (call) => (calls++ === 0 ? refuses(500)(call) : answers()(call));
    double.behave({ first: once });
    const startedAt = performance.now();
    const response = await ask(false, { stack: "lone" });
    expect(response.status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    expect(asked()).toEqual(["first", "first"]);
    await response.text();

    calls = 0;
    double.behave({ first: once });
    expect(await refusalOf(await ask(false, { stack: "lone", fallback: false }))).toEqual([502, "upstream_error"]);
    expect(asked()).toEqual(["first"]);
  });

  test("an address where nobody listens is origin_unreachable", async () => {
    const nobody = startUpstreamDouble();
    await nobody.close();
    const unreachable = await startGatewayOver(double, { LOCAL_BASE_URL: nobody.url });
    const response = await unreachable.post("/v1/responses", { input: "Hello." });
    expect(await refusalOf(response)).toEqual([502, "origin_unreachable"]);
    await unreachable.close();
  });
});

describe("the clocks", () => {
  async function timed(response: Promise<Response>): Promise<{ response: Response; tookMs: number }> {
    const startedAt = performance.now();
    return { response: await response, tookMs: performance.now() - startedAt };
  }

  test("first byte: 504 when every candidate lets it run out, one after the other", async () => {
    double.behave({ first: hangs(), second: hangs(), third: hangs() });
    const { response, tookMs } = await timed(ask(true));
    expect(await refusalOf(response)).toEqual([504, "upstream_timeout"]);
    expect(asked()).toEqual(["first", "second", "third"]);
    expect(tookMs).toBeGreaterThan(590);
    expect(tookMs).toBeLessThan(950);
  });

  test("total: 504 for a whole answer that never comes; no call is made that has no time left", async () => {
    double.behave({ first: hangs(), second: answers() });
    const { response, tookMs } = await timed(ask(false));
    expect(await refusalOf(response)).toEqual([504, "upstream_timeout"]);
    expect(asked()).toEqual(["first"]);
    expect(tookMs).toBeGreaterThan(990);
    expect(tookMs).toBeLessThan(1_400);
  });

  test("total: also for a whole answer that drips for ever", async () => {
    const dripping = () =>
      new ReadableStream<Uint8Array>({
        async pull(controller) {
          await Bun.sleep(50);
          controller.enqueue(new TextEncoder().encode(" "));
        },
      });
    double.behave({ first: sends(dripping()) });
    const { response, tookMs } = await timed(ask(false));
    expect(await refusalOf(response)).toEqual([504, "upstream_timeout"]);
    expect(tookMs).toBeLessThan(1_400);
  });

  test("a call that ran out of time is hung up on", async () => {
    double.behave({ first: hangs() });
    await (await ask(true)).text();
    await Bun.sleep(100);
    expect(double.calls[0]?.signal.aborted).toBe(true);
  });
});
