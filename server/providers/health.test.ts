import { expect, test } from "bun:test";
import { HealthTracker } from "./health.ts";

const minute = 60_000;

test("a route nobody has used is available and unmeasured", () => {
  expect(new HealthTracker().snapshot(0)("p", "m")).toEqual({
    successRate: undefined,
    firstByteMs: undefined,
    available: true,
  });
});

test("five failures in a row open the circuit for 30 seconds, and one success closes it", () => {
  const health = new HealthTracker();
  for (let n = 0; n < 5; n++) health.report("p", "m", { ok: false, firstByteMs: undefined, at: 1_000 });
  expect(health.snapshot(1_000)("p", "m").available).toBe(false);
  expect(health.usable("p", 1_000)).toBe(false);
  expect(health.usable("q", 1_000)).toBe(true);
  expect(health.snapshot(31_000)("p", "m").available).toBe(true);
  health.report("p", "m", { ok: false, firstByteMs: undefined, at: 31_000 });
  expect(health.snapshot(31_001)("p", "m").available).toBe(false);
  health.report("p", "m", { ok: true, firstByteMs: 5, at: 61_001 });
  expect(health.snapshot(61_001)("p", "m").available).toBe(true);
});

test("the success rate covers the last hour only", () => {
  const health = new HealthTracker();
  for (let n = 0; n < 10; n++) health.report("p", "m", { ok: false, firstByteMs: undefined, at: 0 });
  for (let n = 0; n < 10; n++) health.report("p", "m", { ok: n < 9, firstByteMs: 10 + n, at: 50 * minute });
  expect(health.snapshot(50 * minute)("p", "m").successRate).toBeCloseTo(0.45);
  expect(health.snapshot(70 * minute)("p", "m").successRate).toBeCloseTo(0.9);
  expect(health.snapshot(70 * minute)("p", "m").firstByteMs).toBe(14);
});

test("staged failures of an ignored provider change nothing", () => {
  const health = new HealthTracker(["sandbox"]);
  for (let n = 0; n < 9; n++) health.report("sandbox", "m", { ok: false, firstByteMs: undefined, at: 0 });
  expect(health.snapshot(0)("sandbox", "m").available).toBe(true);
});

test("people see of each route the calls of the last hour, and what failed last", () => {
  const health = new HealthTracker();
  health.report("p", "b", { ok: true, firstByteMs: 5, at: 0 });
  health.report("p", "a", { ok: false, firstByteMs: undefined, at: 7, kind: "timeout" });
  health.report("p", "a", { ok: true, firstByteMs: 5, at: 8 });
  const common = { firstByteMs: undefined, available: true };
  expect(health.routesTo("p", 10)).toEqual([
    { model: "a", calls: 2, successes: 1, ...common, lastFailure: { kind: "timeout", at: 7 } },
    { model: "b", calls: 1, successes: 1, ...common, lastFailure: undefined },
  ]);
  expect(health.routesTo("p", 61 * minute)[0]).toMatchObject({ calls: 0 });
  expect(health.routesTo("q", 10)).toEqual([]);
});
