// The gateway's contract as a client sees it: headers, the order of refusals, the error body, readings, and bad input.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { errorTable } from "../server/contracts/errors.ts";
import { guaranteedHeaders as promised } from "../server/contracts/headers.ts";
import { objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { forEachEngine } from "./support/engines.ts";
import { asObject, startGateway, type TestGateway } from "./support/gateway.ts";
import { guaranteedHeaders } from "./support/guaranteed-headers.ts";

let gateway: TestGateway;
forEachEngine((engine) => {
  beforeAll(async () => {
    gateway = await startGateway({ ASTROLABE_MAX_BODY_BYTES: "2000000", ...(await engine.environment()) });
  });
  afterAll(() => gateway.close());

  async function errorOf(response: Response): Promise<JsonObject> {
    const error = objectAt(asObject(await response.json()), "error") ?? {};
    const code = stringAt(error, "code") ?? "";
    expect(Object.keys(errorTable)).toContain(code);
    expect(error["requestId"]).toBe(response.headers.get("x-astrolabe-cloud-request-id") ?? "missing");
    expect(stringAt(error, "message")).toBeTruthy();
    return error;
  }

  const hello = { model: "astrolabe/auto", input: "Write one sentence explaining routing stacks." };

  const greeting = { messages: [{ role: "user", content: "hello" }] };

  describe("headers", () => {
    const bodies: [string, string, object][] = [
      ["a response", "/v1/responses", hello],
      ["a streamed response", "/v1/responses", { ...hello, stream: true }],
      ["a chat completion", "/v1/chat/completions", { messages: [{ role: "user", content: "hello" }] }],
      [
        "a streamed chat completion",
        "/v1/chat/completions",
        { messages: [{ role: "user", content: "hello" }], stream: true },
      ],
      ["a message", "/v1/messages", { ...greeting, max_tokens: 50 }],
      ["a streamed message", "/anthropic/v1/messages", { ...greeting, max_tokens: 50, stream: true }],
      ["embeddings", "/v1/embeddings", { model: "titan-embed-text-v2", input: "hello" }],
      ["a path without /v1", "/chat/completions", { messages: [{ role: "user", content: "hello" }] }],
    ];
    for (const [what, path, body] of bodies) {
      test(`${what} carries all ten guaranteed headers and the optional ones`, async () => {
        const response = await gateway.post(path, body);
        expect(response.status).toBe(200);
        for (const name of guaranteedHeaders) expect([name, response.headers.get(name)]).not.toEqual([name, null]);
        expect(response.headers.get("x-astrolabe-cloud-key")).toBe(
          gateway.liveKey.slice(0, "astrolabe_live_".length + 8),
        );
        expect(response.headers.get("x-astrolabe-stack-name")).toBe("default-optimizer");
        expect(response.headers.get("x-astrolabe-policy-status")).toBe("passed");
        for (const name of [
          "stack-id",
          "decision",
          "selected-provider",
          "selected-model",
          "category",
          "action-class",
          "complexity",
          "lane",
          "verification-status",
        ]) {
          expect([name, response.headers.get(`x-astrolabe-${name}`)]).not.toEqual([name, null]);
        }
        await response.text();
      });
    }

    test("the table that the documents come from promises the contract's ten", () => {
      expect(promised.map(({ name }) => name)).toEqual([...guaranteedHeaders]);
    });

    test("no header or body ever holds the secret", async () => {
      const response = await gateway.post("/v1/responses", hello);
      const secret = gateway.liveKey.slice(-30);
      expect(JSON.stringify([...response.headers])).not.toContain(secret);
      expect(await response.text()).not.toContain(secret);
      expect(JSON.stringify(await gateway.traceOf(response))).not.toContain(secret);
    });
  });

  describe("refusals come in order", () => {
    test("401 before the body is looked at", async () => {
      for (const key of ["", "astrolabe_live_wrong", `${gateway.liveKey.slice(0, -1)}!`, "x".repeat(5_000)]) {
        const response = await gateway.post("/v1/responses", "{not json", { key });
        expect(response.status).toBe(401);
        expect(await errorOf(response)).toMatchObject({ code: "unauthorized", type: "authentication_error" });
      }
    });

    test("x-api-key works, and a bearer token wins over it", async () => {
      const headers = { "content-type": "application/json", "x-api-key": gateway.liveKey };
      const send = (more: Record<string, string>) =>
        fetch(`${gateway.url}/v1/responses`, {
          method: "POST",
          headers: { ...headers, ...more },
          body: JSON.stringify(hello),
        });
      expect((await send({})).status).toBe(200);
      expect((await send({ authorization: "Bearer astrolabe_live_nobody" })).status).toBe(401);
    });

    test("400 for a body that is not JSON, 413 for one too large, declared or not", async () => {
      const broken = await gateway.post("/v1/responses", "{not json");
      expect([broken.status, (await errorOf(broken))["code"]]).toEqual([400, "invalid_json"]);
      const large = JSON.stringify({ ...hello, input: "x".repeat(2_100_000) });
      const declared = await gateway.post("/v1/responses", large);
      expect([declared.status, (await errorOf(declared))["code"]]).toEqual([413, "payload_too_large"]);
      const undeclared = await fetch(`${gateway.url}/v1/responses`, {
        method: "POST",
        headers: { authorization: `Bearer ${gateway.liveKey}` },
        body: new ReadableStream({
          start(controller) {
            for (let at = 0; at < large.length; at += 65_536)
              controller.enqueue(new TextEncoder().encode(large.slice(at, at + 65_536)));
            controller.close();
          },
        }),
      });
      expect([undeclared.status, (await errorOf(undeclared))["code"]]).toEqual([413, "payload_too_large"]);
    });

    test("404 for a model or a stack that does not exist, and no falling through", async () => {
      const model = await gateway.post("/v1/responses", { ...hello, model: "gpt-0" });
      expect([model.status, await errorOf(model)]).toMatchObject([404, { code: "unknown_model", param: "model" }]);
      const stack = await gateway.post("/v1/responses", {
        ...hello,
        metadata: { astrolabe: { stack: "no-such-stack" } },
      });
      expect([stack.status, (await errorOf(stack))["code"]]).toEqual([404, "routing_stack_not_found"]);
    });

    test("409 names every rejected candidate, with the policy header and a trace", async () => {
      const body = { ...hello, model: "openai/gpt-5.4-nano", metadata: { astrolabe: { stack: "high-stakes" } } };
      const response = await gateway.post("/v1/responses", body);
      expect(response.status).toBe(409);
      expect(response.headers.get("x-astrolabe-policy-status")).toBe("blocked");
      const error = await errorOf(response);
      expect(error["code"]).toBe("routing_policy_blocked");
      expect(objectAt(error, "details")?.["rejected"]).toMatchObject([{ model: "openai/gpt-5.4-nano" }]);
      expect(await gateway.traceOf(response)).toMatchObject({
        error_code: "routing_policy_blocked",
        plan: { policy_status: "blocked" },
      });
    });

    test("402 states the largest affordable output when the caller asked for more", async () => {
      const dear = await gateway.post("/v1/chat/completions", {
        model: "openai/gpt-5.5",
        n: 20,
        max_tokens: 100_000,
        messages: [{ role: "user", content: "hello" }],
      });
      expect(dear.status).toBe(402);
      const error = await errorOf(dear);
      expect(error["code"]).toBe("payment_required");
      const affordable = Number(objectAt(error, "details")?.["affordable_max_output_tokens"]);
      expect(affordable).toBeGreaterThan(1_000);
      expect(affordable).toBeLessThan(100_000);
    });

    test("404 and 405 in the same error shape for addresses that do not exist or answer otherwise", async () => {
      const nowhere = await fetch(`${gateway.url}/v1/nothing`);
      expect([nowhere.status, (await errorOf(nowhere))["code"]]).toEqual([404, "not_found"]);
      const wrong = await fetch(`${gateway.url}/v1/responses`);
      expect([wrong.status, wrong.headers.get("allow"), (await errorOf(wrong))["code"]]).toEqual([
        405,
        "POST",
        "method_not_allowed",
      ]);
    });
  });

  test("429 says when to come back and leaves other keys alone", async () => {
    const slow = await startGateway({ ASTROLABE_RATE_LIMIT_PER_MINUTE: "3", ...(await engine.environment()) });
    try {
      const statuses: number[] = [];
      let last = new Response();
      for (let n = 0; n < 5; n++) {
        last = await slow.post("/v1/responses", hello);
        statuses.push(last.status);
        if (last.status === 200) await last.text();
      }
      expect(statuses).toContain(429);
      expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(last.headers.get("x-ratelimit-remaining")).toBe("0");
      expect(Number(last.headers.get("x-ratelimit-reset"))).toBeGreaterThan(Date.now() / 1000);
      expect((await errorOf(last))["code"]).toBe("rate_limited");
      expect((await slow.post("/v1/responses", hello, { key: slow.testKey })).status).toBe(200);
    } finally {
      await slow.close();
    }
  });

  describe("overrides", () => {
    test("an invalid one is refused with its field and the allowed values", async () => {
      const wrong: [string, unknown][] = [
        ["quality", "best"],
        ["cost_mode", "free"],
        ["verification", 1],
        ["latency_slo_ms", -5],
        ["fallback", "yes"],
        ["explain", "no"],
        ["stack", "Not A Slug"],
      ];
      for (const [field, value] of wrong) {
        const response = await gateway.post("/v1/responses", { ...hello, metadata: { astrolabe: { [field]: value } } });
        expect([field, response.status]).toEqual([field, 400]);
        expect((await errorOf(response))["param"]).toBe(`metadata.astrolabe.${field}`);
      }
    });

    test("an unknown one is ignored with a warning in the trace", async () => {
      const response = await gateway.post("/v1/responses", {
        ...hello,
        metadata: { astrolabe: { speed: 9, quality: "high" }, team: "a" },
      });
      expect(asObject(await response.json())["metadata"]).toMatchObject({
        team: "a",
        astrolabe: { stack: "default-optimizer" },
      });
      const trace = await gateway.traceOf(response);
      expect(JSON.stringify(trace["warnings"])).toContain("metadata.astrolabe.speed");
      expect(trace["plan"]).toMatchObject({ quality_target: "high" });
    });

    test("explain puts candidates and rejections into the answer", async () => {
      const response = await gateway.post("/v1/chat/completions", {
        messages: [{ role: "user", content: "hello" }],
        metadata: { astrolabe: { explain: true } },
      });
      const inline = objectAt(asObject(await response.json()), "astrolabe") ?? {};
      expect(Array.isArray(inline["candidates"])).toBe(true);
      expect(Array.isArray(inline["rejected"])).toBe(true);
    });
  });

  describe("readings", () => {
    test("health and readiness need no key", async () => {
      expect(await (await fetch(`${gateway.url}/health`)).json()).toMatchObject({ ok: true });
      expect(await (await fetch(`${gateway.url}/ready`)).json()).toEqual({
        ok: true,
        service: "gateway",
        mode: "sandbox",
        issues: [],
      });
    });

    test("models, lanes and credits need one", async () => {
      for (const path of ["/v1/models", "/v1/models/astrolabe/auto", "/v1/lanes", "/v1/credits", "/v1/traces/req_x"]) {
        expect([path, (await fetch(gateway.url + path)).status]).toEqual([path, 401]);
      }
    });

    test("the virtual view lists the seven virtual models, the raw view all with decimal prices", async () => {
      const virtual = await gateway.get("/v1/models");
      expect(JSON.stringify(virtual)).toContain("astrolabe/strict-json");
      expect(virtual["data"]).toHaveLength(7);
      const raw = await gateway.get("/v1/models?view=raw");
      expect(JSON.stringify(raw["data"])).toContain('"input_per_1m_usd":"0.7448"');
      expect(await gateway.get("/v1/models/claude-haiku-4-5")).toMatchObject({
        id: "claude-haiku-4-5",
        pricing: { output_per_1m_usd: "5" },
      });
      expect(await gateway.get("/v1/models/anthropic/claude-sonnet-4.6")).toMatchObject({
        id: "anthropic/claude-sonnet-4.6",
      });
    });

    test("a trace of another workspace does not exist", async () => {
      const other = await startGateway(await engine.environment());
      try {
        const response = await gateway.post("/v1/responses", hello);
        const id = response.headers.get("x-astrolabe-cloud-request-id");
        expect(await other.get(`/v1/traces/${id}`)).toMatchObject({ error: { code: "not_found" } });
      } finally {
        await other.close();
      }
    });
  });

  test("no JSON whatever makes the gateway fail, and only well-formed requests cost anything", async () => {
    const before = await gateway.credits();
    const body = fc.oneof(
      fc.object({ maxDepth: 3 }),
      fc.record(
        {
          model: fc.anything(),
          input: fc.jsonValue(),
          messages: fc.jsonValue(),
          tools: fc.jsonValue(),
          metadata: fc.jsonValue(),
          text: fc.jsonValue(),
          stream: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("/v1/responses", "/v1/chat/completions", "/v1/embeddings"),
        body,
        async (path, value) => {
          const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
          const response = await gateway.post(path, text);
          const answer = await response.text();
          expect([path, text, response.status < 500]).toEqual([path, text, true]);
          expect(answer).not.toContain(".ts:");
          if (response.status !== 200)
            expect(await (await gateway.traceOf(response))["billing"]).toMatchObject({ debit_usd: "0.000000000000" });
        },
      ),
      { numRuns: 150 },
    );
    expect((await gateway.credits()).held).toBe(0n);
    expect(before.balance > 0n).toBe(true);
    expect(gateway.faults).toEqual([]);
  });
});
