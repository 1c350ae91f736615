// What a stack's settings do, seen from outside: the nine managed stacks, the seven overrides, observability, memory.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, numberAt, objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { managedStacks } from "../server/stacks/managed.ts";
import { asObject, billingOf } from "./support/gateway.ts";
import { guaranteedHeaders } from "./support/guaranteed-headers.ts";
import { refusalOf, startOperatedGateway, type OperatedGateway } from "./support/operator.ts";

let gateway: OperatedGateway;
beforeAll(async () => {
  gateway = await startOperatedGateway({ ASTROLABE_INIT_CREDITS_USD: "1000" });
});
afterAll(() => gateway.close());

/** A plan as its trace shows it, with the parts that tests compare. */
type Seen = {
  readonly response: Response;
  readonly trace: JsonObject;
  readonly plan: JsonObject;
  readonly models: string[];
  readonly candidates: JsonObject[];
  /** Rejection reasons by model. */
  readonly rejected: { readonly [model: string]: string };
};

async function seen(stack: string, body: JsonObject = {}, confirmed = false): Promise<Seen> {
  const response = await gateway.operator.ask(stack, body, { confirmed });
  expect([stack, response.status]).toEqual([stack, 200]);
  const trace = await gateway.traceOf(response);
  const plan = objectAt(trace, "plan") ?? {};
  const candidates = (arrayAt(plan, "candidates") ?? []).filter(isObject);
  const rejected = (arrayAt(plan, "rejected") ?? []).filter(isObject);
  return {
    response,
    trace,
    plan,
    models: candidates.map((candidate) => stringAt(candidate, "model") ?? ""),
    candidates,
    rejected: Object.fromEntries(
      rejected.map((each) => [stringAt(each, "model") ?? "", (arrayAt(each, "reasons") ?? []).join(" ")]),
    ),
  };
}

const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };
const wantsSchema = { text: { format: { type: "json_schema", name: "n", schema } } };
const status = "x-astrolabe-verification-status";

