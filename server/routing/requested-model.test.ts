import { expect, test } from "bun:test";
import { catalogue } from "./planning.test-kit.ts";
import { resolveRequestedModel } from "./requested-model.ts";

test("virtual models are known by their full id and by their short alias", () => {
  expect(resolveRequestedModel("astrolabe/strict-json", catalogue)).toEqual({ kind: "virtual", lane: "strict-json" });
  expect(resolveRequestedModel("coding", catalogue)).toEqual({ kind: "virtual", lane: "coding" });
});

test("concrete models are pinned, by id or alias", () => {
  const pinned = resolveRequestedModel("nano", catalogue);
  expect(pinned?.kind === "pinned" && pinned.model.id).toBe("openai/gpt-5.4-nano");
  expect(resolveRequestedModel("claude-haiku-4-5", catalogue)?.kind).toBe("pinned");
});

test("an unknown id is unknown, not auto", () => {
  expect(resolveRequestedModel("gpt-17", catalogue)).toBeUndefined();
  expect(resolveRequestedModel("astrolabe/m27", catalogue)).toBeUndefined();
  expect(resolveRequestedModel("", catalogue)).toBeUndefined();
});
