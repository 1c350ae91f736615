import { describe, expect, test } from "bun:test";
import { DecayedQuantiles } from "./decayed-quantiles.ts";

const scale = { least: 1, factor: 2 ** (1 / 4), buckets: 72 };
/** A quantile may be off by one bucket. */
const within = scale.factor;

describe("quantiles of the newest values", () => {
  test("are the values' own, within a bucket", () => {
    const values = new DecayedQuantiles(scale);
    for (let value = 1; value <= 100; value++) values.add(value * 10);
    // The newer half weighs more, so the median lies above the middle.
    expect(values.quantile(0.5)).toBeGreaterThan(500 / within);
    expect(values.quantile(0.5)).toBeLessThan(720 * within);
    expect(values.quantile(1)).toBeGreaterThan(1_000 / within);
    expect(values.quantile(1)).toBeLessThan(1_000 * within);
  });

  test("never fall with the share, and one value is all of them", () => {
    const values = new DecayedQuantiles(scale);
    values.add(300);
    for (const share of [0, 0.1, 0.5, 1]) {
      expect(values.quantile(share)).toBeGreaterThanOrEqual(300 / within);
      expect(values.quantile(share)).toBeLessThanOrEqual(300 * within);
    }
    values.add(3_000);
    values.add(30);
    const shares = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => values.quantile(share) ?? 0);
    expect(shares).toEqual(shares.toSorted((left, right) => left - right));
  });

  test("follow a change, and forget", () => {
    const values = new DecayedQuantiles(scale);
    for (let count = 0; count < 1_000; count++) values.add(50);
    for (let count = 0; count < 200; count++) values.add(5_000);
    expect(values.quantile(0.5)).toBeGreaterThan(4_000);
    expect(values.weight).toBeLessThan(101);
  });

  test("are unknown before the first value, and stay within the scale", () => {
    const values = new DecayedQuantiles(scale);
    expect(values.quantile(0.5)).toBeUndefined();
    values.add(0);
    values.add(1e12);
    expect(values.quantile(0)).toBeGreaterThan(0);
    expect(values.quantile(1)).toBeLessThan(1e6);
  });
});
