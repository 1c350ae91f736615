// Rehearsals against the real thing: a dry run foretells what the same request then does, and planning past requests
// under the policy they had changes nothing.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, numberAt, objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { managedStacks } from "../server/stacks/managed.ts";
import { forEachEngine } from "./support/engines.ts";
import { asObject, billingOf, type TestGateway } from "./support/gateway.ts";
import { startOperatedGateway, type OperatedGateway } from "./support/operator.ts";

const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };
const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Requests of every shape that routing tells apart. */
const bodies: {
  readonly [what: string]: { readonly path: string; readonly protocol: string; readonly body: JsonObject };
} = {
  "a question": responses({ input: "What is the capital of Peru?" }),
  "a pinned model": responses({ model: "anthropic/claude-sonnet-4.6", input: "Say hello." }),
  "work on code": responses({
    input: "Fix the failing unit test in this function and refactor it: function add(a, b) { return a - b; }",
  }),
  "a schema": responses({ input: "Name a number.", text: { format: { type: "json_schema", name: "n", schema } } }),
  "an image": responses({
    input: [
      {
        role: "user",
        content: [
          { type: "input_text", text: "What is this?" },
          { type: "input_image", image_url: pixel },
        ],
      },
    ],
  }),
  "a matter with consequences": responses({ input: "Transfer 500 USD to the supplier." }),
  "long research": responses({
    model: "astrolabe/research",
    input: `Compare these sources in depth: ${"a long report about tides. ".repeat(400)}`,
  }),
  overrides: responses({
    input: "Draft a tagline.",
    metadata: { astrolabe: { quality: "high", cost_mode: "premium", fallback: false } },
  }),
  tools: chat({
    messages: [{ role: "user", content: "Look up the weather in Lima." }],
    tools: [{ type: "function", function: { name: "get_weather", parameters: { type: "object", properties: {} } } }],
  }),
  "a conversation with a limit": chat({
    max_completion_tokens: 400,
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello." },
      { role: "assistant", content: "Hello." },
      { role: "user", content: "Summarise what we said." },
    ],
  }),
  "an unknown model": responses({ model: "nobody/nothing", input: "Hello." }),
  "a broken override": responses({ input: "Hello.", metadata: { astrolabe: { quality: "best" } } }),
  "an embedding": {
    path: "/v1/embeddings",
    protocol: "embeddings",
    body: { model: "astrolabe/auto", input: ["one", "two"] },
  },
};

function responses(body: JsonObject) {
  return { path: "/v1/responses", protocol: "responses", body: { model: "astrolabe/auto", ...body } };
}

function chat(body: JsonObject) {
  return { path: "/v1/chat/completions", protocol: "chat-completions", body: { model: "astrolabe/auto", ...body } };
}

/** A plan as both a trace and a dry run show it. */
function planOf(plan: JsonObject | undefined) {
  if (!plan) return undefined;
  const rows = (field: string) => (arrayAt(plan, field) ?? []).filter(isObject);
  return {
    decision: plan["decision"],
    reason: plan["reason"],
    lane: plan["lane"],
    candidates: rows("candidates").map((candidate) => [
      candidate["model"],
      candidate["provider"],
      candidate["expected_cost_usd"],
      candidate["worst_cost_usd"],
      candidate["expected_first_byte_ms"],
      candidate["quality"],
      candidate["reasons"],
    ]),
    spare: rows("spare").map((candidate) => [candidate["model"], candidate["provider"]]),
    rejected: rows("rejected")
      .map((one) => `${stringAt(one, "model")} ${stringAt(one, "provider")} ${codesOf(one).join(" ")}`)
      .sort(),
  };
}

function codesOf(rejection: JsonObject): string[] {
  return (arrayAt(rejection, "reasons") ?? []).map((reason) =>
    isObject(reason) ? (stringAt(reason, "code") ?? "") : String(reason),
  );
}

async function foretell(gateway: OperatedGateway, fields: JsonObject): Promise<JsonObject> {
  const { status, body } = await gateway.operator.send("POST", "/stacks/dry-run", fields);
  expect([status, objectAt(body, "error")]).toEqual([200, undefined]);
  return body;
}

