// What a stack or a key forbids, and what a caller gets instead: budgets, confirmation, tool calls, addresses, models.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { asObject, billingOf } from "./support/gateway.ts";
import { forEachEngine } from "./support/engines.ts";
import { refusalOf, startOperatedGateway, type OperatedGateway, type Operator } from "./support/operator.ts";

let gateway: OperatedGateway;
let operator: Operator;
/** What the one real upstream of this file was sent last. */
let sent: JsonObject = {};
let upstream: ReturnType<typeof Bun.serve>;
let upstreamGateway: OperatedGateway;

forEachEngine((engine) => {
  beforeAll(async () => {
    upstream = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        sent = asObject(await request.json());
        const message = { role: "assistant", content: "Ask a professional." };
        const choices = [{ index: 0, message, finish_reason: "stop" }];
        const usage = { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 };
        return Response.json({ id: "c", object: "chat.completion", created: 1, model: "gpt", choices, usage });
      },
    });
    gateway = await startOperatedGateway({ ASTROLABE_INIT_CREDITS_USD: "1000", ...(await engine.environment()) });
    operator = gateway.operator;
    upstreamGateway = await startOperatedGateway({
      ...(await engine.environment()),
      ASTROLABE_UPSTREAMS: "local",
      LOCAL_BASE_URL: `http://127.0.0.1:${upstream.port}`,
      LOCAL_MODELS: "openai/gpt-5.4",
      LOCAL_PROTOCOLS: "chat-completions",
    });
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), upstreamGateway.close()]);
    await upstream.stop(true);
  });

  async function errorOf(response: Response): Promise<JsonObject> {
    return objectAt(asObject(await response.json()), "error") ?? {};
  }

  function usd(value: unknown): bigint {
    return BigInt(String(value).replace(".", ""));
  }

  describe("a budget", () => {
    /** 1,500 tokens at 25 USD a million: about 0.038 USD, of which a hold may cover 0.05. */
    const dear = (stream: boolean): JsonObject => ({
      model: "anthropic/claude-opus-4.7",
      max_output_tokens: 2_000,
      input: "[sandbox:slow=50] [sandbox:tokens=1500] Tell the story of the astrolabe.",
      stream,
    });

    /** Fifty callers at once; gives what was debited in all and the error of one that was refused. */
    async function fiftyCallers(stack: string, key?: string): Promise<{ spent: bigint; refusal: JsonObject }> {
      const responses = await Promise.all(
        Array.from({ length: 50 }, (_, caller) =>
          operator.ask(stack, dear(caller % 2 === 0), key === undefined ? {} : { key }),
        ),
      );
      const refused = responses.filter(({ status }) => status === 402);
      const served = responses.filter(({ status }) => status === 200);
      expect([refused.length + served.length, refused.length > 20, served.length > 4]).toEqual([50, true, true]);
      let spent = 0n;
      for (const response of served) {
        await response.text();
        spent += usd(billingOf(await gateway.traceOf(response))["debit_usd"]);
      }
      return { spent, refusal: await errorOf(refused[0] ?? new Response()) };
    }

    const half = 500_000_000_000n;

    test("of a day is not overshot by fifty callers; the refusal names it and when it starts anew", async () => {
      await operator.publish("daily", { budget: { dailyUsd: "1.00", warnPercent: 40, hardStopPercent: 50 } });
      const { spent, refusal } = await fiftyCallers("daily");
      expect(spent > 0n && spent <= half).toBe(true);
      expect(refusal).toMatchObject({
        code: "budget_exceeded",
        details: { budget: "daily", owner: "stack", limit_usd: "0.500000000000" },
      });
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      expect(objectAt(refusal, "details")?.["resets_at"]).toBe(`${tomorrow}T00:00:00.000Z`);
    });

    test("of a month is named too", async () => {
      await operator.publish("monthly", { budget: { monthlyUsd: "0.01" } });
      const error = await errorOf(await operator.ask("monthly", dear(false)));
      expect(error).toMatchObject({ code: "budget_exceeded", details: { budget: "monthly", owner: "stack" } });
      expect(objectAt(error, "details")?.["resets_at"]).toMatch(/-01T00:00:00\.000Z$/);
    });

    test("of a key holds under every stack, never starts anew, and can be raised", async () => {
      const key = await operator.key({ spend_limit_usd: "0.50" });
      const { spent, refusal } = await fiftyCallers("high-quality", key.secret);
      expect(spent > 0n && spent <= half).toBe(true);
      expect(refusal).toMatchObject({
        code: "budget_exceeded",
        details: { budget: "lifetime", owner: "key", owner_id: key.id },
      });
      expect(objectAt(refusal, "details")).not.toHaveProperty("resets_at");
      const rest = dear(false);
      const again = async () => (await operator.ask("default-optimizer", rest, { key: key.secret })).status;
      const statuses: number[] = [];
      while (statuses.at(-1) !== 402 && statuses.length < 20) statuses.push(await again());
      expect(statuses.at(-1)).toBe(402);
      await operator.send("PATCH", `/keys/${key.id}`, { spend_limit_usd: "5.00" });
      expect(await again()).toBe(200);
    });

    test("of one request shortens the answer, and refuses one whose length the caller insists on", async () => {
      await operator.publish("frugal", { budget: { perRequestMaxUsd: "0.02" } });
      const short = await operator.ask("frugal", { model: "anthropic/claude-opus-4.7" });
      expect(short.status).toBe(200);
      const ceiling = usd(billingOf(await gateway.traceOf(short))["ceiling_usd"]);
      expect(ceiling > 10_000_000_000n && ceiling <= 20_000_000_000n).toBe(true);
      const insisting = await operator.ask("frugal", { model: "anthropic/claude-opus-4.7", max_output_tokens: 4_000 });
      const error = await errorOf(insisting);
      expect([insisting.status, error["code"]]).toEqual([402, "budget_exceeded"]);
      const details = objectAt(error, "details") ?? {};
      expect(details).toMatchObject({ budget: "per_request", owner: "stack", limit_usd: "0.020000000000" });
      const max_output_tokens = Number(details["affordable_max_output_tokens"]);
      expect(max_output_tokens).toBeGreaterThan(256);
      const model = "anthropic/claude-opus-4.7";
      expect((await operator.ask("frugal", { model, max_output_tokens })).status).toBe(200);
      expect((await operator.ask("frugal", { model, max_output_tokens: max_output_tokens + 1 })).status).toBe(402);
    });

    test("leaves nothing held when all is done", async () => {
      expect((await gateway.credits()).held).toBe(0n);
    });
  });

  describe("high stakes", () => {
    const payment = { input: "Transfer 500 USD to the supplier." };

    test("strict asks for a person first, without a call or a hold; confirmed, the request goes through", async () => {
      await operator.publish("strict", { safety: { highStakes: "strict" } });
      const unconfirmed = await operator.ask("strict", payment);
      const trace = await gateway.traceOf(unconfirmed);
      expect(trace["attempts"]).toEqual([]);
      expect(billingOf(trace)).toMatchObject({ reason: "high_stakes_confirmation_required" });
      const error = await errorOf(unconfirmed);
      expect([unconfirmed.status, error["code"]]).toEqual([409, "high_stakes_confirmation_required"]);
      expect((await operator.ask("strict", payment, { confirmed: true })).status).toBe(200);
      expect((await operator.ask("strict", { input: "Write a haiku about rain." })).status).toBe(200);
    });

    test("prompt puts a caution in front of the caller's own instructions, for such requests only", async () => {
      await upstreamGateway.operator.publish("careful", { safety: { highStakes: "prompt" } });
      const ask = async (content: string): Promise<string> => {
        const messages = [
          { role: "system", content: "Be brief." },
          { role: "user", content },
        ];
        const metadata = { astrolabe: { stack: "careful" } };
        const body = { model: "openai/gpt-5.4", messages, metadata };
        expect((await upstreamGateway.post("/v1/chat/completions", body)).status).toBe(200);
        return JSON.stringify(sent["messages"]);
      };
      const cautioned = await ask(payment.input);
      expect(cautioned.indexOf("serious consequences")).toBeGreaterThan(-1);
      expect(cautioned.indexOf("serious consequences")).toBeLessThan(cautioned.indexOf("Be brief."));
      expect(await ask("Write a haiku about rain.")).not.toContain("serious consequences");
    });
  });

  describe("tool calls", () => {
    const tool = (name: string): JsonObject => ({
      type: "function",
      name,
      parameters: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    });
    const calling = (name: string, stream: boolean): JsonObject => ({
      input: `Please use ${name} with "rain".`,
      tools: [tool(name)],
      stream,
    });

    beforeAll(async () => {
      await operator.publish("no-tools", { safety: { toolProfile: "blocked" } });
      await operator.publish("reading", { safety: { toolProfile: "read_only" } });
      await operator.publish("declared", {
        safety: { toolProfile: "read_only", toolCapabilities: { send_message: ["read_remote"] } },
      });
    });

    for (const stream of [false, true]) {
      const how = stream ? "streamed" : "whole";
      test(`${how}: blocked lets none through, read_only those that read, and nobody pays for what is kept back`, async () => {
        const forbidden: [string, string][] = [
          ["no-tools", "get_weather"],
          ["reading", "send_message"],
        ];
        for (const [stack, name] of forbidden) {
          const response = await operator.ask(stack, calling(name, stream));
          const error = await errorOf(response);
          expect([response.status, error["code"]]).toEqual([409, "tool_call_blocked"]);
          expect(objectAt(error, "details")?.["tool"]).toBe(name);
          const billing = billingOf(await gateway.traceOf(response));
          expect(billing).toMatchObject({ status: "unbillable", reason: "tool_call_blocked" });
        }
        for (const [stack, name] of [
          ["reading", "get_weather"],
          ["declared", "send_message"],
        ] as const) {
          const response = await operator.ask(stack, calling(name, stream));
          expect([stack, response.status]).toEqual([stack, 200]);
          expect(await response.text()).toContain(`"name":"${name}"`);
        }
      });

      test(`${how}: a call with consequences waits for a person under the default profile`, async () => {
        const body = calling("send_message", stream);
        expect(await refusalOf(await operator.ask("default-optimizer", body))).toEqual([
          409,
          "tool_call_confirmation_required",
        ]);
        const confirmed = await operator.ask("default-optimizer", body, { confirmed: true });
        expect([confirmed.status, (await confirmed.text()).includes("send_message")]).toEqual([200, true]);
      });

      test(`${how}: with untrusted content it is refused even when confirmed`, async () => {
        const body = {
          ...calling("send_message", stream),
          metadata: { astrolabe: { untrusted_content: true } },
        };
        const response = await operator.ask("default-optimizer", body, { confirmed: true });
        expect(await refusalOf(response)).toEqual([409, "tool_call_blocked"]);
      });
    }
  });

  describe("holdStream", () => {
    test("verifies a stream before its first byte, and can still fall back", async () => {
      await operator.publish("holding", { verification: { holdStream: true } });
      const broken = { input: "[sandbox:empty@first] Say something.", stream: true };
      const response = await operator.ask("holding", broken);
      expect(response.headers.get("content-type")).toStartWith("text/event-stream");
      expect(response.headers.get("x-astrolabe-verification-status")).toBe("escalated");
      expect(await response.text()).toContain("response.completed");
      expect((await gateway.traceOf(response))["attempts"]).toMatchObject([
        { outcome: "rejected_by_verification" },
        { outcome: "answered" },
      ]);
      const unheld = await operator.ask("default-optimizer", { input: "Say something.", stream: true });
      expect(unheld.headers.get("x-astrolabe-verification-status")).toBe("streaming_not_verified");
      await unheld.text();
    });
  });

  describe("addresses in the input", () => {
    const withImages = (...urls: string[]): JsonObject => ({
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "What is this?" },
            ...urls.map((url) => ({ type: "input_image", image_url: url })),
          ],
        },
      ],
    });

    test("are at most as many as the stack allows", async () => {
      await operator.publish("two-urls", { boundaries: { maxUrlParts: 2 } });
      const urls = [1, 2, 3].map((number) => `https://example.com/${number}.png`);
      expect((await operator.ask("two-urls", withImages(...urls.slice(0, 2)))).status).toBe(200);
      expect(await refusalOf(await operator.ask("two-urls", withImages(...urls)))).toEqual([400, "invalid_request"]);
    });

    test("never point into a private network, however they are spelled", async () => {
      const places = [
        "http://127.0.0.1/x.png",
        "http://2130706433/x.png",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x.png",
        "http://localhost/x.png",
        "https://user:pass@example.com/x.png",
        "file:///etc/passwd",
      ];
      for (const place of places) {
        const response = await operator.ask("default-optimizer", withImages(place));
        const error = await errorOf(response);
        expect([place, response.status, error["code"]]).toEqual([place, 400, "invalid_request"]);
        expect(stringAt(error, "message")).not.toContain(place);
      }
    });

    test("stay within the stack's list", async () => {
      await operator.publish("own-images", { boundaries: { imageUrlAllowlist: ["images.example.com"] } });
      const at = (host: string) => operator.ask("own-images", withImages(`https://${host}/x.png`));
      expect((await at("images.example.com")).status).toBe(200);
      expect(await refusalOf(await at("example.com"))).toEqual([400, "invalid_request"]);
    });
  });

  describe("a key's own models", () => {
    test("bound every plan of that key, by name and by lane", async () => {
      const { secret: key } = await operator.key({ allowed_models: ["openai/*"] });
      const byLane = await operator.ask("default-optimizer", { model: "astrolabe/coding" }, { key });
      expect([byLane.status, byLane.headers.get("x-astrolabe-model")?.split("/")[0]]).toEqual([200, "openai"]);
      for (const candidate of arrayAt(objectAt(await gateway.traceOf(byLane), "plan") ?? {}, "candidates") ?? []) {
        expect(JSON.stringify(candidate)).toContain('"model":"openai/');
      }
      const refused = await operator.ask("default-optimizer", { model: "anthropic/claude-sonnet-4.6" }, { key });
      const error = await errorOf(refused);
      expect([refused.status, error["code"]]).toEqual([409, "routing_policy_blocked"]);
      expect(JSON.stringify(objectAt(error, "details"))).toContain("model_not_allowed");
    });
  });

  test("no request of this file made the server report a fault", () => {
    expect([gateway.faults, upstreamGateway.faults]).toEqual([[], []]);
  });
});
