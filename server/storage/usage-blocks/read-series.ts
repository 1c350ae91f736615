// Usage over time: every block of the range added up, and beside them the rows that are not packed yet. Other requests go
// between the blocks; when blocks changed meanwhile it is read again.

import type { Kysely } from "kysely";
import type { WorkspaceId } from "../../contracts/ids.ts";
import type { Ranking, Series, SeriesQuery, UsageSums } from "../../workspaces/usage-records.ts";
import { addSums, noSums, rankOf } from "../../workspaces/usage-sums.ts";
import type { Tables } from "../database.ts";
import { Adder, restName, type Cells } from "./add-up.ts";
import { intervalsOf } from "./intervals.ts";
import { othersTurn, packedState, partsOf, type Reading } from "./read-parts.ts";

/** More groups than this are counted first and then only the largest kept apart, so that memory stays bounded. */
const mostGroups = 200;
/** Blocks change every few seconds; a reading takes a fraction of one. */
const mostTries = 5;

/** @throws Error when blocks change all the time */
export async function readSeries(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  series: SeriesQuery,
): Promise<Series> {
  for (let tries = 1; ; tries++) {
    const before = await packedState(query, workspaceId);
    const reading = { query, workspaceId, series, packedTo: before.packedTo };
    const cells = await addUp(reading);
    await othersTurn();
    if ((await packedState(query, workspaceId)).version === before.version) return seriesOf(series, cells);
    if (tries === mostTries) throw new Error("the blocks of usage kept changing while they were read");
  }
}

async function addUp(reading: Reading): Promise<Cells> {
  const { series } = reading;
  const intervals = intervalsOf(series);
  const adder = new Adder(series, intervals);
  for await (const part of partsOf(reading)) {
    part(adder);
    if (adder.size > mostGroups) break;
  }
  if (adder.size <= mostGroups) {
    await othersTurn();
    adder.fold(series.rankBy, series.top);
    return adder.finish();
  }
  const whole = { starts: [series.filter.from], placeOf: () => 0 };
  const totals = new Adder(series, whole);
  for await (const part of partsOf(reading)) part(totals);
  const largest = ranked(totals.finish(), series.rankBy).slice(0, series.top);
  const again = new Adder(series, intervals, new Set(largest.map(({ name }) => name)));
  for await (const part of partsOf(reading)) part(again);
  return again.finish();
}

type Ranked = { readonly name: string; readonly sums: UsageSums; readonly intervals: ReadonlyMap<number, UsageSums> };

/** Groups that have anything, the largest first. */
function ranked({ groups }: Cells, rankBy: Ranking): Ranked[] {
  const all = [...groups].flatMap(([name, intervals]) => {
    const sums = [...intervals.values()].reduce(addSums, noSums);
    return sums.requests === 0 ? [] : [{ name, sums, intervals }];
  });
  return all.toSorted((left, right) => {
    const [a, b] = [rankOf(left.sums, rankBy), rankOf(right.sums, rankBy)];
    return a === b ? (left.name < right.name ? -1 : 1) : a < b ? 1 : -1;
  });
}

function seriesOf(series: SeriesQuery, cells: Cells): Series {
  const { starts } = intervalsOf(series);
  const all = ranked(cells, series.rankBy);
  const named = all.filter(({ name }) => name !== restName).slice(0, series.top);
  const rest = all.filter((one) => !named.includes(one));
  const groups = named.map(({ name, sums, intervals }) => {
    return { kind: "named" as const, name: name === "" ? undefined : name, sums, intervals };
  });
  const merged = rest.length === 0 ? [] : [{ kind: "rest" as const, name: undefined, ...mergedOf(rest) }];
  const shown = [...groups, ...merged];
  const points = shown.flatMap(({ intervals }, group) =>
    [...intervals].map(([place, sums]) => ({ startsAt: starts[place] ?? 0, group, sums })),
  );
  return {
    groups: shown.map(({ kind, name, sums }) => ({ kind, name, sums })),
    points: points.toSorted((left, right) => left.startsAt - right.startsAt || left.group - right.group),
    total: all.reduce((sum, { sums }) => addSums(sum, sums), noSums),
  };
}

function mergedOf(rest: readonly Ranked[]): Pick<Ranked, "sums" | "intervals"> {
  const intervals = new Map<number, UsageSums>();
  for (const [place, sums] of rest.flatMap((one) => [...one.intervals])) {
    intervals.set(place, addSums(intervals.get(place) ?? noSums, sums));
  }
  return { intervals, sums: rest.reduce((sum, { sums }) => addSums(sum, sums), noSums) };
}
