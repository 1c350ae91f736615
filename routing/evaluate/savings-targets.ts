// Money saved at a share of the reference's quality: by the prompt alone (T4, T7, T8) and with verified plans (T5, T6).

import type { Pool } from "../pool.ts";
import type { PlanBounds } from "../../server/routing/plans/plan-steps.ts";
import { baselineNames, type ForecastSource, type Laboratory } from "./laboratory.ts";
import type { Measure } from "./measure.ts";
import { mean } from "./policy.ts";
import { mmluProPair } from "./ranking-targets.ts";
import {
  fixedBaselines,
  keep,
  keptAt,
  plannedSplits,
  promptOnly,
  qualityShare,
  savedPercent,
  savingsIntervals,
  type Kept,
  type SavingsQuestion,
} from "./savings.ts";

export const verified: PlanBounds = { mostCalls: 4, checks: true, agreement: true, cheapest: 6 };

export function measureT4Savings(laboratory: Laboratory): Measure[] {
  const { weak, strong } = mmluProPair;
  return measureSavings(laboratory, "T4", "mmlupro", [weak, strong], strong, promptOnly, [
    { quality: 0.95, saved: 64 },
    { quality: 0.98, saved: 34 },
  ]);
}

export function measureT5(laboratory: Laboratory): Measure[] {
  const priced = pricedModels(laboratory.pool("mmlupro"));
  const reference = mmluProPair.strong;
  const middle = "gemini-1.5-pro-002";
  const twoTiers = priced.filter((name) => name !== middle);
  return [
    ...measureSavings(
      laboratory,
      "T5",
      "mmlupro",
      twoTiers,
      reference,
      verified,
      [{ quality: 1, saved: 58 }],
      "two tiers",
    ),
    ...measureSavings(
      laboratory,
      "T5",
      "mmlupro",
      priced,
      reference,
      verified,
      [{ quality: 1.02, saved: 77 }],
      "three tiers",
    ),
  ];
}

export function measureT6(laboratory: Laboratory): Measure[] {
  const priced = pricedModels(laboratory.pool("zeroeval")).filter((name) => !name.startsWith("o1-"));
  const goals = [{ quality: 1, saved: 50 }];
  return measureSavings(laboratory, "T6", "zeroeval", priced, "claude-3-5-sonnet-20241022", verified, goals);
}

export function measureT7(laboratory: Laboratory): Measure[] {
  const priced = pricedModels(laboratory.pool("zeroeval"));
  return measureSavings(laboratory, "T7", "zeroeval", priced, "o1-mini-2024-09-12", promptOnly, [
    { quality: 1, saved: 34 },
    { quality: 0.98, saved: 52 },
  ]);
}

export function pricedModels(pool: Pool | undefined): string[] {
  return (pool?.models ?? []).filter(({ inputPrice }) => inputPrice !== undefined).map(({ name }) => name);
}

type SavingsGoal = { readonly quality: number; readonly saved: number };

function measureSavings(
  laboratory: Laboratory,
  target: string,
  poolName: string,
  models: readonly string[],
  reference: string,
  bounds: PlanBounds,
  goals: readonly SavingsGoal[],
  label?: string,
): Measure[] {
  const pool = laboratory.pool(poolName);
  if (pool === undefined) return [];
  const question: SavingsQuestion = { pool, models, reference, bounds };
  const planned = (source: ForecastSource, asked = question) =>
    plannedSplits(laboratory, asked, laboratory.splits(pool, source));
  const learned = planned("learned");
  const alone =
    bounds.mostCalls === 1
      ? []
      : [{ name: "prompt only", splits: planned("learned", { ...question, bounds: promptOnly }) }];
  const others = [...alone, ...baselineNames.map((name) => ({ name, splits: planned(name) }))];
  return goals.map(({ quality, saved }): Measure => {
    const kept = keep(learned, keptAt(quality));
    const simple = others.map(({ name, splits }) => ({ name, kept: keep(splits, keptAt(quality)) }));
    return {
      ...savingsMeasure(kept, quality, laboratory.seed),
      target,
      pool: poolName,
      name: `saved at ${Math.round(quality * 100)}%${label === undefined ? "" : `, ${label}`}`,
      goal: { bound: "least", value: saved },
      baselines: [
        ...simple.map((one) => ({ name: one.name, value: savedPercent(one.kept), quality: qualityShare(one.kept) })),
        ...fixedBaselines(learned, kept),
      ],
      notes: [`reference ${reference}, ${models.length} models, ${kept.groups.length} rows`],
    };
  });
}

