// Two models, and which prompts should go to the strong one: RouteLLM's benchmarks (T1, T2, T3) and MMLU-Pro's pair (T4).

import type { Pool, Trainer } from "../pool.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { baselineNames, type Laboratory } from "./laboratory.ts";
import type { Baseline, Measure } from "./measure.ts";
import { aurocOf, curveOf, orderOf, type Curve, type Ranked } from "./ranking-metrics.ts";
import { narrowed, type Split } from "./samples.ts";
import { hashOf } from "./seeded.ts";

export type Pair = { readonly pool: string; readonly weak: string; readonly strong: string };

const routeLlm = { weak: "mixtral-8x7b", strong: "gpt-4-1106" };
export const mmluProPair: Pair = { pool: "mmlupro", weak: "gemini-1.5-flash-002", strong: "gpt-4o-2024-05" };

type Figure = { readonly name: string; readonly unit: Measure["unit"]; readonly of: (curve: Curve) => number };
const apgr: Figure = { name: "APGR", unit: "number", of: (curve) => curve.apgr };
const callShare = (percent: number): Figure => ({
  name: `CPT${percent}`,
  unit: "percent",
  of: (curve) => 100 * curve.callShare(percent / 100),
});

export function measureT1(laboratory: Laboratory): Measure[] {
  return measurePair(laboratory, "T1", { pool: "mmlu", ...routeLlm }, [
    { figure: apgr, goal: { bound: "least", value: 0.69 } },
    { figure: callShare(50), goal: { bound: "most", value: 26 } },
    { figure: callShare(80), goal: { bound: "most", value: 56 } },
  ]);
}

export function measureT3(laboratory: Laboratory): Measure[] {
  const goals = [{ figure: apgr, goal: { bound: "least" as const, value: 0.62 } }];
  return measurePair(laboratory, "T3", { pool: "gsm8k", ...routeLlm }, goals);
}

export function measureT4(laboratory: Laboratory): Measure[] {
  return measurePair(laboratory, "T4", mmluProPair, [{ figure: apgr, goal: { bound: "least", value: 0.645 } }]);
}

const fewLabels = 1_000;

/** As T1, but each fold's models are trained on 1,000 rows only. */
export function measureT2(laboratory: Laboratory): Measure[] {
  const pool = laboratory.pool("mmlu");
  if (pool === undefined) return [];
  const learned = laboratory.trainer("learned");
  const few: Trainer = (from, rows, seed) =>
    learned(from, rows.toSorted((a, b) => hashOf(a.id, seed + 7) - hashOf(b.id, seed + 7)).slice(0, fewLabels), seed);
  const splits = laboratory.splitsWith(pool, few);
  const goals = [{ figure: apgr, goal: { bound: "least" as const, value: 0.64 } }];
  return rankMeasures(laboratory, "T2", { pool: "mmlu", ...routeLlm }, pool, splits, goals);
}

type Goals = readonly { readonly figure: Figure; readonly goal: Measure["goal"] }[];

function measurePair(laboratory: Laboratory, target: string, pair: Pair, goals: Goals): Measure[] {
  const pool = laboratory.pool(pair.pool);
  if (pool === undefined) return [];
  return rankMeasures(laboratory, target, pair, pool, laboratory.splits(pool, "learned"), goals);
}

type PairRow = Ranked & { readonly weakPass: number };
type RankedRows = {
  readonly rows: readonly PairRow[];
  readonly groups: readonly number[];
  readonly order: readonly number[];
};

function rankMeasures(
  laboratory: Laboratory,
  target: string,
  pair: Pair,
  pool: Pool,
  splits: readonly Split[],
  goals: Goals,
): Measure[] {
  const learned = rankedRows(pool, pair, splits);
  const others = baselineNames.map((name) => ({ name, ranked: rankedRows(pool, pair, laboratory.splits(pool, name)) }));
  const auroc = aurocOf(
    learned.rows.map(({ weakPass }) => weakPass),
    learned.rows.map(({ weak }) => weak),
    orderOf(learned.rows.map(({ weakPass }) => weakPass)),
    ones(learned.rows.length),
  );
  return goals.map(({ figure, goal }): Measure => {
    const at = ({ rows, order }: RankedRows, weights: ArrayLike<number>): number =>
      figure.of(curveOf(rows, order, weights));
    const plain = (ranked: RankedRows): number => at(ranked, ones(ranked.rows.length));
    const oracle = reordered(learned, ({ strong, weak }) => strong - weak);
    const baselines: Baseline[] = others.map(({ name, ranked }) => ({ name, value: plain(ranked) }));
    return {
      target,
      pool: pair.pool,
      name: figure.name,
      unit: figure.unit,
      goal,
      value: plain(learned),
      interval: bootstrapInterval(learned.groups, (weights) => at(learned, weights), laboratory.seed),
      baselines: [...baselines, { name: "oracle", value: plain(oracle) }],
      notes: [
        `${pair.weak} -> ${pair.strong}, ${learned.rows.length} rows`,
        `AUROC of P(${pair.weak} passes) ${auroc.toFixed(3)}`,
      ],
    };
  });
}

function rankedRows(pool: Pool, pair: Pair, splits: readonly Split[]): RankedRows {
  const places = [pair.weak, pair.strong].map((name) => pool.models.findIndex((model) => model.name === name));
  const tests = splits.map(({ test }) => narrowed(test, places));
  const rows = tests.flatMap((sample) =>
    sample.rows.map(({ outcomes: [weak = 0, strong = 0] }, index): PairRow => {
      const [weakPass = 0, strongPass = 0] = sample.forecasts[index]?.pass ?? [];
      return { score: strongPass - weakPass, weak, strong, weakPass };
    }),
  );
  const groups = tests.flatMap((sample) => sample.rows.map(({ group }) => group));
  return { rows, groups, order: orderOf(rows.map(({ score }) => score)) };
}

function reordered(ranked: RankedRows, scoreOf: (row: Ranked) => number): RankedRows {
  const rows = ranked.rows.map((row) => ({ ...row, score: scoreOf(row) }));
  return { rows, groups: ranked.groups, order: orderOf(rows.map(({ score }) => score)) };
}

function ones(count: number): Float64Array {
  return new Float64Array(count).fill(1);
}
