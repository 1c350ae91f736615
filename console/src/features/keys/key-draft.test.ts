import { expect, test } from "bun:test";
import type { ApiKey } from "./key.ts";
import { draftOf, limitsOf, newKeyDraft } from "./key-draft.ts";

const key: ApiKey = {
  object: "api_key",
  id: "key_1",
  name: "ci",
  mode: "live",
  purpose: "api",
  managed: null,
  prefix: "astrolabe_live_12345678",
  previous: null,
  status: "active",
  stack: null,
  rate_limit_per_minute: 60,
  spend_limit_usd: "250.000000000000",
  budget: { perRequestMaxUsd: "0.5", dailyUsd: "10.00", warnPercent: 70, hardStopPercent: 100 },
  allowed_models: ["a/b", "c/*"],
  expires_at: "2031-01-01T10:11:12.000Z",
  revoked_at: null,
  rotated_at: null,
  last_used_at: null,
  created_at: "2026-01-01T00:00:00.000Z",
};

test("an empty form asks for no limit", () => {
  expect(limitsOf(newKeyDraft)).toEqual({
    stack: null,
    expires_at: null,
    rate_limit_per_minute: null,
    spend_limit_usd: null,
    budget: null,
    allowed_models: [],
  });
});

test("a key that is opened and saved stays as it was, fields that the form does not show included", () => {
  expect(limitsOf(draftOf(key), key)).toEqual({
    stack: null,
    expires_at: "2031-01-01T10:11:12.000Z",
    rate_limit_per_minute: 60,
    spend_limit_usd: "250",
    budget: { perRequestMaxUsd: "0.5", dailyUsd: "10", warnPercent: 70, hardStopPercent: 100 },
    allowed_models: ["a/b", "c/*"],
  });
});

test("a limit that is emptied is removed", () => {
  const draft = {
    ...draftOf({ ...key, budget: { dailyUsd: "1", warnPercent: 80, hardStopPercent: 100 } }),
    dailyBudget: " ",
  };
  expect(limitsOf(draft, key).budget).toMatchObject({ perRequestMaxUsd: "0.5" });
  expect(limitsOf({ ...draft, rateLimit: "", models: "" })).toMatchObject({
    budget: null,
    rate_limit_per_minute: null,
    allowed_models: [],
  });
});
