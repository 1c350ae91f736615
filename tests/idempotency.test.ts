// Requests with an Idempotency-Key, through a whole server: the same answer to the byte, one provider call, one debit.

import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { formatUsd, picodollars } from "../server/money/picodollars.ts";
import { objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { forEachEngine } from "./support/engines.ts";
import { asObject, billingOf, startGateway, type TestGateway } from "./support/gateway.ts";
import { refusalOf, type OperatedGateway } from "./support/operator.ts";
import { readStream } from "./support/read-stream.ts";
import { clientOf } from "./sdk/setups.ts";
import {
  answers,
  refuses,
  startGatewayOver,
  startUpstreamDouble,
  streams,
  type UpstreamDouble,
} from "./support/upstream-double.ts";

setDefaultTimeout(20_000);

const question = "Tell the story of the astrolabe.";
const endpoints: [string, JsonObject][] = [
  ["/v1/responses", { input: question }],
  ["/v1/responses", { input: question, stream: true }],
  ["/v1/chat/completions", { messages: [{ role: "user", content: question }] }],
  ["/v1/chat/completions", { messages: [{ role: "user", content: question }], stream: true }],
  ["/v1/embeddings", { model: "titan-embed-text-v2", input: [question, "And its use."] }],
];

let keys = 0;
function newKey(): Record<string, string> {
  keys += 1;
  return { "Idempotency-Key": `order-${keys}` };
}

/** Headers that belong to one delivery, not to the answer. */
const ofDelivery = new Set(["date", "idempotent-replayed", "content-length", "transfer-encoding"]);

function answerHeadersOf(response: Response): [string, string][] {
  return [...response.headers].filter(([name]) => !ofDelivery.has(name) && !name.startsWith("x-ratelimit-")).sort();
}

function requestIdOf(response: Response): string | null {
  return response.headers.get("x-astrolabe-cloud-request-id");
}

forEachEngine((engine) => {
  describe("on the sandbox", () => {
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await startGateway(await engine.environment());
    });
    afterAll(async () => {
      expect(gateway.faults).toEqual([]);
      await gateway.close();
    });

    describe.each(["live", "test"])("with a %s key", (mode) => {
      test.each(endpoints)("%s %j is answered once and replayed to the byte", async (path, fields) => {
        const key = mode === "live" ? gateway.liveKey : gateway.testKey;
        const [body, headers] = [{ model: "astrolabe/auto", ...fields }, newKey()];
        const before = await gateway.credits();
        const first = await gateway.post(path, body, { key, headers });
        const firstText = await first.text();
        expect(first.status).toBe(200);
        expect(first.headers.has("idempotent-replayed")).toBe(false);
        const after = await gateway.credits();
        expect(after.balance < before.balance).toBe(mode === "live");

        for (let round = 0; round < 2; round++) {
          const again = await gateway.post(path, body, { key, headers });
          expect(await again.text()).toBe(firstText);
          expect(again.status).toBe(200);
          expect(again.headers.get("idempotent-replayed")).toBe("true");
          expect(answerHeadersOf(again)).toEqual(answerHeadersOf(first));
          expect(Number(again.headers.get("x-ratelimit-remaining"))).toBeLessThan(
            Number(first.headers.get("x-ratelimit-remaining")),
          );
        }
        expect(await gateway.credits()).toEqual(after);
        expect(firstText).toContain(mode === "live" || path === "/v1/embeddings" ? "" : "unbillable");
        expect(await refusalOf(await gateway.post(path, { ...body, user: "u" }, { key, headers }))).toEqual([
          409,
          "idempotency_conflict",
        ]);
      });
    });

    test("a replay is the same on the address without /v1", async () => {
      const headers = newKey();
      const body = { model: "astrolabe/auto", input: question };
      const first = await (await gateway.post("/v1/responses", body, { headers })).text();
      expect(await (await gateway.post("/responses", body, { headers })).text()).toBe(first);
    });

    test("the official client's retry gets the first answer, whole and streamed", async () => {
      const client = clientOf(gateway);
      const options = { headers: newKey() };
      const params = { model: "astrolabe/auto", input: question };
      const first = await client.responses.create(params, options);
      expect(await client.responses.create(params, options)).toEqual(first);
      const chat = { model: "astrolabe/auto", messages: [{ role: "user" as const, content: question }] };
      const streamed = { headers: newKey() };
      const completion = await client.chat.completions.stream(chat, streamed).finalChatCompletion();
      expect(await client.chat.completions.stream(chat, streamed).finalChatCompletion()).toEqual(completion);
      const embedded = { headers: newKey() };
      const input = { model: "titan-embed-text-v2", input: question };
      expect(await client.embeddings.create(input, embedded)).toEqual(await client.embeddings.create(input, embedded));
    });

    test("a key must be 1 to 255 characters long", async () => {
      const body = { model: "astrolabe/auto", input: question };
      const at = async (value: string) =>
        gateway.post("/v1/responses", body, { headers: { "Idempotency-Key": value } });
      const refused = await at("x".repeat(256));
      expect([refused.status, await refused.json()]).toMatchObject([
        400,
        { error: { code: "invalid_request", param: "Idempotency-Key" } },
      ]);
      expect(await refusalOf(await at(""))).toEqual([400, "invalid_request"]);
      expect((await at("x".repeat(255))).status).toBe(200);
    });

    test("the same header under another API key is another request", async () => {
      const headers = newKey();
      const body = { model: "astrolabe/auto", input: question };
      const live = await gateway.post("/v1/responses", body, { headers });
      const testing = await gateway.post("/v1/responses", { ...body, user: "u" }, { headers, key: gateway.testKey });
      expect([live.status, testing.status]).toEqual([200, 200]);
      expect(testing.headers.has("idempotent-replayed")).toBe(false);
    });

    test("a request refused before a provider is asked leaves its key free", async () => {
      const headers = newKey();
      const unknown = { model: "nobody/nothing", input: question };
      expect(await refusalOf(await gateway.post("/v1/responses", unknown, { headers }))).toEqual([
        404,
        "unknown_model",
      ]);
      const good = await gateway.post("/v1/responses", { model: "astrolabe/auto", input: question }, { headers });
      expect([good.status, good.headers.has("idempotent-replayed")]).toEqual([200, false]);
    });
  });

  test("a replay needs no credits", async () => {
    const gateway = await startGateway({ ASTROLABE_INIT_CREDITS_USD: "1.000001", ...(await engine.environment()) });
    const headers = newKey();
    const body = { model: "astrolabe/auto", input: question };
    const first = await (await gateway.post("/v1/responses", body, { headers })).text();
    expect(await refusalOf(await gateway.post("/v1/responses", body))).toEqual([402, "payment_required"]);
    expect(await (await gateway.post("/v1/responses", body, { headers })).text()).toBe(first);
    await gateway.close();
  });

  describe("over an upstream", () => {
    let double: UpstreamDouble;
    let gateway: OperatedGateway;
    beforeAll(async () => {
      double = startUpstreamDouble();
      gateway = await startGatewayOver(double, await engine.environment());
    });
    afterEach(async () => {
      expect(gateway.faults).toEqual([]);
      expect((await gateway.credits()).held).toBe(0n);
    });
    afterAll(async () => {
      await gateway.close();
      await double.close();
    });

    const chat = (more: JsonObject = {}): JsonObject => ({
      model: "openai/gpt-5.4",
      messages: [{ role: "user", content: question }],
      ...more,
    });

    function send(headers: Record<string, string>, body = chat()): Promise<Response> {
      return gateway.post("/v1/chat/completions", body, { headers });
    }

    test.each([false, true])("50 at once make one provider call and one debit (streamed: %s)", async (stream) => {
      double.behave({
        first: async (call) => {
          await Bun.sleep(50);
          return answers()(call);
        },
      });
      const [headers, body] = [newKey(), chat({ stream })];
      const before = await gateway.credits();
      const responses = await Promise.all(Array.from({ length: 50 }, () => send(headers, body)));
      const texts = await Promise.all(
        responses.map(async (response) => [response.status, await response.text()] as const),
      );
      const answered = texts.filter(([status]) => status === 200).map(([, text]) => text);
      expect(new Set(answered).size).toBe(1);
      for (const [status, text] of texts) {
        if (status !== 200)
          expect([status, text]).toMatchObject([409, expect.stringContaining("idempotency_in_progress")]);
      }
      expect(double.calls).toHaveLength(1);
      const replayed = await send(headers, body);
      expect(await replayed.text()).toBe(answered[0] ?? "");
      expect(double.calls).toHaveLength(1);
      const { balance } = await gateway.credits();
      const debit = stringAt(billingOf(await gateway.traceOf(replayed)), "debit_usd");
      expect(formatUsd(picodollars(before.balance - balance))).toBe(debit ?? "");
    });

    test("a stream that was held back is replayed as a stream", async () => {
      double.behave({});
      await gateway.operator.publish("held", { verification: { holdStream: true } });
      const [headers, body] = [newKey(), chat({ stream: true, metadata: { astrolabe: { stack: "held" } } })];
      const first = await send(headers, body);
      const text = await first.text();
      expect(text).toContain("[DONE]");
      const again = await send(headers, body);
      expect(again.headers.get("content-type")).toStartWith("text/event-stream");
      expect(await again.text()).toBe(text);
      expect(double.calls).toHaveLength(1);
    });

    test("a request that every provider failed leaves its key free, and the retry is the one that is debited", async () => {
      const failing = refuses(500);
      double.behave({ first: failing, second: failing, third: failing, fourth: failing });
      const headers = newKey();
      const before = await gateway.credits();
      expect((await send(headers)).status).toBe(502);
      expect((await gateway.credits()).balance).toBe(before.balance);
      double.behave({});
      const good = await send(headers);
      expect([good.status, good.headers.has("idempotent-replayed")]).toEqual([200, false]);
    });

    test("a stream that its provider broke off leaves its key free", async () => {
      const [headers, body] = [newKey(), chat({ stream: true })];
      double.behave({ first: streams(["one "], "closed") });
      expect(await (await send(headers, body)).text()).toContain("streaming_provider_error");
      double.behave({});
      const good = await send(headers, body);
      expect(good.headers.has("idempotent-replayed")).toBe(false);
      expect(await good.text()).toContain("[DONE]");
    });

    test.each([false, true])(
      "an answer above 8 MB is debited once and said not to be kept (streamed: %s)",
      async (stream) => {
        double.behave({ first: answers("a".repeat(8 * 1024 * 1024)) });
        const [headers, body] = [newKey(), chat({ stream })];
        const first = await send(headers, body);
        expect((await first.text()).length).toBeGreaterThan(8 * 1024 * 1024);
        const after = await gateway.credits();
        const again = await send(headers, body);
        expect(again.status).toBe(409);
        expect(again.headers.get("x-should-retry")).toBe("false");
        expect(objectAt(asObject(await again.json()), "error")).toMatchObject({
          code: "idempotency_answer_not_kept",
          details: { reason: "too_large", request_id: requestIdOf(first) },
        });
        expect(await gateway.credits()).toEqual(after);
        expect(double.calls).toHaveLength(1);
      },
    );

    test("under a stack that keeps nothing the answer is not kept, and not paid twice", async () => {
      double.behave({});
      await gateway.operator.publish("nothing-kept", { boundaries: { retentionPolicy: "none" } });
      const [headers, body] = [newKey(), chat({ metadata: { astrolabe: { stack: "nothing-kept" } } })];
      expect((await send(headers, body)).status).toBe(200);
      const after = await gateway.credits();
      const again = await send(headers, body);
      expect([again.status, await again.json()]).toMatchObject([
        409,
        { error: { code: "idempotency_answer_not_kept", details: { reason: "retention_policy" } } },
      ]);
      expect(await gateway.credits()).toEqual(after);
    });

    test("an answer without usage is replayed as well, though nothing was debited for it", async () => {
      const choices = [{ index: 0, message: { role: "assistant", content: "Yes." }, finish_reason: "stop" }];
      const bare = { id: "c1", object: "chat.completion", created: 1, model: "first", choices };
      double.behave({ first: () => Response.json(bare) });
      const headers = newKey();
      const first = await (await send(headers)).text();
      const again = await send(headers);
      expect([again.headers.get("idempotent-replayed"), await again.text()]).toEqual(["true", first]);
      expect(double.calls).toHaveLength(1);
    });

    test.each([false, true])(
      "a client that leaves finds the answer that was finished for it (streamed: %s)",
      async (stream) => {
        const { promise: opened, resolve: open } = Promise.withResolvers<void>();
        async function* words() {
          yield "one ";
          await opened;
          yield "two";
        }
        double.behave({
          first: async (call) => {
            if (stream) return streams(words())(call);
            await opened;
            return answers()(call);
          },
        });
        const [headers, body] = [newKey(), chat({ stream })];
        const before = await gateway.credits();
        const controller = new AbortController();
        const { signal } = controller;
        const first = gateway.post("/v1/chat/completions", body, { headers, signal });
        if (stream) await readStream(await first).next();
        else while (double.calls.length === 0) await Bun.sleep(5);
        controller.abort();
        await first.catch(() => undefined);
        // So that the server has heard of it when the provider goes on.
        await Bun.sleep(100);
        const early = await send(headers, body);
        expect([early.status, Number(early.headers.get("retry-after"))]).toEqual([409, expect.any(Number)]);
        expect(early.headers.has("x-should-retry")).toBe(false);
        const error = objectAt(asObject(await early.json()), "error") ?? {};
        expect(error).toMatchObject({ code: "idempotency_in_progress" });
        open();
        while ((await gateway.credits()).held > 0n) await Bun.sleep(5);

        const again = await send(headers, body);
        expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
        expect(error["details"]).toEqual({ request_id: requestIdOf(again) ?? "" });
        expect(await again.text()).toContain(stream ? "[DONE]" : "All is well.");
        expect(double.calls).toHaveLength(1);
        const billing = billingOf(await gateway.traceOf(again));
        expect(billing).toMatchObject({ status: "billed" });
        expect(formatUsd(picodollars(before.balance - (await gateway.credits()).balance))).toBe(
          stringAt(billing, "debit_usd") ?? "",
        );
      },
    );

    test("a stream that the server called off is not debited, and its key is free", async () => {
      double.behave({ first: streams(["one "], "hanging") });
      const [headers, body] = [newKey(), chat({ stream: true })];
      const before = await gateway.credits();
      const first = await send(headers, body);
      const reader = readStream(first);
      await reader.next();
      gateway.wired.inference.abort();
      expect((await reader.rest()).join()).toContain("service_unavailable");
      expect(billingOf(await gateway.traceOf(first))).toMatchObject({
        status: "unbillable",
        reason: "service_unavailable",
      });
      expect(await gateway.credits()).toEqual(before);
      double.behave({});
      const good = await send(headers, body);
      expect([good.headers.has("idempotent-replayed"), await good.text()]).toEqual([
        false,
        expect.stringContaining("[DONE]"),
      ]);
    });

    test("a replay counts against the rate limit and has a record of its own, without a debit", async () => {
      double.behave({});
      const headers = newKey();
      const left = async (): Promise<[number, string | null]> => {
        const response = await send(headers);
        await response.text();
        const { headers: sent } = response;
        return [Number(sent.get("x-ratelimit-remaining")), sent.get("x-ratelimit-reset")];
      };
      const [first, firstReset] = await left();
      const [second, secondReset] = await left();
      // Unless a minute began in between.
      if (firstReset === secondReset) expect(second).toBe(first - 1);
      const newest = async () => (await gateway.operator.send("GET", "/usage?limit=2")).body["data"];
      // The record of a request that moved no money follows its answer.
      while (JSON.stringify(await newest()).split("idempotent_replay").length < 2) await Bun.sleep(5);
      expect(await newest()).toMatchObject([
        { unbillable_reason: "idempotent_replay", status: 200, debit_usd: "0.000000000000", input_tokens: null },
        { unbillable_reason: null, status: 200 },
      ]);
    });
  });
});