function savingsMeasure(kept: Kept, quality: number, seed: number) {
  const intervals = savingsIntervals(kept, seed);
  return {
    unit: "percent" as const,
    value: savedPercent(kept),
    interval: intervals.saved,
    quality: { least: quality, value: qualityShare(kept), interval: intervals.quality },
  };
}

const aheadOfBest = 1.05;

/** The publisher's own split. The reference is the model that is best on its training rows. */
export function measureT8(laboratory: Laboratory): Measure[] {
  const pool = laboratory.pool("llmrouter");
  if (pool === undefined) return [];
  const training = pool.rows.filter(({ split }) => split === "train");
  const best = bestModel(pool, training, pricedModels(pool));
  const question: SavingsQuestion = { pool, models: pricedModels(pool), reference: best, bounds: promptOnly };
  const planned = (source: ForecastSource) =>
    plannedSplits(laboratory, question, laboratory.publishedSplit(pool, source));
  const learned = planned("learned");
  if (learned.length === 0) return [];
  const others = baselineNames.map((name) => ({ name, splits: planned(name) }));
  const most = keep(learned, keptAt(Number.POSITIVE_INFINITY));
  const same = keep(learned, keptAt(1));
  const notes = [
    `best single on training rows ${best}, ${same.groups.length} rows; answers' lengths are not published`,
  ];
  const gain = (kept: Kept): number => 100 * (qualityShare(kept) - 1);
  const quality = savingsIntervals(most, laboratory.seed).quality;
  const gains = others.map(({ name, splits }) => ({
    name,
    value: gain(keep(splits, keptAt(Number.POSITIVE_INFINITY))),
  }));
  return [
    {
      target: "T8",
      pool: "llmrouter",
      name: "accuracy over best single",
      unit: "percent",
      goal: { bound: "least", value: 100 * (aheadOfBest - 1) },
      value: gain(most),
      interval: { low: 100 * (quality.low - 1), high: 100 * (quality.high - 1) },
      baselines: [
        ...gains,
        ...fixedBaselines(learned, most).map(({ name, quality: share = 1 }) => ({ name, value: 100 * (share - 1) })),
      ],
      notes,
    },
    {
      ...savingsMeasure(same, 1, laboratory.seed),
      target: "T8",
      pool: "llmrouter",
      name: "saved at 100%",
      goal: { bound: "least", value: 78 },
      baselines: [
        ...others
          .map(({ name, splits }) => ({ name, kept: keep(splits, keptAt(1)) }))
          .map(({ name, kept }) => ({
            name,
            value: savedPercent(kept),
            quality: qualityShare(kept),
          })),
        ...fixedBaselines(learned, same),
      ],
      notes,
    },
  ];
}

/** The name of the model, among some, with the best mean over some rows. */
export function bestModel(pool: Pool, rows: Pool["rows"], among: readonly string[]): string {
  const means = among.map((name) => {
    const place = pool.models.findIndex((model) => model.name === name);
    const outcomes = rows.map((row) => row.outcomes[place] ?? Number.NaN).filter((outcome) => !Number.isNaN(outcome));
    return { name, mean: outcomes.length === 0 ? 0 : mean(outcomes) };
  });
  return means.reduce((best, one) => (one.mean > best.mean ? one : best)).name;
}
