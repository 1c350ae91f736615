// What an answer of a model cost or will cost: characters / 4 as tokens, at list prices, hidden tokens of the output included.

import type { Forecast, PoolModel, PoolRow } from "../pool.ts";

const charactersOfToken = 4;

/** Stands for answers whose length the data does not have. */
const usualOutputCharacters = 800;

/** USD; NaN for a model without a price. */
export function costOf(model: PoolModel, promptCharacters: number, outputCharacters: number): number {
  const output = Number.isNaN(outputCharacters) ? usualOutputCharacters : outputCharacters;
  const input = promptCharacters * (model.inputPrice ?? Number.NaN);
  const billed = output * model.hiddenOutputFactor * (model.outputPrice ?? Number.NaN);
  return (input + billed) / charactersOfToken / 1e6;
}

/** What each model's answer to the row cost. */
export function actualCosts(models: readonly PoolModel[], row: PoolRow): Float64Array {
  return Float64Array.from(models, (model, index) =>
    costOf(model, row.prompt.length, row.outputCharacters[index] ?? Number.NaN),
  );
}

/** What each model's answer is expected to cost before anybody was asked. */
export function expectedCosts(models: readonly PoolModel[], prompt: string, forecast: Forecast): Float64Array {
  return Float64Array.from(models, (model, index) =>
    costOf(model, prompt.length, forecast.outputCharacters[index] ?? Number.NaN),
  );
}
