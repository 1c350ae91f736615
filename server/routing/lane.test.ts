import { describe, expect, test } from "bun:test";
import type { Lane, QualityTarget } from "../contracts/policy.ts";
import { classify } from "./classify.ts";
import type { RequestFeatures } from "./features.ts";
import { chooseLane } from "./lane.ts";
import { features } from "./planning.test-kit.ts";

type Facts = Partial<RequestFeatures> & {
  readonly stackLane?: Lane;
  readonly cheap?: boolean;
  readonly quality?: QualityTarget;
};

function laneFor(requested: Lane, text: string, { stackLane, cheap, quality, ...facts }: Facts = {}): Lane {
  const asked = features(text, facts);
  const costMode = cheap ? "lowest_passable" : "balanced";
  const classification = classify(asked, requested, { untrustedContent: false, costMode });
  return chooseLane(requested, classification, asked, { autoLane: stackLane, qualityTarget: quality ?? "standard" });
}

const payment = "Transfer $500 to the supplier";

describe("a lane asked for by name", () => {
  test("is kept for ordinary text", () => {
    expect(laneFor("coding", "My name is Bob, hey")).toBe("coding");
    expect(laneFor("safe", "hello")).toBe("safe");
    expect(laneFor("strict-json", "name three planets")).toBe("strict-json");
  });

  test("is kept for high-stakes text, except cheap, which becomes safe", () => {
    expect(laneFor("coding", payment)).toBe("coding");
    expect(laneFor("cheap", payment)).toBe("safe");
  });
});

describe("astrolabe/auto", () => {
  test.each([
    [payment, "safe"],
    ["Compare the two proposals and cite sources", "research"],
    ["Fix the bug in this function", "coding"],
    ["Return the planets as JSON", "strict-json"],
    ["Write a haiku about rain", "cheap"],
    ["Plan our product launch", "auto"],
  ] as const)("%s -> %s", (text, lane) => {
    expect(laneFor("auto", text)).toBe(lane);
  });

  test("takes vision for images only", () => {
    expect(laneFor("auto", "What is this?", { attachments: [{ kind: "image" }] })).toBe("vision");
    expect(laneFor("auto", "What is this?", { attachments: [{ kind: "file" }] })).toBe("cheap");
  });

  test("does not take strict-json or cheap for tools alone", () => {
    expect(laneFor("auto", "Write a haiku about rain", { toolNames: ["publish"] })).toBe("auto");
  });

  test("takes cheap for low-risk work with tools when price matters most", () => {
    expect(laneFor("auto", "Write a haiku about rain", { toolNames: ["publish"], cheap: true })).toBe("cheap");
  });

  test("does not take cheap where high quality is asked for", () => {
    expect(laneFor("auto", "Write a haiku about rain", { quality: "high" })).toBe("auto");
    expect(laneFor("auto", "Write a haiku about rain", { quality: "critical", cheap: true })).toBe("auto");
    expect(laneFor("auto", "Write a haiku about rain", { quality: "draft" })).toBe("cheap");
  });

  test("takes the stack's own lane, but never for high-stakes text", () => {
    expect(laneFor("auto", "hello", { stackLane: "coding" })).toBe("coding");
    expect(laneFor("auto", payment, { stackLane: "coding" })).toBe("safe");
  });
});
