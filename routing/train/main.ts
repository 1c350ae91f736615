// Trains the weights that ship, on all pools of a folder together:
// bun routing/train/main.ts FOLDER FILE [SEED]

import { encodeWeights } from "../../server/routing/learned/weights.ts";
import { DataMistake } from "../data/data-mistake.ts";
import { loadData } from "../data/load-data.ts";
import { joinPools } from "./joint-pool.ts";
import { trainWeights } from "./train-weights.ts";

/** The file stays far below two megabytes: rarer words have no weights, and there are heads for the pool as a whole alone. */
const size = { fewest: 3, singleModels: 0 };

async function main(folder: string | undefined, file: string | undefined, seed: number): Promise<string> {
  if (folder === undefined || file === undefined || !Number.isSafeInteger(seed))
    return "usage: bun routing/train/main.ts FOLDER FILE [SEED]\n";
  const pool = joinPools(loadData(folder).pools);
  const weights = trainWeights(pool, pool.rows, seed, size);
  const bytes = encodeWeights(weights);
  await Bun.write(file, bytes);
  process.exitCode = 0;
  return `${file}: ${bytes.length} bytes, ${weights.models.length} models, ${pool.rows.length} prompts, ${weights.rarities.length} rows of ${weights.heads} heads\n`;
}

process.exitCode = 1;
const [folder, file, seed = "1"] = process.argv.slice(2);
try {
  process.stdout.write(await main(folder, file, Number(seed)));
} catch (error) {
  if (!(error instanceof DataMistake)) throw error;
  process.stderr.write(`${error.message}\n`);
}
