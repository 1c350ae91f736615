// The report as rows of text and as JSON: one row a measure, with what simpler ways bring beside it.

import type { JsonObject } from "../../server/contracts/json.ts";
import type { Interval } from "./bootstrap.ts";
import { isMet, type Baseline, type Measure, type Unit } from "./measure.ts";

export type Report = {
  readonly measures: readonly Measure[];
  readonly seed: number;
  readonly seconds: number;
  /** What was measured and how: `five folds of ...`. */
  readonly how: string;
};

/** Baselines with a column of their own; others are named behind the table. */
const columnsOfBaselines: readonly (readonly [title: string, beginning: string])[] = [
  ["random", "random"],
  ["length", "length"],
  ["keywords", "keywords"],
  ["category", "category"],
  ["prompt only", "prompt only"],
  ["cheap", "always cheap"],
  ["strong", "always strong"],
  ["best single", "best single"],
  ["oracle", "oracle"],
];

export const reportTitles: readonly string[] = [
  "target",
  "pool",
  "measure",
  "goal",
  "measured",
  "95%",
  "quality",
  "95%",
  "met",
  ...columnsOfBaselines.map(([title]) => title),
];

/** Titles in front of which numbers begin, so that a table may align them right. */
export const textColumns = 3;

export function reportRows({ measures }: Report): string[][] {
  return measures.map((measure) => {
    const { target, pool, name, unit, goal, value, interval, quality } = measure;
    return [
      target,
      pool,
      name,
      `${goal.bound === "least" ? ">=" : "<="} ${shown(goal.value, unit)}`,
      shown(value, unit),
      interval === undefined ? "" : shownInterval(interval, unit),
      quality === undefined ? "" : percentOf(quality.value),
      quality === undefined ? "" : `${percentOf(quality.interval.low)}..${percentOf(quality.interval.high)}`,
      isMet(measure) ? "yes" : "no",
      ...columnsOfBaselines.map(([, beginning]) => shownBaseline(baselineOf(measure, beginning), unit)),
    ];
  });
}

/** What the columns have no place for, one line a measure. */
export function reportNotes({ measures }: Report): string[] {
  return measures.map((measure) => {
    const others = measure.baselines.filter(
      (baseline) => !columnsOfBaselines.some(([, beginning]) => baseline === baselineOf(measure, beginning)),
    );
    const best = baselineOf(measure, "best single");
    const parts = [
      ...measure.notes,
      ...(best === undefined ? [] : [best.name]),
      ...others.map((baseline) => `${baseline.name} ${shownBaseline(baseline, measure.unit)}`),
    ];
    return `${measure.target} ${measure.pool}, ${measure.name}: ${parts.join("; ")}.`;
  });
}

export function reportSummary({ measures, seconds, how, seed }: Report): string {
  const met = measures.filter(isMet).length;
  return `${met} of ${measures.length} met; ${how}, seed ${seed}, ${Math.round(seconds)} s.`;
}

export function reportJson(report: Report): JsonObject {
  return {
    ok: report.measures.every(isMet),
    seed: report.seed,
    seconds: report.seconds,
    how: report.how,
    measures: report.measures.map((measure) => ({
      target: measure.target,
      pool: measure.pool,
      measure: measure.name,
      unit: measure.unit,
      goal: { [measure.goal.bound === "least" ? "at_least" : "at_most"]: measure.goal.value },
      value: finite(measure.value),
      interval: measure.interval === undefined ? null : [finite(measure.interval.low), finite(measure.interval.high)],
      quality:
        measure.quality === undefined
          ? null
          : {
              at_least: finite(measure.quality.least),
              value: finite(measure.quality.value),
              interval: [finite(measure.quality.interval.low), finite(measure.quality.interval.high)],
            },
      met: isMet(measure),
      baselines: measure.baselines.map(({ name, value, quality }) => ({
        name,
        value: finite(value),
        ...(quality !== undefined && { quality: finite(quality) }),
      })),
      notes: [...measure.notes],
    })),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function baselineOf({ baselines }: Measure, beginning: string): Baseline | undefined {
  return baselines.find(({ name }) => name.startsWith(beginning));
}

/** `54.6@98.2`: percent saved at percent of the quality. */
function shownBaseline(baseline: Baseline | undefined, unit: Unit): string {
  if (baseline === undefined) return "";
  const { value, quality } = baseline;
  return quality === undefined ? shown(value, unit) : `${shown(value, unit)}@${percentOf(quality)}`;
}

function shown(value: number, unit: Unit): string {
  if (Number.isNaN(value)) return "-";
  if (unit === "number") return value.toFixed(3);
  return unit === "percent" ? value.toFixed(1) : `${Math.round(value)} us`;
}

function shownInterval({ low, high }: Interval, unit: Unit): string {
  return `${shown(low, unit)}..${shown(high, unit)}`;
}

function percentOf(share: number): string {
  return (100 * share).toFixed(1);
}
