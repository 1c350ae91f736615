import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  costModes,
  fallbackModes,
  primaryObjectives,
  qualityTargets,
  type StackPolicyInput,
} from "../contracts/policy.ts";
import { parseUsd } from "../money/picodollars.ts";
import type { Plan, PlanInput } from "./plan.ts";
import { planRoute } from "./plan-route.ts";
import { catalogue, planInput, upstream } from "./planning.test-kit.ts";
import { deepFreeze } from "../stacks/deep-freeze.ts";
import { matchesAny, namesModel } from "./standing-gates.ts";

const ids = catalogue.models.map(({ id }) => id);
const patterns = fc.array(fc.constantFrom(...ids, "openai/*", "anthropic/*", "m27", "deepseek/*"), { maxLength: 4 });
const providers = fc.array(fc.constantFrom("openrouter", "openai", "anthropic", "gemini", "open*"), { maxLength: 2 });

const policies: fc.Arbitrary<StackPolicyInput> = fc.record({
  boundaries: fc.record({
    allowedModels: patterns,
    blockedModels: patterns,
    allowedProviders: providers,
    blockedProviders: fc.array(fc.constantFrom("openai", "gemini"), { maxLength: 1 }),
    dataPolicy: fc.constantFrom("any", "no_training", "zero_retention"),
    allowPreview: fc.boolean(),
    fallbackMustStayInPolicy: fc.boolean(),
  }),
  objective: fc.record({
    primary: fc.constantFrom(...primaryObjectives),
    priority: fc.array(fc.constantFrom(...ids, "nobody/nothing"), { maxLength: 4 }),
    costMode: fc.constantFrom(...costModes),
    qualityTarget: fc.constantFrom(...qualityTargets),
  }),
  fallback: fc.record({
    enabled: fc.boolean(),
    maxAttempts: fc.integer({ min: 1, max: 8 }),
    mode: fc.constantFrom(...fallbackModes),
  }),
  budget: fc.constantFrom({}, { perRequestMaxUsd: "0.01" }, { perRequestMaxUsd: "1" }),
});

const upstreams = fc.shuffledSubarray([
  upstream("openrouter"),
  upstream("openai", { dataPolicy: "no_training" }),
  upstream("anthropic", { dataPolicy: "zero_retention" }),
  upstream("gemini"),
]);

const inputs: fc.Arbitrary<PlanInput> = fc
  .record({
    model: fc.constantFrom("auto", "coding", "research", "vision", "strict-json", "cheap", "safe", ...ids),
    text: fc.constantFrom(
      "hello",
      "Refactor the parser",
      "Transfer $500 to the supplier",
      "总结",
      "Compare and cite sources",
    ),
    policy: policies,
    upstreams,
    maxOutputTokens: fc.option(fc.integer({ min: 1, max: 200_000 }), { nil: undefined }),
    keyAllowedModels: fc.oneof(fc.constant([]), patterns),
    untrustedContent: fc.boolean(),
    features: fc.record({
      textBytes: fc.integer({ min: 60, max: 5_000_000 }),
      toolNames: fc.constantFrom([], ["a_tool"]),
      format: fc.constantFrom("text", "json_object", "json_schema"),
      attachments: fc.constantFrom([], [{ kind: "image" as const }], [{ kind: "audio" as const }]),
      embeddingInputs: fc.constantFrom(0, 0, 0, 2),
    }),
  })
  .map(planInput);

const twoUpstreams = [upstream("openai"), upstream("gemini")];

const everyAccepted = (plan: Plan) => [...plan.candidates, ...(plan.spare ?? [])];
const routeKey = (route: { readonly model: { readonly id: string }; readonly provider: string }) =>
  `${route.model.id} by ${route.provider}`;

describe("whatever the request and the policy, a plan", () => {
  test("is the same twice, and when frozen policies are remembered", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const first = planRoute(input);
        expect(planRoute(input)).toEqual(first);
        const frozen = { ...input, policy: deepFreeze(structuredClone(input.policy)) };
        expect(planRoute(frozen)).toEqual(first);
        expect(planRoute(frozen)).toEqual(first);
      }),
    );
  });

  test("takes nothing that was remembered for another key, request or set of upstreams under the same policy", () => {
    fc.assert(
      fc.property(inputs, inputs, ({ policy }, other) => {
        const frozen = deepFreeze(structuredClone(policy));
        const asked = [other, { ...other, keyAllowedModels: ["openai/*"] }, { ...other, upstreams: twoUpstreams }];
        for (const input of asked) {
          expect(planRoute({ ...input, policy: frozen })).toEqual(planRoute({ ...input, policy }));
        }
      }),
    );
  });

  test("has each route once, at most maxAttempts of them to try, and accounts for every route it looked at", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const plan = planRoute(input);
        const { enabled, maxAttempts } = input.policy.fallback;
        expect(plan.candidates.length).toBeLessThanOrEqual(enabled ? maxAttempts : 1);
        const accepted = everyAccepted(plan).map(routeKey);
        const rejected = plan.rejected.map(({ model, provider }) => `${model} by ${provider}`);
        const all = [...accepted, ...rejected];
        expect(new Set(all).size).toBe(all.length);
        expect(plan.rejected.every(({ reasons }) => reasons.length > 0)).toBe(true);
        expect(all.length).toBeGreaterThan(0);
      }),
    );
  });

  test("never leaves a boundary, the key's models or the budget", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { boundaries, budget } = input.policy;
        const plan = planRoute(input);
        const limit = budget.perRequestMaxUsd === undefined ? undefined : parseUsd(budget.perRequestMaxUsd);
        for (const candidate of everyAccepted(plan)) {
          const inside = boundaries.fallbackMustStayInPolicy || candidate === plan.candidates[0];
          const { model, provider } = candidate;
          if (inside && boundaries.allowedModels.length > 0)
            expect(namesModel(model, boundaries.allowedModels)).toBe(true);
          if (inside && boundaries.allowedProviders.length > 0) {
            expect(matchesAny(provider, boundaries.allowedProviders)).toBe(true);
          }
          expect(namesModel(model, boundaries.blockedModels)).toBe(false);
          expect(matchesAny(provider, boundaries.blockedProviders)).toBe(false);
          if (input.keyAllowedModels.length > 0) expect(namesModel(model, input.keyAllowedModels)).toBe(true);
          if (limit !== undefined) expect(candidate.worstCost <= limit).toBe(true);
          if (boundaries.dataPolicy === "zero_retention") expect(["openrouter", "anthropic"]).toContain(provider);
          for (const { kind } of input.features.attachments) {
            if (input.features.embeddingInputs === 0) expect(model.modalities).toContain(kind);
          }
        }
      }),
    );
  });

  test("promises no more output than asked for or possible, and costs no more than its worst case", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const candidate of everyAccepted(planRoute(input))) {
          expect(candidate.outputTokenLimit).toBeLessThanOrEqual(candidate.model.maxOutputTokens);
          expect(candidate.outputTokenLimit).toBeLessThanOrEqual(input.maxOutputTokens ?? 16_384);
          expect(candidate.inputTokenBound).toBeGreaterThanOrEqual(input.features.textBytes);
          expect(candidate.expectedCost <= candidate.worstCost).toBe(true);
        }
      }),
    );
  });

  test("does not depend on the order of the upstreams", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const reversed = planRoute({ ...input, upstreams: [...input.upstreams].reverse() });
        expect(reversed).toEqual(planRoute(input));
      }),
    );
  });
});
