import { expect, test } from "bun:test";
import { periodNamesAt, readBudgetScope, resetOf } from "./budget-scope.ts";

test("a scope says whose budget it is and for which period", () => {
  expect(readBudgetScope("workspace:ws_1:2026-11-22")).toEqual({
    owner: "workspace",
    ownerId: "ws_1",
    period: "daily",
    periodName: "2026-11-22",
  });
  expect(readBudgetScope("key:key_1:2026-11")).toMatchObject({ owner: "key", ownerId: "key_1", period: "monthly" });
  expect(readBudgetScope("key:key_1")).toMatchObject({ ownerId: "key_1", period: "lifetime", periodName: undefined });
  expect(readBudgetScope("stack:ws_1:stk_managed_low-cost:2026-11-22")).toMatchObject({
    owner: "stack",
    ownerId: "stk_managed_low-cost",
  });
  for (const other of ["", "team:1", "key", "workspace:2026-11-22"]) expect(readBudgetScope(other)).toBeUndefined();
});

test("a period ends with the UTC day or month, whatever their length", () => {
  const resets = ["2026-11-22", "2026-12-31", "2028-02-28", "2026-11", "2026-12", undefined].map((periodName) =>
    resetOf({ periodName }),
  );
  expect(resets).toEqual([
    "2026-11-23T00:00:00.000Z",
    "2027-01-01T00:00:00.000Z",
    "2028-02-29T00:00:00.000Z",
    "2026-12-01T00:00:00.000Z",
    "2027-01-01T00:00:00.000Z",
    undefined,
  ]);
});

test("the day of a moment is the same whether it was just asked for or not", () => {
  const midnight = Date.parse("2026-12-01T00:00:00Z");
  const asked = [midnight - 1, midnight, midnight - 1, midnight + 86_399_999.75, midnight + 86_400_000, midnight];
  expect(asked.map((moment) => Object.values(periodNamesAt(moment)).slice(0, 2))).toEqual(
    asked.map((moment) => {
      const iso = new Date(moment).toISOString();
      return [iso.slice(0, 10), iso.slice(0, 7)];
    }),
  );
});