describe("the managed stack", () => {
  const effects: { readonly [slug: string]: () => Promise<void> } = {
    "default-optimizer": async () => {
      const { response, plan, candidates } = await seen("default-optimizer");
      expect(plan).toMatchObject({ quality_target: "standard", cost_mode: "balanced", decision: "sandbox" });
      expect(response.headers.get(status)).toBe("passed");
      expect(candidates).toHaveLength(3);
    },
    "low-cost": async () => {
      const { plan, candidates, trace } = await seen("low-cost");
      expect(plan).toMatchObject({ quality_target: "draft", cost_mode: "lowest_passable" });
      const costs = candidates.map((candidate) => Number(candidate["expected_cost_usd"]));
      expect(costs).toEqual(costs.toSorted((left, right) => left - right));
      for (const candidate of candidates) expect(Number(candidate["worst_cost_usd"])).toBeLessThanOrEqual(0.05);
      expect(objectAt(trace, "verification")?.["checks"]).toEqual([{ name: "not_empty", passed: true }]);
    },
    "high-quality": async () => {
      const question = { input: "Summarise the differences between two novels about navigation for our board." };
      const { candidates, plan } = await seen("high-quality", question);
      expect(plan).toMatchObject({ verification_mode: "strict", cost_mode: "premium" });
      const qualities = candidates.map((candidate) => numberAt(candidate, "quality") ?? 0);
      expect(qualities).toHaveLength(4);
      expect(qualities).toEqual(qualities.toSorted((left, right) => right - left));
      const usual = await seen("default-optimizer", question);
      expect(qualities[0]).toBeGreaterThan(numberAt(usual.candidates[0] ?? {}, "quality") ?? 100);
    },
    fast: async () => {
      const { response, candidates } = await seen("fast", { model: "astrolabe/coding" });
      expect(response.headers.get(status)).toBe("not_run");
      expect(candidates.length).toBeGreaterThan(1);
      for (const candidate of candidates) {
        expect(numberAt(candidate, "expected_first_byte_ms")).toBeLessThanOrEqual(1_500);
      }
    },
    "strict-json": async () => {
      const broken = { input: "[sandbox:bad_schema@first] Name a number.", ...wantsSchema };
      const { response, trace, rejected } = await seen("strict-json", broken);
      expect([response.headers.get("x-astrolabe-lane"), response.headers.get(status)]).toEqual([
        "strict-json",
        "recovered",
      ]);
      expect(trace["attempts"]).toMatchObject([{ outcome: "rejected_by_verification" }, { outcome: "answered" }]);
      expect(rejected["minimax/minimax-m2.7"]).toContain("missing_capability:structured_outputs");
    },
    "customer-data": async () => {
      const { trace } = await seen("customer-data", { input: "Ms Quill of Riga wrote to us again." });
      expect(trace["fingerprint"]).toMatch(/^[0-9a-f]{64}$/);
      expect(JSON.stringify(trace)).not.toMatch(/quill|riga/i);
    },
    "high-stakes": async () => {
      const payment = { input: "Transfer 500 USD to the supplier." };
      const unconfirmed = await gateway.operator.ask("high-stakes", payment);
      expect(await refusalOf(unconfirmed)).toEqual([409, "high_stakes_confirmation_required"]);
      const { response, models, plan } = await seen("high-stakes", payment, true);
      expect(response.headers.get("x-astrolabe-lane")).toBe("safe");
      expect(plan["verification_mode"]).toBe("strong");
      expect(models).toHaveLength(2);
      for (const model of models) expect(model).toMatch(/^(anthropic|openai)\//);
    },
    "code-agent": async () => {
      const { response, plan, rejected } = await seen("code-agent", { input: "Fix the bug in this function." });
      expect([response.headers.get("x-astrolabe-lane"), plan["fallback_mode"]]).toEqual(["coding", "same_model"]);
      expect(Object.values(rejected).join(" ")).not.toContain("missing_capability:tools");
    },
    research: async () => {
      const { response, models, plan, rejected } = await seen("research");
      expect([response.headers.get("x-astrolabe-lane"), plan["verification_mode"]]).toEqual(["research", "light"]);
      expect(rejected["google/gemma-4-31b-it"]).toContain("below_quality");
      expect(models).not.toContain("google/gemma-4-31b-it");
    },
  };
  for (const { slug } of managedStacks) {
    test(`${slug} answers and shows what it sets`, async () => {
      expect(Object.keys(effects)).toContain(slug);
      await effects[slug]?.();
    });
  }
});

describe("the override", () => {
  const overridden = (fields: JsonObject, more: JsonObject = {}) =>
    seen("default-optimizer", { model: "astrolabe/coding", ...more, metadata: { astrolabe: fields } });

  test("stack takes another policy", async () => {
    const { response, plan } = await overridden({ stack: "research" });
    expect(response.headers.get("x-astrolabe-stack-name")).toBe("research");
    expect(plan["quality_target"]).toBe("high");
  });

  test("quality moves the bar: weaker models are rejected for it", async () => {
    const draft = await overridden({ quality: "draft" });
    const high = await overridden({ quality: "high" });
    const rejectedFor = ({ rejected }: Seen) => Object.values(rejected).filter((why) => why === "below_quality").length;
    expect(rejectedFor(high)).toBeGreaterThan(rejectedFor(draft));
    expect(high.plan["quality_target"]).toBe("high");
    expect(high.models[0]).not.toBe(draft.models[0] ?? "");
  });

  test("cost_mode orders the candidates by price, by quality, by speed or as listed", async () => {
    const by = async (costMode: string, field: string) =>
      (await overridden({ cost_mode: costMode })).candidates.map((candidate) => Number(candidate[field]));
    const costs = await by("lowest_passable", "expected_cost_usd");
    expect(costs).toEqual(costs.toSorted((left, right) => left - right));
    const qualities = await by("premium", "quality");
    expect(qualities).toEqual(qualities.toSorted((left, right) => right - left));
    expect((await overridden({ cost_mode: "fixed" })).models[0]).toBe("deepseek/deepseek-v4-pro");
    const modes = ["lowest_passable", "premium", "fastest_passable"];
    const first = await Promise.all(modes.map(async (mode) => (await overridden({ cost_mode: mode })).models[0]));
    expect(new Set(first).size).toBe(3);
  });

  test("latency_slo_ms rejects what is slower", async () => {
    const { rejected, candidates } = await overridden({ latency_slo_ms: 1_000, quality: "draft" });
    expect(Object.values(rejected)).toContain("latency_slo");
    for (const candidate of candidates) expect(Number(candidate["expected_first_byte_ms"])).toBeLessThanOrEqual(1_000);
  });

  test("verification changes what is checked", async () => {
    const off = await overridden({ verification: "off" });
    expect([off.response.headers.get(status), off.plan["verification_mode"]]).toEqual(["not_run", "off"]);
    const strong = await overridden({ verification: "strong" });
    const checks = arrayAt(objectAt(strong.trace, "verification") ?? {}, "checks") ?? [];
    expect(checks.length).toBeGreaterThan(3);
  });

  test("fallback false plans one candidate, and asks it once", async () => {
    const { models, plan } = await overridden({ fallback: false });
    expect([models.length, plan["fallback_mode"]]).toEqual([1, "off"]);
    const failing = await gateway.operator.ask("default-optimizer", {
      input: "[sandbox:error@first] Hello there.",
      metadata: { astrolabe: { fallback: false } },
    });
    expect(await refusalOf(failing)).toEqual([502, "upstream_error"]);
    expect((await gateway.traceOf(failing))["attempts"]).toHaveLength(1);
  });

  test("explain shows every candidate in the answer", async () => {
    const { response, models, rejected } = await overridden({ explain: true });
    const inline = objectAt(objectAt(asObject(await response.json()), "metadata") ?? {}, "astrolabe") ?? {};
    expect((arrayAt(inline, "candidates") ?? []).map((each) => isObject(each) && each["model"])).toEqual(models);
    expect(arrayAt(inline, "rejected")).toHaveLength(Object.keys(rejected).length);
  });
});

describe("observability switched off", () => {
  test("keeps the ten guaranteed headers and the billing record, and nothing else", async () => {
    const observability = { responseHeaders: false, inlineMetadata: false, traces: false };
    await gateway.operator.publish("quiet", { observability });
    for (const stream of [false, true]) {
      const response = await gateway.operator.ask("quiet", { stream });
      const names = [...response.headers.keys()].filter((name) => /^x-(astrolabe|ratelimit)/.test(name));
      expect(names.toSorted()).toEqual([...guaranteedHeaders].toSorted());
      expect(await response.text()).not.toContain("policy_status");
      const trace = await gateway.traceOf(response);
      expect([trace["plan"], trace["classification"], trace["prompt"]]).toEqual([undefined, undefined, undefined]);
      expect(billingOf(trace)).toMatchObject({ status: "billed" });
      expect(arrayAt(billingOf(trace), "lines")?.length).toBeGreaterThan(0);
    }
  });
});

describe("memory", () => {
  const question = { input: "Where did Ms Quill of Riga put the astrolabe?" };

  test("keeps neither prompt nor answer unless the stack says so", async () => {
    const { trace } = await seen("default-optimizer", question);
    expect([trace["prompt"], trace["output"], trace["fingerprint"]]).toEqual([undefined, undefined, undefined]);
  });

  test("keeps both when it says so, streamed answers included", async () => {
    await gateway.operator.publish("keeping", { memory: { storePrompts: true, storeOutputs: true } });
    for (const stream of [false, true]) {
      const response = await gateway.operator.ask("keeping", { ...question, stream });
      await response.text();
      const trace = await gateway.traceOf(response);
      expect(objectAt(trace, "prompt")?.["input"]).toBe(question.input);
      expect(JSON.stringify(objectAt(trace, "output")?.["output"])).toContain("output_text");
    }
  });

  test("a stack that keeps nothing keeps neither, whatever its memory says", async () => {
    await gateway.operator.publish("forgetting", {
      boundaries: { retentionPolicy: "none" },
      memory: { storePrompts: true, storeOutputs: true },
    });
    const { trace } = await seen("forgetting", question);
    expect([trace["prompt"], trace["output"]]).toEqual([undefined, undefined]);
  });

  test("fingerprintOnly keeps a mark alone, the same for the same text in other case and spacing", async () => {
    await gateway.operator.publish("hashing", { memory: { fingerprintOnly: true } });
    const { trace } = await seen("hashing", question);
    expect([trace["prompt"], trace["output"]]).toEqual([undefined, undefined]);
    const shouted = await seen("hashing", { input: `  ${question.input.toUpperCase()} ` });
    const other = await seen("hashing", { input: "Where did Ms Quill of Riga put the sextant?" });
    expect(shouted.trace["fingerprint"]).toBe(trace["fingerprint"] ?? "");
    expect(other.trace["fingerprint"]).not.toBe(trace["fingerprint"] ?? "");
  });
});

test("no request of this file made the server report a fault", () => {
  expect(gateway.faults).toEqual([]);
});
