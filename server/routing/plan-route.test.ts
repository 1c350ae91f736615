import { describe, expect, test } from "bun:test";
import type { HealthSnapshot, Plan, RejectionReason } from "./plan.ts";
import { planRoute } from "./plan-route.ts";
import { planInput, unmeasured, upstream, type PlanFacts } from "./planning.test-kit.ts";

const plan = (facts: PlanFacts) => planRoute(planInput(facts));
const models = (found: Plan) => found.candidates.map(({ model }) => model.id);
const work = "Investigate why onboarding takes so long and plan the next steps";

function reasonsFor(found: Plan, model: string): readonly RejectionReason[] {
  return found.rejected.filter((rejection) => rejection.model === model).flatMap(({ reasons }) => reasons);
}

describe("gates give their reasons", () => {
  test("model lists match ids, aliases and prefixes", () => {
    const found = plan({
      text: work,
      policy: { boundaries: { allowedModels: ["deepseek/*", "m27"], blockedModels: ["deepseek/deepseek-v4-pro"] } },
    });
    expect(models(found)).toEqual(["minimax/minimax-m2.7"]);
    expect(reasonsFor(found, "deepseek/deepseek-v4-pro")).toEqual(["model_blocked"]);
    expect(reasonsFor(found, "x-ai/grok-4.3")).toEqual(["model_not_allowed"]);
  });

  test("provider lists reject a route, not its model", () => {
    const upstreams = [upstream("openrouter"), upstream("anthropic")];
    const found = plan({ model: "sonnet", upstreams, policy: { boundaries: { blockedProviders: ["open*"] } } });
    expect(found.candidates[0]).toMatchObject({ provider: "anthropic", upstreamModel: "claude-sonnet-4-6" });
    expect(reasonsFor(found, "anthropic/claude-sonnet-4.6")).toEqual(["provider_blocked"]);
  });

  test("a stricter data policy is met by promise or per request", () => {
    const policy = { boundaries: { dataPolicy: "zero_retention" } } as const;
    const upstreams = [upstream("openrouter"), upstream("anthropic", { dataPolicy: "no_training" })];
    const found = plan({ model: "sonnet", upstreams, policy });
    expect(found.candidates[0]?.provider).toBe("openrouter");
    expect(reasonsFor(found, "anthropic/claude-sonnet-4.6")).toEqual(["data_policy"]);
  });

  test("an unstated region fails any region boundary, and a storing upstream fails retention none", () => {
    const upstreams = [upstream("openrouter", { storesResponses: true })];
    const found = plan({
      model: "m27",
      upstreams,
      policy: { boundaries: { regions: ["eu"], retentionPolicy: "none" } },
    });
    expect(found.candidates).toEqual([]);
    expect(reasonsFor(found, "minimax/minimax-m2.7")).toEqual(["retention_policy", "region"]);
  });

  test("what a model cannot do: images, schemas, tools it does not have", () => {
    expect(
      reasonsFor(plan({ model: "m27", features: { attachments: [{ kind: "image" }] } }), "minimax/minimax-m2.7"),
    ).toEqual(["modality_unsupported"]);
    expect(reasonsFor(plan({ model: "m27", features: { format: "json_schema" } }), "minimax/minimax-m2.7")).toEqual([
      "missing_capability:structured_outputs",
    ]);
    const embedding = plan({ model: "m27", features: { embeddingInputs: 1 } });
    expect(reasonsFor(embedding, "minimax/minimax-m2.7")).toEqual(["missing_capability:embeddings"]);
  });

  test("a prompt that leaves no room for the expected answer is too large", () => {
    const found = plan({ text: work, features: { textBytes: 900_000 } });
    expect(reasonsFor(found, "minimax/minimax-m2.7")).toContain("context_too_small");
    expect(found.candidates.every(({ model }) => model.contextTokens > 300_000)).toBe(true);
    expect(found.candidates.length).toBeGreaterThan(0);
  });

  test("nobody serves it: no credentials", () => {
    const found = plan({ model: "m27", upstreams: [upstream("openai")] });
    expect(found.candidates).toEqual([]);
    expect(found.rejected).toEqual([
      { model: "minimax/minimax-m2.7", provider: undefined, reasons: ["no_credentials"] },
    ]);
  });

  test("an open circuit rejects the route; a pinned model's own fallbacks stand in", () => {
    const health: HealthSnapshot = (provider, id) => ({
      ...unmeasured(provider, id),
      available: id !== "openai/gpt-5.4",
    });
    const found = plan({ model: "gpt54", health });
    expect(models(found)).toEqual(["openai/gpt-5.5", "anthropic/claude-sonnet-4.6"]);
    expect(reasonsFor(found, "openai/gpt-5.4")).toEqual(["route_unhealthy"]);
  });

  test("a refused pinned model is blocked, not replaced", () => {
    expect(plan({ model: "gpt54", keyAllowedModels: ["anthropic/*"] }).candidates).toEqual([]);
    expect(plan({ model: "gpt54", policy: { boundaries: { blockedModels: ["gpt54"] } } }).candidates).toEqual([]);
  });

  test("preview models need the stack's consent to be routed to, and none to be asked for by name", () => {
    const preview = "google/gemini-3.1-pro-preview";
    const closed = plan({ model: "astrolabe/research", text: work });
    expect(reasonsFor(closed, preview)).toEqual(["preview_not_allowed"]);
    const open = plan({
      model: "astrolabe/research",
      text: work,
      policy: { boundaries: { allowPreview: true }, objective: { costMode: "premium" }, fallback: { maxAttempts: 8 } },
    });
    expect(models(open)).toContain(preview);
    expect(models(plan({ model: preview }))[0]).toBe(preview);
  });

  test("weak tiers serve neither high stakes nor untrusted content with tools", () => {
    const stakes = plan({ model: "astrolabe/coding", text: "Delete the customer database in production" });
    expect(reasonsFor(stakes, "deepseek/deepseek-v4-flash")).toContain("below_quality");
    const untrusted = plan({
      model: "astrolabe/cheap",
      text: "hello",
      untrustedContent: true,
      features: { toolNames: ["send_email"] },
    });
    expect(untrusted.candidates.map(({ model }) => model.tier)).not.toContain("VALUE");
    expect(untrusted.candidates.length).toBeGreaterThan(0);
  });
});

