// Small pools of made-up rows.

import type { Pool, PoolRow } from "../pool.ts";

export function rowOf(id: string, changes: Partial<PoolRow> = {}): PoolRow {
  return {
    id,
    task: "task",
    subject: undefined,
    prompt: `prompt ${id}`,
    outcomes: Float64Array.of(0, 1),
    outputCharacters: Float64Array.of(400, 400),
    group: Number(id.replace(/\D/g, "")),
    ...changes,
  };
}

/** Two models: `cheap` for 1 USD per million tokens, `dear` for 10. */
export function poolOf(rows: readonly PoolRow[]): Pool {
  const model = (name: string, price: number) => ({
    name,
    inputPrice: price,
    outputPrice: price,
    hiddenOutputFactor: 1,
  });
  return { name: "pool", models: [model("cheap", 1), model("dear", 10)], rows };
}
