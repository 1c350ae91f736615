// Everything that the targets are measured with: the pools, the learned trainer and the baselines, and their splits, made
// when first asked for.

import type { RoutingData } from "../data/load-data.ts";
import type { Pool, Trainer } from "../pool.ts";
import { baselineTrainers } from "./bin-trainers.ts";
import { crossValidate, trainAndTest, trainOnceAndTest, type Split } from "./samples.ts";

export const baselineNames = ["random", "length", "keywords", "category"] as const;
export type ForecastSource = "learned" | (typeof baselineNames)[number];

export class Laboratory {
  readonly #data: RoutingData;
  readonly #trainers: Readonly<Record<ForecastSource, Trainer>>;
  readonly #splits = new Map<string, Split[]>();

  constructor(
    data: RoutingData,
    trainer: Trainer,
    readonly seed: number,
  ) {
    this.#data = data;
    const rows = [...data.pools, ...data.testPools].flatMap((pool) => pool.rows);
    this.#trainers = { learned: trainer, ...baselineTrainers(rows, data.keywordScores) };
  }

  /** Undefined when the data has no such pool, neither to train nor to measure on. */
  pool(name: string): Pool | undefined {
    const pool = this.#data.pools.find((one) => one.name === name);
    return pool !== undefined && this.measuredRows(pool).length > 0 ? pool : undefined;
  }

  get pools(): readonly Pool[] {
    return this.#data.pools.filter(({ name }) => this.pool(name) !== undefined);
  }

  trainer(source: ForecastSource): Trainer {
    return this.#trainers[source];
  }

  /** Rows that are measured: of the other directory where there is one. */
  measuredRows(pool: Pool): Pool["rows"] {
    return this.#data.testPools.length === 0 ? pool.rows : (this.#testPool(pool)?.rows ?? []);
  }

  /** In five folds; or trained on everything, where other rows are to be measured. */
  splits(pool: Pool, source: ForecastSource): Split[] {
    return this.#once(`${pool.name} ${source}`, () => this.splitsWith(pool, this.trainer(source)));
  }

  /** The same with a trainer of one's own, made anew. */
  splitsWith(pool: Pool, trainer: Trainer): Split[] {
    if (this.#data.testPools.length === 0) return crossValidate(pool, trainer, this.seed);
    return [trainAndTest(pool, "test", pool.rows, this.measuredRows(pool), trainer, this.seed)];
  }

  /** By the split that the publisher made; undefined when there is none. */
  publishedSplit(pool: Pool, source: ForecastSource): Split[] {
    return this.#once(`${pool.name} ${source} published`, () => {
      const training = pool.rows.filter(({ split }) => split === "train");
      const test = this.measuredRows(pool).filter(({ split }) => split === "test");
      if (training.length === 0 || test.length === 0) return [];
      return [trainAndTest(pool, "published", training, test, this.trainer(source), this.seed)];
    });
  }

  /** One split a task, measured on rows of it and trained on the others. */
  splitsByTask(pool: Pool): Split[] {
    return this.#once(`${pool.name} by task`, () => {
      const taskOf = tasksOf(pool);
      return [...new Set(pool.rows.map(taskOf))].toSorted().flatMap((task) => {
        const training = pool.rows.filter((row) => taskOf(row) !== task);
        const test = this.measuredRows(pool).filter((row) => taskOf(row) === task);
        if (training.length === 0 || test.length === 0) return [];
        return [trainOnceAndTest(pool, task, training, test, this.trainer("learned"), this.seed)];
      });
    });
  }

  #testPool(pool: Pool): Pool | undefined {
    return this.#data.testPools.find(({ name }) => name === pool.name);
  }

  #once(key: string, make: () => Split[]): Split[] {
    const splits = this.#splits.get(key) ?? make();
    this.#splits.set(key, splits);
    return splits;
  }
}

const subjectFields: Readonly<Record<string, RegExp>> = {
  science: /math|algebra|physics|chemistry|biology|computer|engineering|astronomy|statistics|learning|security/,
  people: /econom|psych|sociol|politic|government|geography|policy|relations|sexuality|gender/,
  letters: /history|philosophy|law|logic|moral|religion|jurisprudence|prehistory|fallac/,
};

/** The pool's tasks; its subjects where it has one task; MMLU's many subjects as four fields. */
function tasksOf(pool: Pool): (row: Pool["rows"][number]) => string {
  if (new Set(pool.rows.map(({ task }) => task)).size > 1) return ({ task }) => task;
  const subjects = new Set(pool.rows.map(({ subject }) => subject ?? ""));
  if (subjects.size <= 20) return ({ subject }) => subject ?? "";
  const fieldOf = (subject: string): string =>
    Object.entries(subjectFields).find(([, pattern]) => pattern.test(subject))?.[0] ?? "others";
  return ({ subject }) => fieldOf(subject ?? "");
}
