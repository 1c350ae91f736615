// Rows with forecasts by models that were not trained on them: the development rows that everything is fixed on, and the
// rows that are measured.

import type { Forecast, Forecaster, Pool, PoolRow, Trainer } from "../pool.ts";
import { dealFolds } from "./folds.ts";

export type Sample = { readonly rows: readonly PoolRow[]; readonly forecasts: readonly Forecast[] };

/** One measurement: whatever is fixed is fixed on `development`, and only then seen on `test`. */
export type Split = {
  readonly name: string;
  readonly development: Sample;
  readonly test: Sample;
  /** Trained on everything in `development`. */
  readonly forecaster: Forecaster;
};

const foldCount = 5;

/**
 * Every row is measured once. A development forecast comes from a model that saw neither its row nor the measured fold,
 * so each pair of folds shares one training.
 */
export function crossValidate(pool: Pool, trainer: Trainer, seed: number): Split[] {
  const folds = dealFolds(pool.rows, foldCount, seed);
  const without = new Map<string, Forecaster>();
  const trainedWithout = (left: number, right: number): Forecaster => {
    const key = `${Math.min(left, right)} ${Math.max(left, right)}`;
    const rows = folds.filter((_, index) => index !== left && index !== right).flat();
    const forecaster = without.get(key) ?? trainer(pool, rows, seed);
    without.set(key, forecaster);
    return forecaster;
  };
  return folds.map((fold, index) => {
    const parts = folds.flatMap((rows, other) =>
      other === index ? [] : [forecastAll(trainedWithout(index, other), rows)],
    );
    const forecaster = trainedWithout(index, index);
    return { name: `fold ${index + 1}`, development: joined(parts), test: forecastAll(forecaster, fold), forecaster };
  });
}

/** Trains on some rows and measures on others. Rows to train on that are nearly one to measure on are left out. */
export function trainAndTest(
  pool: Pool,
  name: string,
  training: readonly PoolRow[],
  test: readonly PoolRow[],
  trainer: Trainer,
  seed: number,
): Split {
  const rows = unlike(training, test);
  const folds = dealFolds(rows, foldCount, seed);
  const parts = folds.map((fold, index) => {
    const others = folds.filter((_, other) => other !== index).flat();
    return forecastAll(trainer(pool, others, seed), fold);
  });
  const forecaster = trainer(pool, rows, seed);
  return { name, development: joined(parts), test: forecastAll(forecaster, test), forecaster };
}

/** The same with one training: a fifth of the rows is kept apart to fix things on. */
export function trainOnceAndTest(
  pool: Pool,
  name: string,
  training: readonly PoolRow[],
  test: readonly PoolRow[],
  trainer: Trainer,
  seed: number,
): Split {
  const [apart = [], ...others] = dealFolds(unlike(training, test), foldCount, seed);
  const forecaster = trainer(pool, others.flat(), seed);
  return { name, development: forecastAll(forecaster, apart), test: forecastAll(forecaster, test), forecaster };
}

/** @throws RangeError when nothing is left. */
function unlike(training: readonly PoolRow[], test: readonly PoolRow[]): PoolRow[] {
  const measured = new Set(test.map(({ group }) => group));
  const rows = training.filter(({ group }) => !measured.has(group));
  if (rows.length > 0) return rows;
  throw new RangeError(
    "Every row to train on is nearly one to measure on: --test must name another folder than --data.",
  );
}

export function forecastAll(forecaster: Forecaster, rows: readonly PoolRow[]): Sample {
  return { rows, forecasts: rows.map(({ prompt }) => forecaster.forecast(prompt)) };
}

export function joined(samples: readonly Sample[]): Sample {
  return { rows: samples.flatMap(({ rows }) => rows), forecasts: samples.flatMap(({ forecasts }) => forecasts) };
}

/** Only rows that every one of these models answered, and of the models only these, in this order. */
export function narrowed(sample: Sample, places: readonly number[]): Sample {
  const pick = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(places, (place) => values[place] ?? Number.NaN);
  const kept = sample.rows.flatMap((row, index) => {
    const forecast = sample.forecasts[index];
    const outcomes = pick(row.outcomes);
    if (forecast === undefined || outcomes.some((outcome) => Number.isNaN(outcome))) return [];
    const narrowedRow: PoolRow = {
      ...row,
      outcomes,
      outputCharacters: pick(row.outputCharacters),
      ...(row.answers !== undefined && { answers: places.map((place) => row.answers?.[place]) }),
    };
    const narrowedForecast = {
      pass: pick(forecast.pass),
      outputCharacters: pick(forecast.outputCharacters),
      known: forecast.known,
    };
    return [{ row: narrowedRow, forecast: narrowedForecast }];
  });
  return { rows: kept.map(({ row }) => row), forecasts: kept.map(({ forecast }) => forecast) };
}
