// Forecasters that know one thing of a prompt: the baselines that every report shows beside the learned one.

import type { Forecast, Pool, PoolRow, Trainer } from "../pool.ts";
import { hashOf } from "./seeded.ts";

/** Counts like so many rows with the mean of all. */
const priorRows = 10;

export type BaselineTrainers = {
  readonly random: Trainer;
  readonly length: Trainer;
  readonly keywords: Trainer;
  readonly category: Trainer;
};

/** Scorer and true category are looked up by the prompt's text among these rows; unknown prompts get the mean of all. */
export function baselineTrainers(
  rows: readonly PoolRow[],
  keywordScores: ReadonlyMap<string, number>,
): BaselineTrainers {
  const byPrompt = new Map(rows.map((row) => [row.prompt, row]));
  const scoreOf = (prompt: string): number => keywordScores.get(byPrompt.get(prompt)?.id ?? "") ?? 0;
  const categoryOf = (prompt: string): string => {
    const row = byPrompt.get(prompt);
    return row === undefined ? "" : `${row.task} ${row.subject ?? ""}`;
  };
  return {
    random: (pool, training, seed) => rateByBin(pool, training, (prompt) => String(hashOf(prompt, seed) % 50)),
    length: (pool, training) =>
      rateByBin(
        pool,
        training,
        quantileOf(training, ({ length }) => length),
      ),
    keywords: (pool, training) => rateByBin(pool, training, quantileOf(training, scoreOf)),
    category: (pool, training) => rateByBin(pool, training, categoryOf),
  };
}

/** Twenty ranges with equally many training rows in each. */
function quantileOf(rows: readonly PoolRow[], valueOf: (prompt: string) => number): (prompt: string) => string {
  const values = rows.map(({ prompt }) => valueOf(prompt)).toSorted((left, right) => left - right);
  const edges = Array.from({ length: 19 }, (_, edge) => values[Math.floor(((edge + 1) / 20) * values.length)] ?? 0);
  return (prompt) => {
    const value = valueOf(prompt);
    return String(edges.filter((edge) => value >= edge).length);
  };
}

type Sums = {
  readonly pass: Float64Array;
  readonly asked: Float64Array;
  readonly length: Float64Array;
  readonly lengths: Float64Array;
};

function rateByBin(pool: Pool, rows: readonly PoolRow[], binOf: (prompt: string) => string) {
  const empty = (): Sums => ({
    pass: new Float64Array(pool.models.length),
    asked: new Float64Array(pool.models.length),
    length: new Float64Array(pool.models.length),
    lengths: new Float64Array(pool.models.length),
  });
  const all = empty();
  const bins = new Map<string, Sums>();
  for (const row of rows) {
    const bin = binOf(row.prompt);
    const sums = bins.get(bin) ?? empty();
    bins.set(bin, sums);
    for (const target of [all, sums]) add(target, row);
  }
  const overall = forecastOf(all, undefined);
  const forecasts = new Map([...bins].map(([bin, sums]) => [bin, forecastOf(sums, overall)]));
  return { forecast: (prompt: string): Forecast => forecasts.get(binOf(prompt)) ?? overall };
}

function add(sums: Sums, { outcomes, outputCharacters }: PoolRow): void {
  outcomes.forEach((outcome, model) => {
    if (!Number.isNaN(outcome)) {
      sums.pass[model] = (sums.pass[model] ?? 0) + outcome;
      sums.asked[model] = (sums.asked[model] ?? 0) + 1;
    }
    const length = outputCharacters[model] ?? Number.NaN;
    if (!Number.isNaN(length)) {
      sums.length[model] = (sums.length[model] ?? 0) + length;
      sums.lengths[model] = (sums.lengths[model] ?? 0) + 1;
    }
  });
}

function forecastOf({ pass, asked, length, lengths }: Sums, overall: Forecast | undefined): Forecast {
  const prior = overall === undefined ? 0 : priorRows;
  const shrunk = (sum: Float64Array, count: Float64Array, means: Float64Array | undefined): Float64Array =>
    sum.map((value, model) => {
      const rows = (count[model] ?? 0) + prior;
      const before = prior === 0 ? 0 : prior * (means?.[model] ?? 0);
      return rows === 0 ? Number.NaN : (value + before) / rows;
    });
  return {
    pass: shrunk(pass, asked, overall?.pass),
    outputCharacters: shrunk(length, lengths, overall?.outputCharacters),
    known: 1,
  };
}
