// A task that nothing was trained on: never much worse than the best single model at the same cost (T10).

import type { Pool } from "../pool.ts";
import type { Laboratory } from "./laboratory.ts";
import type { Measure } from "./measure.ts";
import { mean } from "./policy.ts";
import { always, keep, keptAt, planSplit, promptOnly, singlePlans, type PlannedSplit } from "./savings.ts";
import { bestModel, pricedModels, verified } from "./savings-targets.ts";
import { bootstrapInterval } from "./bootstrap.ts";

const mostWorse = -0.5;

/** Fewer rows than this say nothing about half a percent; they are named, and do not decide. */
const fewestRows = 100;

type TaskResult = {
  readonly task: string;
  readonly rows: number;
  /** Percent of the accuracy of the best model that cost no more on the same rows, found afterwards. */
  readonly gain: number;
  /** The same against the best model at its cost on the rows that were trained on. */
  readonly gainForeseen: number;
  readonly low: number;
  readonly high: number;
  readonly best: string;
};

export function measureT10(laboratory: Laboratory): Measure[] {
  return laboratory.pools.flatMap((pool) => {
    const results = taskResults(laboratory, pool);
    const decisive = results.filter(({ rows }) => rows >= fewestRows);
    const worst = decisive.toSorted((a, b) => a.gain - b.gain)[0];
    if (worst === undefined) return [];
    const below = results.filter(({ gain }) => gain < mostWorse);
    const total = results.reduce((sum, { rows }) => sum + rows, 0);
    const together = (of: (result: TaskResult) => number): number =>
      results.reduce((sum, result) => sum + (of(result) * result.rows) / total, 0);
    return [
      {
        target: "T10",
        pool: pool.name,
        name: `worst left-out task (${worst.task})`,
        unit: "percent",
        goal: { bound: "least", value: mostWorse },
        value: worst.gain,
        interval: { low: worst.low, high: worst.high },
        baselines: [
          {
            name: "worst against the best foreseen",
            value: Math.min(...decisive.map(({ gainForeseen }) => gainForeseen)),
          },
          { name: "mean", value: together(({ gain }) => gain) },
          { name: "mean against the best foreseen", value: together(({ gainForeseen }) => gainForeseen) },
        ],
        notes: [
          `${results.length} tasks, ${below.length} below ${mostWorse}%: ${below.map(({ task, gain, rows, best }) => `${task} ${gain.toFixed(1)}% of ${rows} rows, best ${best}`).join("; ") || "none"}`,
        ],
      } satisfies Measure,
    ];
  });
}

function taskResults(laboratory: Laboratory, pool: Pool): TaskResult[] {
  const splits = laboratory.splitsByTask(pool);
  const hasAnswers = pool.rows.some(({ answers }) => answers !== undefined);
  const bounds = hasAnswers ? verified : promptOnly;
  const models = pricedModels(pool);
  return splits.flatMap((split) => {
    const reference = bestModel(pool, split.development.rows, models);
    const planned = planSplit({ pool, models, reference, bounds }, split, laboratory.seed);
    return planned === undefined ? [] : [taskResult(planned, laboratory.seed)];
  });
}

function taskResult(split: PlannedSplit, seed: number): TaskResult {
  const router = keep([split], keptAt(1));
  const usd = mean(router.router.usd);
  const singles = singlePlans(split).map(({ plan, name }) => ({
    name,
    measured: always(plan)(split),
    foreseen: mean(split.development.map(({ alone }) => alone[plan]?.taken.pass ?? 0)),
  }));
  const affordable = singles.filter(({ measured }) => mean(measured.usd) <= usd * 1.000_001);
  const best = affordable.toSorted((a, b) => mean(b.measured.pass) - mean(a.measured.pass))[0];
  const foreseen = affordable.toSorted((a, b) => b.foreseen - a.foreseen)[0];
  const gainOver = (pass: ArrayLike<number> | undefined, weights?: ArrayLike<number>): number =>
    pass === undefined ? 0 : 100 * (weightedMean(router.router.pass, weights) / weightedMean(pass, weights) - 1);
  const interval = bootstrapInterval(router.groups, (weights) => gainOver(best?.measured.pass, weights), seed);
  return {
    task: split.name,
    rows: split.test.length,
    gain: gainOver(best?.measured.pass),
    gainForeseen: gainOver(foreseen?.measured.pass),
    ...interval,
    best: best?.name ?? "none",
  };
}

function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number> | undefined): number {
  let [sum, total] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    const weight = weights?.[index] ?? 1;
    sum += weight * (values[index] ?? 0);
    total += weight;
  }
  return sum / total;
}
