// What the laboratory works on: pools of models that all answered the same graded prompts.

/** One model of a pool, with its place in every row's lists. */
export type PoolModel = {
  readonly name: string;
  /** USD per million tokens; undefined where the data has no price: such a model takes part in training only. */
  readonly inputPrice: number | undefined;
  readonly outputPrice: number | undefined;
  /** Tokens billed for each visible one of the output; 1 unless the model hides its reasoning. */
  readonly hiddenOutputFactor: number;
};

export type PoolRow = {
  readonly id: string;
  readonly task: string;
  /** Subject within the task; undefined where there is none. */
  readonly subject: string | undefined;
  readonly prompt: string;
  /** 0 to 1 for each model of the pool; NaN where it was not asked. */
  readonly outcomes: Float64Array;
  /** Characters of each model's answer; NaN where unknown. */
  readonly outputCharacters: Float64Array;
  /** Each model's final answer, normalised, for agreement; undefined where none was found. Absent: the pool has none. */
  readonly answers?: readonly (string | undefined)[];
  /** Rows that are nearly the same prompt share a number, and stay in one fold. */
  readonly group: number;
  /** The split that the pool's publisher made. */
  readonly split?: "train" | "test";
};

export type Pool = {
  /** `mmlu`, `gsm8k`, `mmlupro`, `zeroeval`, `llmrouter`. */
  readonly name: string;
  readonly models: readonly PoolModel[];
  readonly rows: readonly PoolRow[];
};

/** What a prompt is expected to bring with each model of the pool it was trained on, in the pool's order. */
export type Forecast = {
  /** 0 to 1. */
  readonly pass: Float64Array;
  readonly outputCharacters: Float64Array;
  /** 0 (nothing like it was trained on) to 1 (well known). */
  readonly known: number;
};

export type Forecaster = { forecast(prompt: string): Forecast };

/** Trains on some rows of a pool, with the same seed always the same. `task` of a row may be used, its outcomes are. */
export type Trainer = (pool: Pool, rows: readonly PoolRow[], seed: number) => Forecaster;
