// One run of the report: loads the data, trains, measures the targets that were asked for.

import { loadData } from "../data/load-data.ts";
import type { Trainer } from "../pool.ts";
import { Laboratory } from "./laboratory.ts";
import type { Report } from "./report.ts";
import { targets } from "./targets.ts";

export type EvaluationOptions = {
  /** A folder of graded prompts: measured in five folds. */
  readonly data: string;
  /** Another such folder: then everything is trained on the first and measured on this. */
  readonly test: string | undefined;
  /** Names such as `T5`; undefined for all. */
  readonly targets: readonly string[] | undefined;
  readonly seed: number;
  readonly trainer: Trainer;
  /** Told before each target; the clock is in milliseconds. */
  readonly onTarget: (name: string) => void;
  readonly clock: () => number;
};

/** @throws DataMistake when the data is not as it must be; RangeError for a target that does not exist. */
export function evaluate(options: EvaluationOptions): Report {
  const names = options.targets ?? [...targets.keys()];
  const unknown = names.find((name) => !targets.has(name));
  if (unknown !== undefined)
    throw new RangeError(`There is no target "${unknown}", only ${[...targets.keys()].join(", ")}.`);
  const startedAt = options.clock();
  const data = loadData(options.data, options.test);
  const laboratory = new Laboratory(data, options.trainer, options.seed);
  const measures = names.flatMap((name) => {
    options.onTarget(name);
    return targets.get(name)?.(laboratory) ?? [];
  });
  const rows = laboratory.pools.reduce((sum, pool) => sum + laboratory.measuredRows(pool).length, 0);
  const how =
    options.test === undefined
      ? `five folds of ${rows} rows`
      : `trained on one folder, measured on ${rows} rows of another`;
  return { measures, seed: options.seed, seconds: (options.clock() - startedAt) / 1_000, how };
}
