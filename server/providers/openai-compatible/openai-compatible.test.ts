// The transport against an upstream that refuses, breaks and lies.

import { afterAll, describe, expect, test } from "bun:test";
import { parseObject, type JsonObject } from "../../contracts/json.ts";
import type { ProviderCall, ReplyEvent } from "../provider.ts";
import { httpProvider } from "../http-provider/http-provider.ts";
import { extendOpenAiBody } from "./index.ts";
import { responsesDialect } from "./responses/index.ts";
import {
  apiKey,
  chatCall,
  chunk,
  collect,
  completion,
  done,
  failureOf,
  partsOf,
  providerAt,
  sseOf,
  startUpstream,
  translated,
  usageChunk,
} from "./upstream-double.ts";

const { script, server, provider } = startUpstream();
afterAll(() => server.stop(true));

describe("a whole answer", () => {
  test("passes through with everything the upstream said, and is understood as well", async () => {
    let seen: { path: string; key: string | null; body: JsonObject | undefined } | undefined;
    script.answer = async (request) => {
      const { pathname } = new URL(request.url);
      seen = { path: pathname, key: request.headers.get("authorization"), body: parseObject(await request.text()) };
      return Response.json(completion);
    };
    const reply = await provider.call(chatCall({ dataPolicy: "zero_retention" }));
    if (reply.kind !== "answer") throw new Error("expected an answer");
    expect(reply.raw).toEqual(completion);
    expect(reply.answer.parts).toEqual([{ type: "text", text: "Hello" }]);
    expect(reply.answer.usage).toEqual({ kind: "exact", inputTokens: 3, outputTokens: 1 });
    expect(seen?.path).toBe("/v1/chat/completions");
    expect(seen?.key).toBe(`Bearer ${apiKey}`);
    expect(seen?.body?.provider).toEqual({ zdr: true, data_collection: "deny" });
    expect(seen?.body?.usage).toEqual({ include: true });
  });

  test("OpenRouter cannot be told to use other models than the plan's", async () => {
    let body: JsonObject | undefined;
    script.answer = async (request) => {
      body = parseObject(await request.text());
      return Response.json(completion);
    };
    const warnings: string[] = [];
    const outgoing: ProviderCall["outgoing"] = {
      kind: "pass-through",
      protocol: "chat-completions",
      body: { model: "m", messages: [], models: ["dear/model"], provider: { order: ["a"], data_collection: "allow" } },
    };
    await provider.call(chatCall({ outgoing, dataPolicy: "no_training", warn: (sentence) => warnings.push(sentence) }));
    expect(body?.models).toBeUndefined();
    expect(body?.provider).toEqual({ order: ["a"], data_collection: "deny" });
    expect(warnings.join()).toContain("models");
  });

  test("OpenAI stores nothing where the stack forbids it, and sells no unpriced tier", () => {
    const warnings: string[] = [];
    const call = chatCall({ mayStore: false, warn: (sentence) => warnings.push(sentence) });
    const body = { model: "m", store: true, service_tier: "priority" };
    expect(extendOpenAiBody(body, call)).toEqual({ model: "m", store: false });
    expect(warnings).toHaveLength(1);
    expect(extendOpenAiBody({ model: "m", store: true }, chatCall())).toEqual({ model: "m", store: true });
  });

  test("an error object in a 200 is a failure of the kind its code names", async () => {
    script.answer = () =>
      Response.json({ error: { code: 429, message: "Provider returned error", metadata: { raw: "slow down" } } });
    const failure = await failureOf(provider.call(chatCall()));
    expect(failure.kind).toBe("rate_limited");
    expect(failure.upstreamMessage).toBe("Provider returned error: slow down");
  });

  test.each([
    ["text that is not JSON", "<html>hello</html>"],
    ["JSON without choices", "{}"],
    ["a choice without a message", '{"choices":[{}]}'],
  ])("%s is a provider error", async (_what, text) => {
    script.answer = () => new Response(text, { headers: { "content-type": "application/json" } });
    expect((await failureOf(provider.call(chatCall()))).kind).toBe("provider_error");
  });

  test("a body beyond the limit is refused, packed or not", async () => {
    const giant = Buffer.alloc(33 * 1024 * 1024, " ");
    script.answer = () => new Response(giant);
    expect((await failureOf(provider.call(chatCall()))).message).toContain("exceeds");
    script.answer = () => new Response(Bun.gzipSync(giant), { headers: { "content-encoding": "gzip" } });
    expect((await failureOf(provider.call(chatCall()))).message).toContain("exceeds");
  });

  test("redirects are not followed, so the key goes nowhere else", async () => {
    let followed = false;
    script.answer = (request) => {
      if (new URL(request.url).pathname === "/elsewhere") followed = true;
      return Response.redirect(`http://127.0.0.1:${server.port}/elsewhere`, 307);
    };
    expect((await failureOf(provider.call(chatCall()))).kind).toBe("unreachable");
    expect(followed).toBe(false);
  });

  test("a closed port is unreachable", async () => {
    const nowhere = providerAt("http://127.0.0.1:1");
    expect((await failureOf(nowhere.call(chatCall()))).kind).toBe("unreachable");
  });
});

