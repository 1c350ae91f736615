// Reading upstream errors: every shape in use, and nothing of a secret in what is kept.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "../../contracts/json.ts";
import type { FailureKind } from "../provider.ts";
import { cleanMessage, failureOfErrorValue, failureOfStatus } from "./upstream-errors.ts";

const key = "my-own-key";
const nowMs = Date.UTC(2026, 10, 22, 12, 0, 0);
const failure = (status: number, text: string, headers: Record<string, string> = {}) =>
  failureOfStatus(status, new Headers(headers), text, key, nowMs);

describe("the message", () => {
  test.each([
    ["OpenAI's shape", '{"error":{"message":"no","type":"x"}}', "no"],
    ["an error that is text", '{"error":"no"}', "no"],
    ["a bare message", '{"message":"no"}', "no"],
    ["FastAPI's text", '{"detail":"no"}', "no"],
    ["FastAPI's list", '{"detail":[{"loc":["body","n"]}]}', '[{"loc":["body","n"]}]'],
    ["plain text", " no \n", "no"],
    ["a page", "<html>no</html>", undefined],
    ["nothing", "", undefined],
  ])("is found in %s", (_what, text, message) => {
    expect(failure(500, text).upstreamMessage).toBe(message);
  });

  test("is cut to 500 characters", () => {
    expect(failure(500, "no ".repeat(5_000)).upstreamMessage).toHaveLength(500);
  });

  test.each([
    ["the key itself", `bad key ${key}`],
    ["OpenAI keys", "bad key sk-proj-abc123def456"],
    ["masked keys", "bad key sk-abc***************xyz"],
    ["Groq keys", "bad key gsk_abcdefgh12345678"],
    ["Google keys", "bad key AIzaSyA1234567890abcdef"],
    ["AWS keys", "bad key AKIAIOSFODNN7EXAMPLE"],
    ["long tokens", "bad key 0123456789abcdef0123456789abcdef"],
    ["bearer headers", "bad key Bearer abc"],
  ])("loses %s", (_what, text) => {
    expect(cleanMessage(text, key)).toBe("bad key [secret]");
  });

  test("never holds the key, wherever it stands", () => {
    const secret = "k3y/with+odd=signs";
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), fc.string({ maxLength: 600 }), (before, after) => {
        expect(cleanMessage(before + secret + after, secret)).not.toContain(secret);
      }),
    );
  });
});

describe("retry-after", () => {
  test.each([
    ["seconds", "20", 20],
    ["fractions, rounded up", "0.2", 1],
    ["a date", "Sun, 22 Nov 2026 12:00:30 GMT", 30],
    ["a date gone by", "Sun, 22 Nov 2026 11:00:00 GMT", 0],
    ["a week, at most a day", "604800", 86_400],
    ["nonsense", "soon", undefined],
  ])("as %s", (_what, value, seconds) => {
    expect(failure(429, "", { "retry-after": value }).retryAfterSeconds).toBe(seconds);
  });
});

describe("Google's errors", () => {
  const google = (status: number, message: string, details: Json[] = []) =>
    failure(status, JSON.stringify({ error: { code: status, message, status: "WORD", details } }));

  test("say in their details when to come back", () => {
    const quota = { "@type": "type.googleapis.com/google.rpc.QuotaFailure" };
    const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "30.2s" };
    expect(google(429, "Quota exceeded", [quota, retry]).retryAfterSeconds).toBe(31);
    expect(google(429, "Quota exceeded", [{ retryDelay: "soon" }]).retryAfterSeconds).toBeUndefined();
  });

  test.each<[string, FailureKind]>([
    ["API key not valid. Please pass a valid API key.", "credentials"],
    ["API key expired. Please renew the API key.", "credentials"],
    ["User location is not supported for the API use.", "provider_error"],
    ["Invalid value at 'contents[0].parts'", "rejected"],
  ])("of status 400, %p is %s", (message, kind) => {
    expect(google(400, message).kind).toBe(kind);
  });
});

describe("an error inside a 200", () => {
  const cases: [Json, FailureKind][] = [
    [{ code: 402, message: "no credits" }, "credentials"],
    [{ code: "429", message: "slow" }, "rate_limited"],
    [{ code: "rate_limit_exceeded", message: "slow" }, "rate_limited"],
    [{ type: "insufficient_quota", code: null, message: "no" }, "credentials"],
    [{ code: 400, message: "`n` is wrong" }, "rejected"],
    [{ code: 12, message: "odd" }, "provider_error"],
    ["just text", "provider_error"],
  ];
  test.each(cases)("%j is %s", (error, kind) => {
    expect(failureOfErrorValue(error).kind).toBe(kind);
  });
});
