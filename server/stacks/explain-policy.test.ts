import { describe, expect, test } from "bun:test";
import { isObject } from "../contracts/json.ts";
import { policySchema, type StackPolicyInput } from "../contracts/policy.ts";
import { explainPolicy } from "./explain-policy.ts";
import { managedStacks } from "./managed.ts";
import { nearest } from "./nearest-names.ts";
import { catalogue, upstream } from "../routing/planning.test-kit.ts";
import { policyDifference } from "./policy-difference.ts";
import { policyWarnings } from "./policy-warnings.ts";

const explained = (policy: StackPolicyInput) => explainPolicy(policySchema.parse(policy));
const said = (policy: StackPolicyInput, pointer: string) =>
  explained(policy).find((each) => each.pointer === pointer)?.sentence;

describe("a policy in plain words", () => {
  test("has one whole sentence for every field of the schema", () => {
    const fields = Object.entries(policySchema.parse({})).flatMap(([group, value]) =>
      isObject(value) ? Object.keys(value).map((field) => `/${group}/${field}`) : [],
    );
    const pointers = explained({}).map(({ pointer }) => pointer);
    expect(fields.filter((field) => !pointers.includes(field))).toEqual([]);
    for (const { policy } of managedStacks) {
      for (const { sentence } of explainPolicy(policy)) {
        expect(sentence).toEndWith(".");
        expect(sentence).not.toContain("undefined");
      }
    }
  });

  test("tells what is as it always is from what somebody chose", () => {
    expect(explained({}).every(({ standard }) => standard)).toBe(true);
    const chosen = explained({ fallback: { maxAttempts: 1 } }).filter(({ standard }) => !standard);
    expect(chosen).toMatchObject([
      { pointer: "/fallback/maxAttempts", sentence: "At most 1 call is made for one request." },
    ]);
  });

  test("joins names and conditions as one would say them", () => {
    expect(said({ boundaries: { allowedModels: ["a", "b", "c"] } }, "/boundaries/allowedModels")).toBe(
      "Only a, b and c may answer.",
    );
    const rule = { when: { category: ["coding", "planning"], minInputTokens: 2000 }, use: ["a", "b"] } as const;
    const rules = [{ ...rule, when: { ...rule.when, category: [...rule.when.category] }, use: [...rule.use] }];
    expect(said({ objective: { primary: "custom_rules", rules } }, "/objective/rules")).toBe(
      "Rule 1: if the category is coding or planning and the input has at least 2,000 tokens, use a, then b.",
    );
  });
});

describe("a difference", () => {
  test("names each field once, with pointers that any name survives", () => {
    const before = policySchema.parse({ safety: { toolCapabilities: { "a/b": ["code_exec"] } } });
    const after = policySchema.parse({ budget: { dailyUsd: "5" } });
    expect(policyDifference(before, before)).toEqual([]);
    expect(policyDifference(before, after)).toEqual([
      { pointer: "/safety/toolCapabilities/a~1b", before: ["code_exec"], after: null },
      { pointer: "/budget/dailyUsd", before: null, after: "5" },
    ]);
  });
});

test("misspelt names are close to those that may be meant", () => {
  const names = ["anthropic/claude-sonnet-4.6", "openai/gpt-5.4", "openai/gpt-5.5"];
  expect(nearest("claude-sonet-4.6", names)).toEqual(["anthropic/claude-sonnet-4.6"]);
  expect(nearest("gpt-5.4", names)[0]).toBe("openai/gpt-5.4");
  expect(nearest("llama", names)).toEqual([]);
  expect(nearest("", names)).toEqual([]);
});

test("a policy of hundreds of unknown names is warned of within bounds", () => {
  const names = Array.from({ length: 200 }, (_, index) => `nobody/model-${"x".repeat(150)}-${index}`);
  const policy = policySchema.parse({
    boundaries: { blockedModels: names },
    objective: { priority: names.slice(0, 50) },
  });
  const warnings = policyWarnings(policy, { catalogue, upstreams: [upstream("sandbox")] });
  expect(warnings).toHaveLength(30);
  expect(warnings[0]).toMatchObject({ pointer: "/objective/priority", suggestions: [] });
});