describe("statuses", () => {
  test.each([
    [400, "`temperature` must be a number", "rejected"],
    [400, "This model does not support images", "provider_error"],
    [401, "bad key", "credentials"],
    [402, "no credits", "credentials"],
    [403, "no", "credentials"],
    [404, "no such deployment", "provider_error"],
    [408, "slow", "timeout"],
    [409, "busy", "provider_error"],
    [413, "too large", "rejected"],
    [422, "bad", "rejected"],
    [500, "oops", "provider_error"],
    [503, "overloaded", "provider_error"],
  ] as const)("%i %p is %s", async (status, message, kind) => {
    script.answer = () => Response.json({ error: { message } }, { status });
    const failure = await failureOf(provider.call(chatCall()));
    expect([failure.kind, failure.status, failure.upstreamMessage]).toEqual([kind, status, message]);
  });

  test("429 carries the upstream's retry-after", async () => {
    script.answer = () => new Response("", { status: 429, headers: { "retry-after": "7" } });
    const failure = await failureOf(provider.call(chatCall()));
    expect([failure.kind, failure.retryAfterSeconds]).toEqual(["rate_limited", 7]);
  });

  test("no key survives in what an upstream says about it", async () => {
    script.answer = () =>
      Response.json({ error: { message: `Incorrect key: ${apiKey}, sk-proj-abcdef***wxyz` } }, { status: 401 });
    const failure = await failureOf(provider.call(chatCall()));
    expect(failure.upstreamMessage).toBe("Incorrect key: [secret], [secret]");
    expect(`${failure.message} ${String(failure.cause)}`).not.toContain(apiKey);
  });
});