describe("size and money", () => {
  test("the bounds of a candidate hold: bytes in, limit out, dearest input price", () => {
    const found = plan({ model: "sonnet", maxOutputTokens: 1_000, features: { textBytes: 4_000 } });
    const first = found.candidates[0];
    expect(first).toMatchObject({ inputTokenBound: 4_016, expectedInputTokens: 1_000, outputTokenLimit: 1_000 });
    expect<bigint | undefined>(first?.worstCost).toBe(4_016n * 3_750_000n + 1_000n * 15_000_000n);
    expect<bigint | undefined>(first?.expectedCost).toBe(1_000n * 3_000_000n + 500n * 15_000_000n);
  });

  test("without a caller's limit the default applies, within model and context", () => {
    expect(plan({ model: "sonnet" }).candidates[0]?.outputTokenLimit).toBe(16_384);
    const tight = plan({ model: "glm5", features: { textBytes: 210_000 } }).candidates[0];
    expect(tight?.outputTokenLimit).toBe(80_000 - 70_000 - 16);
    expect(plan({ model: "grok", maxOutputTokens: 90_000 }).candidates[0]?.outputTokenLimit).toBe(30_000);
  });

  test("a budget shrinks the default limit but not the caller's own", () => {
    const policy = { budget: { perRequestMaxUsd: "0.01" } };
    const shrunk = plan({ model: "gpt55", policy });
    expect(shrunk.candidates[0]?.outputTokenLimit).toBeGreaterThanOrEqual(256);
    expect(shrunk.candidates[0]?.worstCost).toBeLessThanOrEqual(10_000_000_000n);
    expect(reasonsFor(plan({ model: "gpt55", policy, maxOutputTokens: 4_000 }), "openai/gpt-5.5")).toEqual([
      "over_budget",
    ]);
    const tiny = { budget: { perRequestMaxUsd: "0.001" } };
    expect(reasonsFor(plan({ model: "gpt55", policy: tiny }), "openai/gpt-5.5")).toEqual(["over_budget"]);
  });

  test("a price ceiling rejects what would probably cost more", () => {
    const found = plan({ text: work, policy: { objective: { maxExpectedCostUsd: "0.001" } } });
    expect(reasonsFor(found, "anthropic/claude-sonnet-4.6")).toEqual(["over_max_cost"]);
    expect(plan({ text: work, policy: { objective: { maxExpectedCostUsd: "0.000001" } } }).candidates).toEqual([]);
  });

  test("an embedding costs its input alone", () => {
    const found = plan({ upstreams: [upstream("bedrock")], features: { embeddingInputs: 2, textBytes: 1_000 } });
    expect(found.candidates[0]).toMatchObject({ upstreamModel: "amazon.titan-embed-text-v2:0", outputTokenLimit: 0 });
    expect<bigint | undefined>(found.candidates[0]?.worstCost).toBe(1_016n * 20_000n);
  });
});

