import { describe, expect, test } from "bun:test";
import type { TargetName } from "../servers/targets.ts";
import { medianOf, mediansOf, ratiosOf, renderThroughput, verdictsOf, type Cell } from "./throughput-report.ts";

function cell(target: TargetName, callers: number, requestsPerSecond: number, more: Partial<Cell> = {}): Cell {
  const figures = { p50Ms: 1, p99Ms: 2, cpuMicrosecondsPerRequest: 50, residentBytes: 60e6 };
  return { target, callers, requestsPerSecond, ...figures, ...more };
}

const outcomes = (cells: readonly Cell[]) =>
  verdictsOf(ratiosOf(mediansOf(cells), cells)).map((verdict) => verdict.outcome);

describe("medians", () => {
  test("are taken figure by figure over the rounds of one server at one number of callers", () => {
    const rounds = [
      cell("bare", 1, 100, { p99Ms: 9 }),
      cell("gateway", 1, 40),
      cell("bare", 1, 300, { p99Ms: 5 }),
      cell("bare", 1, 200, { p99Ms: 7 }),
    ];
    expect(mediansOf(rounds)).toEqual([cell("bare", 1, 200, { p99Ms: 7 }), cell("gateway", 1, 40)]);
  });

  test("of an even number of values are the mean of the middle two, and unknown when one value is", () => {
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
    expect(medianOf([1, undefined, 3])).toBeUndefined();
    expect(medianOf([])).toBeUndefined();
  });
});

describe("ratios", () => {
  const cells = [
    cell("direct", 1, 5000, { p50Ms: 0.1 }),
    cell("bare", 1, 2000),
    cell("bare", 64, 20_000),
    cell("gateway", 1, 1000, { p50Ms: 0.6, residentBytes: 90e6 }),
    cell("gateway", 64, 10_000, { residentBytes: 120e6 }),
    cell("portkey", 1, 700),
    cell("portkey", 64, 500),
  ];

  test("compare best with best, and the bare proxy at each number of callers", () => {
    const ratios = ratiosOf(mediansOf(cells), cells);
    expect(ratios.overPortkey).toBeCloseTo(10_000 / 700);
    expect(ratios.overBareProxy).toBe(0.5);
    expect(ratios.overBareProxyByCallers).toEqual([
      { callers: 1, ratio: 0.5 },
      { callers: 64, ratio: 0.5 },
    ]);
    expect(ratios.addedP50Ms).toBeCloseTo(0.5);
    expect(ratios.peakResidentBytes).toBe(120e6);
  });

  test("pass when every target is met", () => {
    expect(outcomes(cells)).toEqual(["PASS", "PASS", "PASS", "PASS"]);
  });

  test("fail on the target that is missed", () => {
    expect(outcomes(cells.with(4, cell("gateway", 64, 7000)))).toEqual(["PASS", "FAIL", "PASS", "PASS"]);
    expect(outcomes(cells.with(5, cell("portkey", 1, 1300)))).toEqual(["FAIL", "PASS", "PASS", "PASS"]);
    expect(outcomes(cells.with(3, cell("gateway", 1, 1000, { p50Ms: 0.8 })))).toEqual(["PASS", "PASS", "FAIL", "PASS"]);
    expect(outcomes(cells.with(3, cell("gateway", 1, 1000, { p50Ms: 0.6, residentBytes: 150e6 })))[3]).toBe("FAIL");
  });

  test("are not measured when a server was left out", () => {
    const withoutGateway = cells.filter((one) => one.target !== "gateway");
    expect(outcomes(withoutGateway)).toEqual(["not measured", "not measured", "not measured", "not measured"]);
  });
});

test("the report names every server, its figures and the verdicts", () => {
  const cells = [cell("bare", 16, 20_000), cell("gateway", 16, 10_000, { residentBytes: undefined })];
  const ratios = ratiosOf(cells, cells);
  const text = renderThroughput(cells, ratios, verdictsOf(ratios));
  expect(text).toContain("| this gateway   |      16 |     10,000 |  1.000 |  2.000 |             50 |   unknown |");
  expect(text).toContain("50% at 16 callers");
  expect(text).toContain("PASS");
});