describe("a stream", () => {
  test("passes through event by event, with the parts each means; comments are dropped", async () => {
    script.answer = () =>
      sseOf(
        ": OPENROUTER PROCESSING\n\n",
        chunk({ content: "Hel" }),
        chunk({ content: "lo" }, "stop"),
        usageChunk,
        done,
      );
    const events = await collect(await provider.call(chatCall({ stream: true })));
    expect(events.map((event) => event.raw?.data).at(-1)).toBe("[DONE]");
    expect(events).toHaveLength(4);
    expect(partsOf(events)).toEqual([
      { type: "start", id: "chatcmpl-1", model: "m-1" },
      { type: "text-start", block: 0 },
      { type: "text-delta", block: 0, text: "Hel" },
      { type: "text-delta", block: 0, text: "lo" },
      { type: "text-end", block: 0 },
      { type: "end", finish: "stop", usage: { kind: "exact", inputTokens: 3, outputTokens: 1 } },
    ]);
  });

  test("leaves its connection to the next call", async () => {
    const ports: (number | undefined)[] = [];
    script.answer = (request) => {
      ports.push(server.requestIP(request)?.port);
      return sseOf(chunk({ content: "a" }, "stop"), done);
    };
    for (let round = 0; round < 3; round += 1) {
      await collect(await provider.call(chatCall({ stream: true })));
      await Bun.sleep(10);
    }
    expect(new Set(ports).size).toBe(1);
  });

  test("without [DONE] is complete once the finish reason was seen; unreported usage stays unknown", async () => {
    script.answer = () => sseOf(chunk({ content: "x" }, "stop"));
    const events = await collect(await provider.call(chatCall({ stream: true })));
    expect(partsOf(events).at(-1)).toEqual({ type: "end", finish: "stop", usage: { kind: "unknown" } });
  });

  test("that ends before its finish reason is cut, after everything that arrived was handed out", async () => {
    script.answer = () => sseOf(chunk({ content: "half" }));
    const reply = await provider.call(chatCall({ stream: true }));
    if (reply.kind !== "stream") throw new Error("expected a stream");
    const seen: ReplyEvent[] = [];
    const failure = await failureOf(
      (async () => {
        for await (const event of reply.events) seen.push(event);
      })(),
    );
    expect(failure.kind).toBe("cut");
    expect(seen).toHaveLength(1);
  });

  test("whose connection breaks is cut", async () => {
    const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    const event = chunk({ content: "half" });
    const breaking = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data: (socket) => {
          socket.write(`${head}${event.length.toString(16)}\r\n${event}\r\n`);
          setTimeout(() => socket.terminate(), 20);
        },
      },
    });
    const broken = providerAt(`http://127.0.0.1:${breaking.port}`);
    const reply = await broken.call(chatCall({ stream: true }));
    expect((await failureOf(collect(reply))).kind).toBe("cut");
    breaking.stop(true);
  });

  test("with an error event fails with the error's kind", async () => {
    script.answer = () =>
      sseOf(chunk({ content: "a" }), 'data: {"error":{"code":502,"message":"model is down"},"choices":[]}\n\n');
    const failure = await failureOf(collect(await provider.call(chatCall({ stream: true }))));
    expect([failure.kind, failure.status, failure.upstreamMessage]).toEqual(["provider_error", 502, "model is down"]);
  });

  test.each(["error", "response.failed"])(
    "with a Responses API's %s event fails without our key in its words",
    async (type) => {
      const error = { code: "invalid_prompt", message: "No: house-key-17 may not ask that." };
      script.answer = () => sseOf(`data: ${JSON.stringify({ type, error, response: { error } })}\n\n`);
      const responses = httpProvider({
        id: "keyed",
        baseUrl: `http://127.0.0.1:${server.port}/v1`,
        apiKey: "house-key-17",
        speaks: [],
        dialects: [responsesDialect],
      });
      const failure = await failureOf(collect(await responses.call(chatCall({ stream: true, outgoing: translated }))));
      expect([failure.kind, failure.upstreamMessage]).toEqual(["rejected", "No: [secret] may not ask that."]);
    },
  );

  test("answered as plain JSON is told as parts when translated, and refused when passed through", async () => {
    script.answer = () => Response.json(completion);
    const events = await collect(await provider.call(chatCall({ stream: true, outgoing: translated })));
    expect(partsOf(events).map((part) => part.type)).toEqual(["start", "text-start", "text-delta", "text-end", "end"]);
    expect((await failureOf(provider.call(chatCall({ stream: true })))).kind).toBe("provider_error");
  });
});

test("a protocol that is spoken without a dialect is a mistake found at start", () => {
  const options = { id: "x", baseUrl: "http://x", apiKey: "k", speaks: ["responses"] as const, dialects: [] };
  expect(() => httpProvider(options)).toThrow("has no dialect");
});