describe("objectives order the candidates", () => {
  const first = (policy: PlanFacts["policy"]) => models(plan({ text: work, policy: policy ?? {} }))[0];

  test("lowest cost takes the cheapest model that is good enough", () => {
    expect(first({ objective: { costMode: "lowest_passable" } })).toBe("deepseek/deepseek-v4-pro");
    expect(first({ objective: { costMode: "lowest_passable", qualityTarget: "draft" } })).toBe("google/gemma-4-31b-it");
  });

  test("premium takes the strongest, fastest the quickest, fixed the lane's own order", () => {
    expect(first({ objective: { costMode: "premium" } })).toBe("anthropic/claude-sonnet-4.6");
    expect(first({ objective: { costMode: "fastest_passable" } })).toBe("x-ai/grok-4.3");
    const fixed = plan({ text: work, policy: { objective: { costMode: "fixed" } } });
    expect(models(fixed)).toEqual(["deepseek/deepseek-v4-pro", "minimax/minimax-m2.7", "xiaomi/mimo-v2.5-pro"]);
  });

  test("a fixed priority is followed to the letter", () => {
    const objective = { primary: "fixed_priority", priority: ["opus47", "nobody/nothing", "nano"] } as const;
    const found = plan({ text: work, policy: { objective: { ...objective, priority: [...objective.priority] } } });
    expect(found.decision).toBe("fixed_priority");
    expect(models(found)).toEqual(["anthropic/claude-opus-4.7", "openai/gpt-5.4-nano"]);
    expect(found.rejected.map(({ model }) => model)).toContain("nobody/nothing");
  });

  test("the first rule that holds names the models; without one the lowest cost decides", () => {
    const rules = [
      { when: { category: ["coding" as const] }, use: ["glm51"] },
      { when: { minInputTokens: 1_000 }, use: ["grok"] },
    ];
    const policy = { objective: { primary: "custom_rules" as const, rules } };
    expect(plan({ text: "Refactor this function", policy })).toMatchObject({
      decision: "rule",
      reason: expect.stringContaining("rule 1"),
    });
    expect(models(plan({ text: work, policy, features: { textBytes: 8_000 } }))).toEqual(["x-ai/grok-4.1-fast"]);
    expect(plan({ text: work, policy }).decision).toBe("virtual_model");
  });

  test("targets nobody meets are dropped and said so", () => {
    const found = plan({ model: "astrolabe/cheap", text: work, policy: { objective: { qualityTarget: "critical" } } });
    expect(found.candidates[0]?.reasons[0]).toBe("no allowed model meets the quality target: strongest first");
    const slow = plan({ text: work, policy: { objective: { latencySloMs: 1 } } });
    expect(slow.candidates[0]?.reasons[0]).toContain("latency target");
  });

  test("measured health replaces the prior", () => {
    const health: HealthSnapshot = (_provider, id) => ({
      available: true,
      firstByteMs: id === "x-ai/grok-4.3" ? 50 : 9_000,
      successRate: id === "minimax/minimax-m2.7" ? 0.2 : 1,
    });
    const found = plan({
      text: work,
      health,
      policy: { objective: { costMode: "fastest_passable", reliabilityTarget: 0.9 } },
    });
    expect(models(found)[0]).toBe("x-ai/grok-4.3");
    expect(reasonsFor(found, "minimax/minimax-m2.7")).toEqual(["below_reliability"]);
  });
});

