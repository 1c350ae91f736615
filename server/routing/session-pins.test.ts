// Conversations that keep their model, and when they leave it.

import { describe, expect, test } from "bun:test";
import type { StackPolicyInput } from "../contracts/policy.ts";
import type { Plan } from "./plan.ts";
import { planRoute } from "./plan-route.ts";
import { planInput, unmeasured, upstream, type PlanFacts } from "./planning.test-kit.ts";
import { SessionPins, type SessionPin } from "./session-pins.ts";

const policy: StackPolicyInput = { objective: { sessionPins: true, autoLane: "coding", costMode: "balanced" } };
const text = "Refactor the parser so that it reads one line at a time, and add tests for it";
const agent = { toolNames: ["edit_file", "run_tests"], textBytes: 400_000, textTokenBound: 100_000, messageCount: 20 };

const plan = (facts: PlanFacts): Plan => planRoute(planInput({ text, policy, features: agent, ...facts }));
const firstOf = ({ candidates }: Plan) => candidates[0]?.model.id ?? "nobody";
const pinTo = (model: string, warmTokens = 0): SessionPin => ({ model, provider: "openrouter", warmTokens });

const free = plan({});
const best = firstOf(free);
const second = free.candidates[1]?.model.id ?? "";

describe("within a tool exchange", () => {
  const inside = { ...agent, insideToolExchange: true };

  test("whoever began it goes on, cold or not", () => {
    expect(second).not.toBe(best);
    const kept = plan({ features: inside, pin: pinTo(second) });
    expect(kept).toMatchObject({ decision: "session_pin", lane: free.lane });
    expect(firstOf(kept)).toBe(second);
    expect(kept.candidates[0]?.reasons[0]).toBe("it began this tool exchange");
    expect(kept.candidates.map(({ model }) => model.id)).toContain(best);
  });

  test("another route to the same model goes on when its own is down", () => {
    const upstreams = [upstream("openrouter"), upstream("other", { upstreamModel: (model) => model.id })];
    const down = (provider: string, model: string) =>
      provider === "openrouter" && model === second
        ? { ...unmeasured(provider, model), available: false }
        : unmeasured(provider, model);
    const [first] = plan({ features: inside, pin: pinTo(second), upstreams, health: down }).candidates;
    expect([first?.model.id, first?.provider]).toEqual([second, "other"]);
  });

  test("an order that the stack names is interrupted for it, and for nothing else", () => {
    const named: StackPolicyInput = {
      objective: { sessionPins: true, primary: "fixed_priority", priority: [best, second] },
    };
    expect(firstOf(plan({ policy: named, features: inside, pin: pinTo(second) }))).toBe(second);
    const between = plan({ policy: named, pin: pinTo(second, 100_000) });
    expect([firstOf(between), between.decision]).toEqual([best, "fixed_priority"]);
  });

  test("gates come first: a model that is blocked, down or too weak now does not stay", () => {
    const blocked: StackPolicyInput = { ...policy, boundaries: { blockedModels: [second] } };
    expect(plan({ policy: blocked, features: inside, pin: pinTo(second) })).toMatchObject({
      decision: "virtual_model",
      candidates: [{ model: { id: best } }, ...Array.from({ length: 2 }, () => expect.anything())],
    });
    const down = (provider: string, model: string) => ({ ...unmeasured(provider, model), available: model !== second });
    expect(firstOf(plan({ features: inside, pin: pinTo(second), health: down }))).not.toBe(second);
    expect(firstOf(plan({ features: inside, pin: pinTo("nobody/nothing") }))).toBe(best);
  });
});

describe("between turns", () => {
  test("the model that is best anyway stays, and the plan says why", () => {
    expect(plan({ pin: pinTo(best) })).toMatchObject({
      decision: "session_pin",
      candidates: [{ model: { id: best } }, expect.anything(), expect.anything()],
    });
  });

  test("a warm cache keeps a dearer model when it saves more than leaving does", () => {
    // Cost alone decides here, so that the figures are plain. The second has a price of its own for cached input.
    const byCost: StackPolicyInput = {
      objective: { ...policy.objective, costMode: "lowest_passable" },
      boundaries: { allowedModels: ["x-ai/grok-4.3", "anthropic/claude-sonnet-4.6"] },
    };
    const [least, next] = plan({ policy: byCost }).candidates;
    if (!least || !next) throw new Error("the lane has too few models");
    const { input_token: full = 0n, cached_input_token: cached = 0n } = next.model.prices ?? {};
    const gap = Number(next.expectedCost - least.expectedCost);
    const enough = Math.ceil(gap / Number(full - cached)) + 1;
    expect(enough).toBeLessThan(next.expectedInputTokens);
    const at = (warmTokens: number) => plan({ policy: byCost, pin: pinTo(next.model.id, warmTokens) });
    expect(firstOf(at(0))).toBe(least.model.id);
    expect(firstOf(at(enough - 2))).toBe(least.model.id);
    expect(firstOf(at(enough))).toBe(next.model.id);
    expect(at(0).decision).toBe("virtual_model");
    // Estimates are of the request, not of the cache: the debit will tell.
    expect(at(enough).candidates[0]?.expectedCost).toBe(next.expectedCost);
  });

  test("a warm cache is worth nothing where quality alone decides", () => {
    const byQuality: StackPolicyInput = { objective: { ...policy.objective, costMode: "premium" } };
    const [strongest, other] = plan({ policy: byQuality }).candidates;
    const kept = plan({ policy: byQuality, pin: pinTo(other?.model.id ?? "", 100_000) });
    expect(other?.quality).toBeLessThan(strongest?.quality ?? 0);
    expect(firstOf(kept)).toBe(strongest?.model.id ?? "");
  });
});

describe("what is remembered", () => {
  const turn = { model: "m", provider: "p", tokens: 1_000 };
  const minute = 60_000;

  test("who answered last, warm for five minutes, known for an hour", () => {
    const pins = new SessionPins();
    pins.keep("one", { ...turn, model: "older" }, 0);
    pins.keep("one", turn, 10);
    expect(pins.find("one", 10 + 5 * minute)).toEqual({ model: "m", provider: "p", warmTokens: 1_000 });
    expect(pins.find("one", 11 + 5 * minute)).toEqual({ model: "m", provider: "p", warmTokens: 0 });
    expect(pins.find("one", 11 + 60 * minute)).toBeUndefined();
    expect(pins.find("two", 10)).toBeUndefined();
  });
});
