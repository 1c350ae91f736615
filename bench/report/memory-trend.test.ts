import { describe, expect, test } from "bun:test";
import { memoryTrend, mostRiseShare, type MemorySample } from "./memory-trend.ts";

const megabyte = 1e6;

function samples(seconds: number, megabytesAt: (second: number) => number): MemorySample[] {
  return Array.from({ length: seconds }, (_, second) => ({ second, residentBytes: megabytesAt(second) * megabyte }));
}

const riseShare = (all: readonly MemorySample[]) => memoryTrend(all)?.riseShare ?? Number.NaN;

describe("the memory trend of a soak", () => {
  test("is flat when memory only grows during the warm-up", () => {
    expect(riseShare(samples(90, (second) => Math.min(80, 40 + 2 * second)))).toBe(0);
  });

  test("is flat under the saw teeth of a garbage collector, wherever the run ends in a tooth", () => {
    for (let end = 600; end < 640; end += 1) {
      expect(Math.abs(riseShare(samples(end, (second) => 70 + (second % 40))))).toBeLessThan(mostRiseShare);
    }
  });

  test("fails a slow leak under the same saw teeth", () => {
    expect(riseShare(samples(600, (second) => 70 + (second % 40) + second / 20))).toBeGreaterThan(mostRiseShare);
  });

  test("is not tilted by a few peaks near the end", () => {
    expect(riseShare(samples(120, (second) => (second > 110 && second % 3 === 0 ? 300 : 80)))).toBe(0);
  });

  test("counts the rise from the end of the warm-up to the end of the run", () => {
    expect(memoryTrend(samples(90, (second) => 100 + second))?.riseBytes).toBeCloseTo(59 * megabyte);
  });

  test("thins out a day of samples and still sees the leak", () => {
    const trend = memoryTrend(samples(86_400, (second) => 80 + second / 1_000));
    expect(trend?.samples).toBeLessThanOrEqual(600);
    expect(trend?.riseShare).toBeGreaterThan(mostRiseShare);
  });

  test("is unknown from too few samples", () => {
    expect(memoryTrend(samples(6, () => 80))).toBeUndefined();
  });
});