describe("fallbacks", () => {
  const twoRoutes = [upstream("openrouter"), upstream("second", { upstreamModel: (model) => model.id })];

  test("beyond the attempt limit accepted options are spare; without fallback only one is tried", () => {
    const found = plan({ text: work, policy: { fallback: { maxAttempts: 2 } } });
    expect(found.candidates).toHaveLength(2);
    expect(found.spare?.length).toBeGreaterThan(2);
    expect(plan({ text: work, policy: { fallback: { enabled: false } } }).candidates).toHaveLength(1);
  });

  test("same_model tries the other route first, same_tier the same tier", () => {
    const same = plan({ text: work, upstreams: twoRoutes, policy: { fallback: { mode: "same_model" } } });
    expect(same.candidates[1]?.model).toBe(same.candidates[0]?.model);
    const tier = plan({
      text: work,
      policy: { objective: { costMode: "fixed" }, fallback: { mode: "same_tier", maxAttempts: 2 } },
    });
    expect(tier.candidates.map(({ model }) => model.tier)).toEqual(["WORKHORSE", "WORKHORSE"]);
  });

  test("escalate_only never tries a weaker model", () => {
    const found = plan({ text: work, policy: { fallback: { mode: "escalate_only", maxAttempts: 8 } } });
    const [first, ...rest] = found.candidates;
    for (const candidate of rest) expect(candidate.quality).toBeGreaterThan(first?.quality ?? 100);
    expect(rest.length).toBeGreaterThan(0);
  });

  test("a pinned model falls back to its own list, within policy", () => {
    expect(models(plan({ model: "gpt54" }))).toEqual([
      "openai/gpt-5.4",
      "openai/gpt-5.5",
      "anthropic/claude-sonnet-4.6",
    ]);
    const bound = plan({ model: "gpt54", policy: { boundaries: { allowedModels: ["openai/*"] } } });
    expect(models(bound)).toEqual(["openai/gpt-5.4", "openai/gpt-5.5"]);
    expect(reasonsFor(bound, "anthropic/claude-sonnet-4.6")).toEqual(["model_not_allowed", "fallback_outside_policy"]);
  });

  test("with fallbackMustStayInPolicy off, fallbacks leave the allow lists and nothing else", () => {
    const boundaries = { allowedModels: ["openai/gpt-5.4"], fallbackMustStayInPolicy: false };
    expect(models(plan({ model: "gpt54", policy: { boundaries } }))).toHaveLength(3);
    const blocking = { ...boundaries, blockedModels: ["openai/gpt-5.5"] };
    expect(models(plan({ model: "gpt54", policy: { boundaries: blocking } }))).not.toContain("openai/gpt-5.5");
    expect(plan({ model: "m27", policy: { boundaries } }).candidates).toEqual([]);
    expect(models(plan({ model: "gpt54", keyAllowedModels: ["gpt54"], policy: { boundaries } }))).toHaveLength(1);
  });
});

describe("the pool", () => {
  test("when no lane model can serve, the whole roster may", () => {
    const found = plan({ text: work, upstreams: [upstream("openai")] });
    expect(models(found)[0]).toMatch(/^openai\//);
    expect(found.reason).toContain("whole roster");
    const file = plan({ text: "What does it say?", features: { attachments: [{ kind: "file" }] } });
    expect(file.candidates[0]?.model.modalities).toContain("file");
  });

  test("only the sandbox serves: the decision says so and the order stays", () => {
    const sandboxed = plan({ text: work, upstreams: [upstream("sandbox")] });
    expect(sandboxed.decision).toBe("sandbox");
    expect(models(sandboxed)).toEqual(models(plan({ text: work })));
    expect(plan({ model: "m27", upstreams: [upstream("sandbox")] }).decision).toBe("pinned_model");
  });

  test("no upstreams: an empty plan with reasons, no exception", () => {
    const found = plan({ text: work, upstreams: [] });
    expect(found.candidates).toEqual([]);
    expect(found.baseline).toBeUndefined();
    expect(found.rejected.every(({ reasons }) => reasons.includes("no_credentials"))).toBe(true);
  });
});