async function spentAndCounted(gateway: TestGateway, { operator }: OperatedGateway) {
  const usage = await operator.send("GET", "/usage?limit=1");
  return { credits: await gateway.credits(), last: (arrayAt(usage.body, "data") ?? [])[0] };
}

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  beforeAll(async () => {
    gateway = await startOperatedGateway({ ...(await engine.environment()), ASTROLABE_INIT_CREDITS_USD: "1000" });
  });
  afterAll(() => gateway.close());

  for (const { slug } of managedStacks) {
    test(`a dry run under ${slug} foretells what the request then does`, async () => {
      for (const [what, { path, protocol, body }] of Object.entries(bodies)) {
        const metadata = objectAt(body, "metadata") ?? {};
        const request: JsonObject = {
          ...body,
          metadata: { ...metadata, astrolabe: { ...objectAt(metadata, "astrolabe"), stack: slug } },
        };
        if (protocol === "embeddings") delete request["metadata"];
        const tried = protocol === "embeddings" ? { stack: slug } : {};
        const dry = await foretell(gateway, { request: JSON.stringify(request), protocol, ...tried });
        if (protocol === "embeddings") await gateway.operator.send("PATCH", "", { stack: slug });
        const response = await gateway.post(path, JSON.stringify(request));
        const trace = await gateway.traceOf(response);
        const code = stringAt(objectAt(dry, "refusal") ?? {}, "code");
        expect([what, code]).toEqual([what, stringAt(trace, "error_code")]);
        expect([what, planOf(objectAt(dry, "plan"))]).toEqual([what, planOf(objectAt(trace, "plan"))]);
        const { expected_output_tokens: expected, ...found } = objectAt(dry, "classification") ?? {};
        expect([what, found]).toEqual([what, objectAt(trace, "classification") ?? {}]);
        if (code !== undefined) continue;
        expect(numberAt({ expected }, "expected")).toBeGreaterThanOrEqual(0);
        const hold = objectAt(dry, "hold") ?? {};
        const { hold_usd, ceiling_usd } = billingOf(trace);
        expect([what, hold["amount_usd"], hold["ceiling_usd"]]).toEqual([what, hold_usd, ceiling_usd]);
        expect(objectAt(dry, "verification")?.["mode"]).toBe(objectAt(trace, "plan")?.["verification_mode"] ?? "");
      }
      await gateway.operator.send("PATCH", "", { stack: null });
    });
  }

  describe("a dry run", () => {
    test("spends nothing, counts nothing and leaves no trace", async () => {
      const before = await spentAndCounted(gateway, gateway);
      await foretell(gateway, { request: { input: "Hello." }, protocol: "responses" });
      expect(await spentAndCounted(gateway, gateway)).toEqual(before);
    });

    test("tries a policy that is not saved, an old version, a draft and overrides", async () => {
      const ask = (fields: JsonObject) =>
        foretell(gateway, { request: { input: "What is the capital of Peru?" }, protocol: "responses", ...fields });
      const models = (dry: JsonObject) => (planOf(objectAt(dry, "plan"))?.candidates ?? []).map(([model]) => model);
      const only = (id: string) => ({ boundaries: { allowedModels: [id] } });
      await gateway.operator.publish("tried", only("openai/gpt-5.4"));
      await gateway.operator.publish("tried", only("anthropic/claude-sonnet-4.6"));
      await gateway.operator.send("PATCH", "/stacks/tried", { policy: only("minimax/minimax-m2.7") });
      expect(models(await ask({ stack: "tried", version: 1 }))).toEqual(["openai/gpt-5.4"]);
      expect(models(await ask({ stack: "tried" }))).toEqual(["anthropic/claude-sonnet-4.6"]);
      expect(models(await ask({ stack: "tried", version: "draft" }))).toEqual(["minimax/minimax-m2.7"]);
      const unsaved = await ask({ policy: only("openai/gpt-5.5") });
      expect(models(unsaved)).toEqual(["openai/gpt-5.5"]);
      expect(unsaved["stack"]).toMatchObject({ slug: "unsaved", version: null, source: "tried" });
      const overridden = await ask({ stack: "low-cost", overrides: { quality: "critical", fallback: false } });
      expect(overridden["overrides"]).toEqual({ quality: "critical", fallback: false });
      expect(models(overridden)).toHaveLength(1);
    });

    test("says in words why each model was rejected, and which policy has problems", async () => {
      const request = { model: "astrolabe/auto", input: "Hello." };
      const policy = { boundaries: { blockedModels: ["*"] } };
      const dry = await foretell(gateway, { request, protocol: "responses", policy });
      expect(dry).toMatchObject({
        outcome: "refused",
        refusal: { code: "routing_policy_blocked", status: 409, hint: expect.any(String) },
        hold: null,
      });
      const rejected = (arrayAt(objectAt(dry, "plan") ?? {}, "rejected") ?? []).filter(isObject);
      expect(rejected.length).toBeGreaterThan(3);
      expect(rejected[0]?.["reasons"]).toEqual([{ code: "model_blocked", words: "The stack blocks the model" }]);
      const bad = { request, protocol: "responses", policy: { objective: { qualityTarget: "best" } } };
      const { status, body } = await gateway.operator.send("POST", "/stacks/dry-run", bad);
      expect([status, objectAt(body, "error")?.["param"]]).toEqual([400, "policy.objective.qualityTarget"]);
    });

    test("shows budgets as they stand, and the refusal of the one in the way", async () => {
      await gateway.operator.publish("thrifty", { budget: { dailyUsd: "0.000001", monthlyUsd: "5" } });
      const dry = await foretell(gateway, { request: { input: "Hello." }, protocol: "responses", stack: "thrifty" });
      expect(objectAt(dry, "refusal")).toMatchObject({ code: "budget_exceeded", details: { owner: "stack" } });
      expect(dry["budgets"]).toMatchObject([
        { owner: "stack", period: "daily", limit_usd: "0.000001000000", spent_usd: "0.000000000000", fits: false },
        { owner: "stack", period: "monthly", limit_usd: "5.000000000000", fits: true },
      ]);
      expect((planOf(objectAt(dry, "plan"))?.candidates ?? []).length).toBeGreaterThan(0);
    });

    test("runs as a key: its stack, its models, its state", async () => {
      const { id } = await gateway.operator.key({ stack: "fast", allowed_models: ["openai/*"] });
      const fields = { request: { input: "Hello." }, protocol: "responses", key: id };
      const dry = await foretell(gateway, fields);
      expect(dry["stack"]).toMatchObject({ slug: "fast", source: "key" });
      for (const [model] of planOf(objectAt(dry, "plan"))?.candidates ?? []) expect(model).toStartWith("openai/");
      await gateway.operator.send("POST", `/keys/${id}/revoke`);
      expect(objectAt(await foretell(gateway, fields), "refusal")).toMatchObject({ code: "unauthorized", status: 401 });
      const test = await foretell(gateway, { request: { input: "Hello." }, protocol: "responses", mode: "test" });
      expect([test["outcome"], test["hold"], test["budgets"]]).toEqual(["accepted", null, []]);
    });
  });

  describe("what-if", () => {
    const whatIf = async (fields: JsonObject) => {
      const { status, body } = await gateway.operator.send("POST", "/stacks/what-if", fields);
      expect([status, objectAt(body, "error")]).toEqual([200, undefined]);
      return { items: (arrayAt(body, "items") ?? []).filter(isObject), totals: objectAt(body, "totals") ?? {}, body };
    };

    test("under the policy that requests had changes nothing, whatever the stack and the request", async () => {
      for (const { slug } of managedStacks) {
        const { totals, items } = await whatIf({ stack: slug, scope: { stack: slug }, limit: 1000 });
        expect([slug, totals]).toMatchObject([
          slug,
          { changed: 0, newly_refused: 0, newly_accepted: 0, drifted: 0, unpriced: 0, saved_usd: "0.000000000000" },
        ]);
        expect(items.length).toBeGreaterThan(8);
        expect(totals["cost_after_usd"]).toBe(totals["cost_before_usd"]);
      }
    });

    test("reprices the recorded usage at the model that another policy would have chosen", async () => {
      await gateway.operator.publish("before", { boundaries: { allowedModels: ["openai/gpt-5.4"] } });
      const response = await gateway.operator.ask("before", { input: "What is the capital of Peru?" });
      const trace = await gateway.traceOf(response);
      const policy = { boundaries: { allowedModels: ["anthropic/claude-sonnet-4.6"] } };
      const { items, totals, body } = await whatIf({ policy, scope: { stack: "before" } });
      const after = objectAt(items[0] ?? {}, "after") ?? {};
      expect(items[0]).toMatchObject({
        changed: true,
        drifted: false,
        before: { model: "openai/gpt-5.4", cost_usd: billingOf(trace)["debit_usd"] },
        after: { model: "anthropic/claude-sonnet-4.6", cost_basis: "repriced", refusal: null },
      });
      const attempt = asObject((arrayAt(trace, "attempts") ?? [])[0]);
      const usage = objectAt(attempt, "usage") ?? {};
      const cost = (numberAt(usage, "input_tokens") ?? 0) * 3 + (numberAt(usage, "output_tokens") ?? 0) * 15;
      expect(Number(after["cost_usd"])).toBeCloseTo(cost / 1e6, 12);
      expect(totals).toMatchObject({ replayed: 1, changed: 1, cost_after_usd: after["cost_usd"] });
      expect(body["models"]).toMatchObject([
        { model: "anthropic/claude-sonnet-4.6", before: 0, after: 1 },
        { model: "openai/gpt-5.4", before: 1, after: 0 },
      ]);
    });

    test("says which requests another policy would refuse, and which it would let through", async () => {
      const blocked = await whatIf({ policy: { boundaries: { blockedModels: ["*"] } }, scope: { stack: "before" } });
      expect(blocked.totals).toMatchObject({ newly_refused: 1, changed: 1, cost_after_usd: "0.000000000000" });
      expect(blocked.items[0]).toMatchObject({ after: { refusal: "routing_policy_blocked", cost_basis: "nothing" } });
      await gateway.operator.publish("closed", { boundaries: { blockedModels: ["*"] } });
      await gateway.traceOf(await gateway.operator.ask("closed"));
      const opened = await whatIf({ policy: {}, scope: { stack: "closed" } });
      expect(opened.totals).toMatchObject({ newly_accepted: 1, changed: 1 });
      expect(opened.items[0]).toMatchObject({
        before: { refusal: "routing_policy_blocked" },
        after: { cost_basis: "estimated" },
      });
    });

    test("looks at one key, at a time, and at no more than asked for", async () => {
      const { id, secret } = await gateway.operator.key();
      for (let count = 0; count < 3; count++)
        await gateway.traceOf(await gateway.operator.ask("fast", {}, { key: secret }));
      const found = async (scope: JsonObject, limit = 10) =>
        (await whatIf({ stack: "fast", scope, limit })).totals["found"];
      expect(await found({ key: id })).toBe(3);
      expect(await found({ key: id }, 2)).toBe(2);
      expect(await found({ key: id, until: new Date(Date.now() - 3_600_000).toISOString() })).toBe(0);
      expect(await found({ key: id, since: new Date(Date.now() - 3_600_000).toISOString() })).toBe(3);
      expect(await found({ key: id, stack: "low-cost" })).toBe(0);
    });

    test("passes over requests that left no trace, and says so", async () => {
      await gateway.operator.publish("untraced", { observability: { traces: false } });
      await (await gateway.operator.ask("untraced")).json();
      await gateway.traceOf(await gateway.operator.ask("fast"));
      expect((await whatIf({ stack: "fast", scope: { stack: "untraced" } })).totals).toMatchObject({
        found: 1,
        skipped: 1,
      });
    });
  });
});
