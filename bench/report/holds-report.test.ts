import { describe, expect, test } from "bun:test";
import { holdMediansOf, holdVerdictsOf, renderHolds, type HoldCell } from "./holds-report.ts";

function cell(changes: Partial<HoldCell>): HoldCell {
  return {
    setup: "sqlite",
    pairsPerSecond: 15_000,
    holdP50Ms: 1,
    holdP99Ms: 2,
    pairP50Ms: 3,
    pairP99Ms: 20,
    cpuMicrosecondsPerPair: 50,
    ...changes,
  };
}

const outcomesOf = (cells: readonly HoldCell[]) => holdVerdictsOf(cells).map(({ outcome }) => outcome);

describe("the report of the hold run", () => {
  test("takes the median of each figure over the rounds", () => {
    const rounds = [10, 30, 20].map((pairsPerSecond, index) => cell({ pairsPerSecond, pairP99Ms: index }));
    expect(holdMediansOf(rounds)).toEqual([cell({ pairsPerSecond: 20, pairP99Ms: 1 })]);
  });

  test("passes SQLite at its targets and fails it beyond them", () => {
    expect(outcomesOf([cell({})]).slice(0, 2)).toEqual(["PASS", "PASS"]);
    expect(outcomesOf([cell({ pairsPerSecond: 14_999, pairP99Ms: 20.1 })]).slice(0, 2)).toEqual(["FAIL", "FAIL"]);
  });

  test("compares Postgres with the row-by-row design and two processes with one", () => {
    const cells = (postgres: number, two: number) => [
      cell({ setup: "row-by-row", pairsPerSecond: 100 }),
      cell({ setup: "postgres", pairsPerSecond: postgres }),
      cell({ setup: "postgres-two-of-32", pairsPerSecond: two }),
      cell({ setup: "postgres-two-of-64", pairsPerSecond: two }),
    ];
    expect(outcomesOf(cells(500, 475)).slice(2)).toEqual(["PASS", "PASS"]);
    expect(outcomesOf(cells(499, 474)).slice(2)).toEqual(["FAIL", "FAIL"]);
  });

  test("decides nothing about what was not measured", () => {
    expect(new Set(outcomesOf([]))).toEqual(new Set(["not measured"]));
  });

  test("prints one line a setup", () => {
    const cells = [cell({ pairsPerSecond: 18_558.4 })];
    expect(renderHolds(cells, holdVerdictsOf(cells))).toContain("18,558");
  });
});
