import { describe, expect, test } from "bun:test";
import type { StackPolicy } from "../contracts/policy.ts";
import { parseUsd } from "../money/picodollars.ts";
import type { Plan } from "../routing/plan.ts";
import { planRoute } from "../routing/plan-route.ts";
import { planInput, upstream, type PlanFacts } from "../routing/planning.test-kit.ts";
import { defaultStackSlug, managedStack, managedStacks } from "./managed.ts";

function policyOf(slug: string): StackPolicy {
  const stack = managedStack(slug);
  if (!stack) throw new Error(`no managed stack ${slug}`);
  return stack.policy;
}

function planUnder(slug: string, facts: PlanFacts): Plan {
  const policy = policyOf(slug);
  return planRoute({ ...planInput(facts), policy, requestMax: parseUsd(policy.budget.perRequestMaxUsd ?? "") });
}

const work = "Investigate why our onboarding takes so long and plan the next steps";
const models = (plan: Plan) => plan.candidates.map(({ model }) => model.id);

test("there are nine managed stacks, frozen, with ids made of their slugs", () => {
  expect(managedStacks.map(({ slug }) => slug)).toEqual([
    "default-optimizer",
    "low-cost",
    "high-quality",
    "fast",
    "strict-json",
    "customer-data",
    "high-stakes",
    "code-agent",
    "research",
  ]);
  for (const stack of managedStacks) {
    expect<string>(stack.id).toBe(`stk_managed_${stack.slug}`);
    expect(stack.version).toBe(1);
    expect(Object.isFrozen(stack.policy.objective)).toBe(true);
    expect(Object.isFrozen(stack.policy.boundaries.allowedModels)).toBe(true);
  }
  expect(managedStack(defaultStackSlug)?.policy.verification.mode).toBe("auto");
  expect(managedStack("nope")).toBeUndefined();
});

describe("what each managed stack changes for a request", () => {
  test("default-optimizer saves against the lane's strongest model", () => {
    const plan = planUnder("default-optimizer", { text: work });
    expect(plan.baseline?.model).toBe("anthropic/claude-sonnet-4.6");
    expect(plan.estimatedSavings).toBeGreaterThan(0n);
    expect(plan.candidates[0]?.quality).toBeGreaterThanOrEqual(66);
  });

  test("low-cost takes a cheaper model than the default and never risks more than five cents", () => {
    const cheap = planUnder("low-cost", { text: work });
    const normal = planUnder("default-optimizer", { text: work });
    expect(cheap.candidates[0]?.expectedCost).toBeLessThan(normal.candidates[0]?.expectedCost ?? 0n);
    const long = planUnder("low-cost", { text: work, features: { textBytes: 200_000 } });
    for (const { worstCost } of long.candidates) expect(worstCost).toBeLessThanOrEqual(50_000_000_000n);
  });

  test("high-quality starts with the lane's strongest model and has four attempts", () => {
    const plan = planUnder("high-quality", { model: "astrolabe/research", text: work });
    expect(models(plan)).toEqual(["openai/gpt-5.5", "anthropic/claude-opus-4.7", "openai/gpt-5.4", "x-ai/grok-4.3"]);
    expect(plan.verificationMode).toBe("strict");
  });

  test("fast leaves out what does not answer within 1.5 seconds", () => {
    const plan = planUnder("fast", { text: work });
    for (const { expectedFirstByteMs } of plan.candidates) expect(expectedFirstByteMs).toBeLessThanOrEqual(1_500);
    expect(plan.rejected.flatMap(({ reasons }) => reasons)).toContain("latency_slo");
    expect(plan.verificationMode).toBe("off");
  });

  test("strict-json routes to structured outputs and repairs within the same tier first", () => {
    const plan = planUnder("strict-json", { text: "Extract the totals", features: { format: "json_object" } });
    expect(plan.lane).toBe("strict-json");
    expect(plan.verificationMode).toBe("strict");
    expect(plan.rejected).toContainEqual({
      model: "minimax/minimax-m2.7",
      provider: "openrouter",
      reasons: ["missing_capability:structured_outputs"],
    });
  });

  test("customer-data calls only upstreams that keep nothing", () => {
    const upstreams = [upstream("openai"), upstream("anthropic", { dataPolicy: "zero_retention" })];
    const plan = planUnder("customer-data", { model: "astrolabe/safe", text: work, upstreams });
    expect(new Set(plan.candidates.map(({ provider }) => provider))).toEqual(new Set(["anthropic"]));
    expect(plan.rejected).toContainEqual({ model: "openai/gpt-5.5", provider: "openai", reasons: ["data_policy"] });
  });

  test("high-stakes uses safe-lane models only, strongly verified, in two attempts", () => {
    const plan = planUnder("high-stakes", { text: "Wire $5,000 to the landlord" });
    expect(plan.lane).toBe("safe");
    expect(models(plan)).toEqual(["openai/gpt-5.5", "anthropic/claude-opus-4.7"]);
    expect(plan.verificationMode).toBe("strong");
    expect(planUnder("high-stakes", { model: "gemma431b", text: "hello" }).candidates).toEqual([]);
  });

  test("code-agent keeps to the coding lane and tries another route to the same model first", () => {
    const upstreams = [upstream("openrouter"), upstream("second", { upstreamModel: (model) => model.id })];
    const plan = planUnder("code-agent", { text: "what next?", features: { toolNames: ["edit_file"] }, upstreams });
    expect(plan.lane).toBe("coding");
    expect(plan.candidates[1]?.model).toBe(plan.candidates[0]?.model);
    expect(plan.candidates[1]?.provider).not.toBe(plan.candidates[0]?.provider);
  });

  test("research takes the research lane and asks for long context", () => {
    const plan = planUnder("research", { text: "What changed in battery chemistry?" });
    expect(plan.lane).toBe("research");
    expect(plan.candidates[0]?.quality).toBeGreaterThanOrEqual(74);
    const pinned = planUnder("research", { model: "glm5", text: "hello" });
    expect(pinned.rejected[0]?.reasons).toEqual(["missing_capability:long_context"]);
  });
});
