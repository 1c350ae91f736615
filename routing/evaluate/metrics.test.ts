import { describe, expect, test } from "bun:test";
import { bootstrapInterval } from "./bootstrap.ts";
import { calibrationError } from "./calibration.ts";
import { costOf } from "./costs.ts";
import { dealFolds } from "./folds.ts";
import { aurocOf, curveOf, orderOf } from "./ranking-metrics.ts";
import { rowOf } from "./rows.test-kit.ts";

const ones = (count: number): Float64Array => new Float64Array(count).fill(1);

describe("the curve of an order", () => {
  const rows = [
    { score: 0.9, weak: 0, strong: 1 },
    { score: 0.5, weak: 1, strong: 1 },
    { score: 0.4, weak: 0, strong: 1 },
    { score: 0.1, weak: 1, strong: 1 },
  ];
  const order = orderOf(rows.map(({ score }) => score));

  test("has the area and the shares that are drawn by hand", () => {
    // Recovered 0, 1/2, 1/2, 1, 1 at shares 0, 1/4, 1/2, 3/4, 1.
    const curve = curveOf(rows, order, ones(4));
    expect(curve.apgr).toBeCloseTo((0.25 + 0.5 + 0.75 + 1) / 4, 12);
    expect(curve.callShare(0.5)).toBeCloseTo(0.25, 12);
    expect(curve.callShare(0.8)).toBeCloseTo(0.65, 12);
  });

  test("takes prompts of one score as mixed at random", () => {
    const tied = rows.map((row) => ({ ...row, score: 1 }));
    const curve = curveOf(tied, orderOf(tied.map(({ score }) => score)), ones(4));
    expect([curve.apgr, curve.callShare(0.8)]).toEqual([0.5, 0.8]);
  });

  test("counts a prompt as often as its weight says", () => {
    const twice = [...rows, ...rows];
    const byWeight = curveOf(rows, order, Float64Array.of(2, 2, 2, 2)).apgr;
    expect(byWeight).toBeCloseTo(curveOf(twice, orderOf(twice.map(({ score }) => score)), ones(8)).apgr, 12);
  });
});

test("AUROC is the share of pairs in order, ties as a half", () => {
  const scores = [0.9, 0.6, 0.6, 0.2];
  // Labels 1, 1, 0, 0: of four pairs three in order and one tied.
  expect(aurocOf(scores, [1, 1, 0, 0], orderOf(scores), ones(4))).toBe(3.5 / 4);
  expect(aurocOf(scores, [1, 1, 1, 1], orderOf(scores), ones(4))).toBeNaN();
});

test("the calibration error is the distance in each tenth, weighted by how many fall in it", () => {
  // Two at .25 of which one comes true, two at .95 that both do; what was not asked counts for nothing.
  const error = calibrationError([0.25, 0.25, 0.95, 0.95, 0.5], [1, 0, 1, 1, Number.NaN]);
  expect(error).toBeCloseTo((2 * 0.25 + 2 * 0.05) / 4, 12);
});

test("an answer costs its characters / 4 at list prices, hidden tokens included", () => {
  const model = { name: "m", inputPrice: 3, outputPrice: 12, hiddenOutputFactor: 8 };
  expect(costOf(model, 4_000, 400)).toBeCloseTo((1_000 * 3 + 100 * 8 * 12) / 1e6, 12);
});

describe("intervals", () => {
  const groups = Array.from({ length: 60 }, (_, index) => Math.floor(index / 2));
  const values = groups.map((_, index): number => (index % 3 === 0 ? 1 : 0));
  const mean = (weights: Float64Array): number =>
    values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) /
    weights.reduce((sum, one) => sum + one, 0);

  test("are the same for the same seed, and others for another", () => {
    const first = bootstrapInterval(groups, mean, 1);
    expect(bootstrapInterval(groups, mean, 1)).toEqual(first);
    expect(bootstrapInterval(groups, mean, 2)).not.toEqual(first);
    expect([first.low < 1 / 3, first.high > 1 / 3]).toEqual([true, true]);
  });

  test("draw near-duplicates together", () => {
    bootstrapInterval(
      groups,
      (weights) => {
        groups.forEach((group, index) => expect(weights[index]).toBe(weights[groups.indexOf(group)]));
        return 0;
      },
      1,
      5,
    );
  });
});

describe("folds", () => {
  const rows = Array.from({ length: 103 }, (_, index) => rowOf(`r${index}`, { group: Math.floor(index / 4) }));

  test("keep near-duplicates together, are nearly of one size and have every row once", () => {
    const folds = dealFolds(rows, 5, 1);
    const foldsOfGroup = new Map<number, Set<number>>();
    folds.forEach((fold, index) =>
      fold.forEach(({ group }) => foldsOfGroup.set(group, (foldsOfGroup.get(group) ?? new Set()).add(index))),
    );
    expect([...foldsOfGroup.values()].every(({ size }) => size === 1)).toBe(true);
    expect(new Set(folds.flat().map(({ id }) => id)).size).toBe(103);
    expect(
      Math.max(...folds.map(({ length }) => length)) - Math.min(...folds.map(({ length }) => length)),
    ).toBeLessThan(5);
  });

  test("are the same for the same seed whatever the order of rows, and others for another", () => {
    const ids = (seed: number, from = rows): string[][] =>
      dealFolds(from, 5, seed).map((fold) => fold.map(({ id }) => id).toSorted());
    expect(ids(1, rows.toReversed())).toEqual(ids(1));
    expect(ids(2)).not.toEqual(ids(1));
  });
});
