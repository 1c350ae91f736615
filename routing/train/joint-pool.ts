// All pools as one, for the weights that ship: every model that anywhere answered graded prompts, and all the prompts.

import type { Pool, PoolModel, PoolRow } from "../pool.ts";

/** A model that several pools have is one; what it was not asked is NaN. Groups must be numbered over all pools. */
export function joinPools(pools: readonly Pool[]): Pool {
  const models = new Map<string, PoolModel>();
  for (const pool of pools) for (const model of pool.models) if (!models.has(model.name)) models.set(model.name, model);
  const names = [...models.keys()];
  const rows = pools.flatMap((pool) => {
    const places = names.map((name) => pool.models.findIndex((model) => model.name === name));
    const reorder = (values: Float64Array): Float64Array =>
      Float64Array.from(places, (place) => values[place] ?? Number.NaN);
    return pool.rows.map(({ id, task, subject, prompt, outcomes, outputCharacters, group }): PoolRow => ({
      id,
      task: `${pool.name}/${task}`,
      subject,
      prompt,
      outcomes: reorder(outcomes),
      outputCharacters: reorder(outputCharacters),
      group,
    }));
  });
  return { name: "joint", models: [...models.values()], rows };
}
