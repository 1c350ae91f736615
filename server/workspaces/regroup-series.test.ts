import { expect, test } from "bun:test";
import fc from "fast-check";
import { picodollars } from "../money/picodollars.ts";
import { regroup } from "./regroup-series.ts";
import type { Series, UsageSums } from "./usage-records.ts";
import { addSums, noSums } from "./usage-sums.ts";

const sums = (requests: number, debit = requests): UsageSums => ({
  ...noSums,
  requests,
  debit: picodollars(BigInt(debit)),
});

/** A series over three days out of the requests of each key. */
function seriesOf(keys: readonly (readonly [name: string | undefined, days: readonly number[]])[]): Series {
  const groups = keys.map(([name, days]) => ({
    kind: name === "rest" ? ("rest" as const) : ("named" as const),
    name: name === "rest" ? undefined : name,
    sums: days.map((count) => sums(count)).reduce(addSums, noSums),
  }));
  const points = keys.flatMap(([, days], group) =>
    days.map((count, day) => ({ startsAt: day, group, sums: sums(count) })),
  );
  return { groups, points, total: groups.reduce((all, group) => addSums(all, group.sums), noSums) };
}

const shown = ({ groups, points }: Series) => ({
  groups: groups.map(({ kind, name, sums: { requests } }) => [kind, name, requests]),
  points: points.map(({ startsAt, group, sums: { requests } }) => [startsAt, group, requests]),
});

test("keys of one agent become one group, the largest first, and keys of none another", () => {
  const series = seriesOf([
    ["k1", [1, 2]],
    ["k2", [10, 0]],
    ["plain", [4, 4]],
    ["k3", [1, 1]],
  ]);
  const agents = new Map([
    ["k1", "poet"],
    ["k2", "poet"],
    ["k3", "clerk"],
  ]);
  const nameOf = (key: string | undefined) => agents.get(key ?? "");
  expect(shown(regroup(series, { nameOf, rankBy: "requests", top: 8 }))).toEqual({
    groups: [
      ["named", "poet", 13],
      ["named", undefined, 8],
      ["named", "clerk", 2],
    ],
    points: [
      [0, 0, 11],
      [0, 1, 4],
      [0, 2, 1],
      [1, 0, 2],
      [1, 1, 4],
      [1, 2, 1],
    ],
  });
});

test("nothing is lost or counted twice, whatever the groups are", () => {
  const key = fc.tuple(
    fc.constantFrom("a1", "a2", "b1", "c1", undefined, "rest"),
    fc.array(fc.nat(9), { maxLength: 3 }),
  );
  const keys = fc.uniqueArray(key, { selector: ([name]) => name, maxLength: 6 });
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 3 }), (given, top) => {
      const series = seriesOf(given);
      const { groups, points, total } = regroup(series, { nameOf: (name) => name?.slice(0, 1), rankBy: "cost", top });
      expect(total).toEqual(series.total);
      expect(groups.reduce((all, group) => addSums(all, group.sums), noSums)).toEqual(total);
      for (const [place, group] of groups.entries()) {
        const own = points.filter((point) => point.group === place);
        expect(own.reduce((all, point) => addSums(all, point.sums), noSums)).toEqual(group.sums);
        expect(group.kind === "rest").toBe(place === groups.length - 1 && group.kind === "rest");
      }
      expect(points.every(({ group }) => group < groups.length)).toBe(true);
      expect(groups.filter(({ kind }) => kind === "named").length).toBeLessThanOrEqual(top);
    }),
  );
});
