// A series by key as a series by what the keys stand for, such as agents.

import type { Ranking, Series, UsageSums } from "./usage-records.ts";
import { addSums, noSums, rankOf } from "./usage-sums.ts";

export type Regrouping = {
  /** The new name of a group; undefined: it has none. */
  readonly nameOf: (name: string | undefined) => string | undefined;
  readonly rankBy: Ranking;
  /** Groups named by themselves; what remains is one group more. */
  readonly top: number;
};

/** Stands for the group of what had no group of its own before. */
const rest = Symbol("rest");
type Name = string | undefined | typeof rest;

/** Groups that get one name become one. The largest come first, the rest last; the total stays. */
export function regroup(series: Series, { nameOf, rankBy, top }: Regrouping): Series {
  const nameAt = series.groups.map(({ kind, name }): Name => (kind === "rest" ? rest : nameOf(name)));
  const byName = new Map<Name, UsageSums>();
  for (const [place, { sums }] of series.groups.entries()) {
    byName.set(nameAt[place], addSums(byName.get(nameAt[place]) ?? noSums, sums));
  }
  const largest = [...byName]
    .filter(([name]) => name !== rest)
    .toSorted(([, left], [, right]) => {
      const [a, b] = [rankOf(left, rankBy), rankOf(right, rankBy)];
      return a === b ? 0 : a < b ? 1 : -1;
    });
  const names = largest.slice(0, top).map(([name]) => name);
  const named = names.flatMap((name) => {
    const sums = byName.get(name);
    return sums === undefined || name === rest ? [] : [{ kind: "named" as const, name, sums }];
  });
  const others = [...byName].filter(([name]) => !names.includes(name)).map(([, sums]) => sums);
  const remainder =
    others.length === 0 ? [] : [{ kind: "rest" as const, name: undefined, sums: others.reduce(addSums) }];
  const groupAt = nameAt.map((name) => (names.includes(name) ? names.indexOf(name) : names.length));
  return { groups: [...named, ...remainder], points: pointsOf(series.points, groupAt), total: series.total };
}

function pointsOf(points: Series["points"], groupAt: readonly number[]): Series["points"] {
  const merged = new Map<string, Series["points"][number]>();
  for (const { startsAt, group: place, sums } of points) {
    const group = groupAt[place] ?? 0;
    const key = `${startsAt} ${group}`;
    merged.set(key, { startsAt, group, sums: addSums(merged.get(key)?.sums ?? noSums, sums) });
  }
  return [...merged.values()].toSorted((left, right) => left.startsAt - right.startsAt || left.group - right.group);
}
