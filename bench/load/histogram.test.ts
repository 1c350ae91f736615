import { expect, test } from "bun:test";
import fc from "fast-check";
import { Histogram } from "./histogram.ts";

const nanosecondsPerMs = 1e6;
const percentile = (histogram: Histogram, share: number) => histogram.percentileMs(share) ?? Number.NaN;

test("percentiles of known latencies are those latencies to within 1%", () => {
  const histogram = new Histogram();
  for (let ms = 1; ms <= 1000; ms += 1) histogram.record(ms * nanosecondsPerMs);
  expect(histogram.count).toBe(1000);
  expect(Math.abs(percentile(histogram, 0.5) - 500) / 500).toBeLessThan(0.01);
  expect(Math.abs(percentile(histogram, 0.99) - 990) / 990).toBeLessThan(0.01);
});

test("any single latency from a microsecond to seven minutes is found again to within 1%", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.02, max: 420_000, noNaN: true }), (ms) => {
      const histogram = new Histogram();
      histogram.record(ms * nanosecondsPerMs);
      expect(Math.abs(percentile(histogram, 0.5) - ms) / ms).toBeLessThan(0.01);
    }),
  );
});

test("a longer latency never lands below a shorter one", () => {
  const nanoseconds = fc.integer({ min: 0, max: 600_000_000_000 });
  fc.assert(
    fc.property(nanoseconds, nanoseconds, (first, second) => {
      const shorter = new Histogram();
      const longer = new Histogram();
      shorter.record(Math.min(first, second));
      longer.record(Math.max(first, second));
      expect(longer.percentileMs(1)).toBeGreaterThanOrEqual(percentile(shorter, 1));
    }),
  );
});

test("one slow request in a hundred shows at p99.5 and not at p50", () => {
  const histogram = new Histogram();
  for (let index = 0; index < 99; index += 1) histogram.record(nanosecondsPerMs);
  histogram.record(500 * nanosecondsPerMs);
  expect(histogram.percentileMs(0.5)).toBeLessThan(1.01);
  expect(histogram.percentileMs(0.995)).toBeGreaterThan(495);
});

test("an empty histogram has no percentile", () => {
  expect(new Histogram().percentileMs(0.5)).toBeUndefined();
});
