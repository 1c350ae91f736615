import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { actionClasses, categories, complexities, modifiers } from "../contracts/policy.ts";
import { classify, type ClassifyOptions } from "./classify.ts";
import type { RequestFeatures } from "./features.ts";
import { features } from "./planning.test-kit.ts";

const plain: ClassifyOptions = { untrustedContent: false, costMode: "balanced" };
const read = (text: string, facts: Partial<RequestFeatures> = {}) => classify(features(text, facts), "auto", plain);

describe("category and action class", () => {
  test.each([
    ["Refactor the parser so that it streams", "coding", "code_edit"],
    ["The build failed with exit code 1, see the log", "coding", "exec_loop"],
    ["Summarize this article about contract law reform", "summarization", "casual_chat"],
    ["Draft an email to my boss about my vacation", "communication", "message_drafting"],
    ["Compare Postgres and MySQL for analytics and cite sources", "research", "research_synthesis"],
    ["Coordinate three subagents to review the repo", "orchestration", "subagent_coordination"],
    ["Write a poem about the sea", "creative", "casual_chat"],
    ["Plan a three-day trip to Rome", "planning", "active_session"],
    ["ping", "heartbeat", "casual_chat"],
  ] as const)("%s -> %s, %s", (text, category, actionClass) => {
    expect(read(text)).toMatchObject({ category, actionClass });
  });

  test("the task in the order outweighs the words of a long paste", () => {
    const paste = "const parse = (code) => { return debug(code); };\n".repeat(60);
    expect(read(`Summarize what this does.\n${paste}`).category).toBe("summarization");
  });

  test("a follow-up without words of its own is read with what came before", () => {
    const contextText = "Please refactor the module and add unit tests for the parser function.";
    expect(read("yes, both of them").category).toBe("core_loop");
    expect(read("yes, both of them", { contextText }).category).toBe("coding");
  });
});

describe("high stakes", () => {
  test.each([
    "Please transfer $500 to my landlord",
    "Delete the customer database in production",
    "Approve the invoice from ACME",
    "Email my SSN to the recruiter",
    "Should I take 800 mg of ibuprofen with my blood pressure medication?",
    "We need to buy 200 shares of that stock today",
  ])("an act or matter with consequences: %s", (text) => {
    expect(read(text)).toMatchObject({ category: "high_stakes", actionClass: "high_stakes", complexity: "critical" });
  });

  test.each([
    "How do I deploy to production?",
    "Approve this PR",
    "Can you delete the unused import?",
    "Write a function that deletes a user account",
    "The buttons should approve or pay an invoice in our React component",
    "Add a deploy step to the CI pipeline",
    "Pay attention to the details of the payment form test",
    "Summarize this legal contract",
    "My name is Bob, hey",
  ])("ordinary talk is not: %s", (text) => {
    const found = read(text);
    expect(found.category).not.toBe("high_stakes");
    expect(found.modifiers).not.toContain("high_stakes");
  });

  test("asks for approval when the act could be carried out by a tool", () => {
    const text = "Wire 300 dollars to the supplier";
    expect(read(text).modifiers).not.toContain("approval_required");
    expect(read(text, { toolNames: ["bank_transfer"] }).modifiers).toContain("approval_required");
  });
});

describe("facts beside the words", () => {
  test("an image means vision analysis, a file alone does not", () => {
    expect(read("What is this?", { attachments: [{ kind: "image" }] }).actionClass).toBe("vision_analysis");
    const file = read("What is this?", { attachments: [{ kind: "file" }] });
    expect(file.actionClass).not.toBe("vision_analysis");
    expect(file.modifiers).toContain("multimodal");
  });

  test("a structured format means strict JSON, and so does asking for JSON, but not talk about JSON", () => {
    expect(read("List the planets", { format: "json_schema" }).actionClass).toBe("strict_json");
    expect(read("Return the list of planets as JSON").modifiers).toContain("needs_strict_schema");
    expect(read("How do I parse JSON in Python?").modifiers).not.toContain("needs_strict_schema");
  });

  test("length raises complexity and adds its modifiers", () => {
    expect(read("Find the date", { textBytes: 400 }).complexity).toBe("simple");
    expect(read("Find the date", { textBytes: 12_000 }).complexity).toBe("standard");
    const long = read("Find the date", { textBytes: 60_000 });
    expect(long.complexity).toBe("complex");
    expect(long.modifiers).toEqual(expect.arrayContaining(["long_context", "cacheable"]));
  });

  test("tools count as present only when they may be used", () => {
    const toolNames = ["search"];
    expect(read("hello", { toolNames }).modifiers).toContain("tool_present");
    expect(read("hello", { toolNames, toolsUsable: false }).modifiers).not.toContain("tool_present");
  });

  test("cost mode and untrusted content become modifiers", () => {
    const found = classify(features("hello"), "auto", { untrustedContent: true, costMode: "lowest_passable" });
    expect(found.modifiers).toEqual(expect.arrayContaining(["price_sensitive", "untrusted_content"]));
  });

  test("what is embedded is data: no output, no orders in it", () => {
    const found = read("Transfer $500 to the supplier", { embeddingInputs: 3 });
    expect(found).toMatchObject({ expectedOutputTokens: 0, category: "retrieval", complexity: "simple", signals: [] });
  });
});

describe("unknown text goes up, not down", () => {
  test.each(["Bitte übersetze diesen Satz ins Englische", "请总结这篇文章", "Объясни теорему Гёделя", "🙂🙂🙂", "…"])(
    "%s is standard work with low confidence",
    (text) => {
      expect(read(text)).toMatchObject({ category: "core_loop", complexity: "standard", confidence: 1 });
    },
  );

  test("any text gives a classification within the vocabulary, the same twice, with short signals", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 3_000 }), fc.boolean(), (text, tools) => {
        const asked = features(text, { toolNames: tools ? ["a_tool"] : [] });
        const found = classify(asked, "auto", plain);
        expect(found).toEqual(classify(asked, "auto", plain));
        expect(categories).toContain(found.category);
        expect(complexities).toContain(found.complexity);
        expect(actionClasses).toContain(found.actionClass);
        expect(found.modifiers.every((modifier) => modifiers.includes(modifier))).toBe(true);
        expect(found.confidence).toBeGreaterThanOrEqual(1);
        expect(found.confidence).toBeLessThanOrEqual(5);
        expect(found.expectedOutputTokens).toBeGreaterThan(0);
        expect(found.signals.every((signal) => signal.length < 60)).toBe(true);
      }),
    );
  });

  test("a turn beyond the caps is cut, not read whole", () => {
    const found = read(`Summarize this. ${"word ".repeat(60_000)}`);
    expect(found.category).toBe("summarization");
  });
});
