import { expect, test } from "bun:test";
import { fixedWindowLimiter } from "./rate-limiter.ts";

test("counts down to zero, refuses what is over, and starts anew at the full minute", () => {
  const limiter = fixedWindowLimiter();
  const at = 120_500;
  expect(limiter.take("a", 2, at)).toEqual({ allowed: true, limit: 2, remaining: 1, resetsAt: 180 });
  expect(limiter.take("a", 2, at)).toMatchObject({ allowed: true, remaining: 0 });
  expect(limiter.take("a", 2, 179_999)).toMatchObject({ allowed: false, remaining: 0, resetsAt: 180 });
  expect(limiter.take("a", 2, 180_000)).toMatchObject({ allowed: true, remaining: 1, resetsAt: 240 });
});

test("keys do not share a count", () => {
  const limiter = fixedWindowLimiter();
  limiter.take("a", 1, 0);
  expect(limiter.take("b", 1, 0).allowed).toBe(true);
  expect(limiter.take("a", 1, 0).allowed).toBe(false);
});

test("a request that is counted late, after the next window began, does not start that window anew", () => {
  const limiter = fixedWindowLimiter();
  expect(limiter.take("key", 1, 60_000).allowed).toBe(true);
  expect(limiter.take("late", 1, 59_999).allowed).toBe(true);
  expect(limiter.take("key", 1, 60_001).allowed).toBe(false);
});
