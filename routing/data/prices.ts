// What each model of a pool cost in its time: `prices.csv`, and what publishers of pools say of their models.

import { DataMistake } from "./data-mistake.ts";
import { readLines } from "./read-lines.ts";

export type ModelPrice = {
  /** USD per million tokens. */
  readonly inputPrice: number;
  readonly outputPrice: number;
  /** Tokens billed for each visible one of the output. */
  readonly hiddenOutputFactor: number;
};

/** By pool and model, as `priceKey` writes them. */
export type Prices = ReadonlyMap<string, ModelPrice>;

export function priceKey(pool: string, model: string): string {
  return `${pool} ${model}`;
}

const header = "pool,model,usd_per_1m_in,usd_per_1m_out,hidden_output_factor";

/** LLMRouter publishes these with its candidates; input and output cost the same. */
const ofLlmRouter: Readonly<Record<string, number>> = {
  "codegemma-7b": 0.2,
  "gemma-2-9b-it": 0.1,
  "llama-3.1-8b-instruct": 0.2,
  "llama-3.1-nemotron-51b-instruct": 0.9,
  "llama-3.3-nemotron-super-49b-v1": 0.9,
  "llama3-chatqa-1.5-70b": 0.9,
  "llama3-chatqa-1.5-8b": 0.2,
  "mistral-7b-instruct-v0.3": 0.2,
  "qwen2.5-7b-instruct": 0.2,
};

/** RouteLLM's paper reckons with these for its two models, input and output alike. */
const ofRouteLlm: Readonly<Record<string, number>> = { "mixtral-8x7b": 0.24, "gpt-4-1106": 24.7 };

const published: readonly (readonly [pool: string, prices: Readonly<Record<string, number>>])[] = [
  ["llmrouter", ofLlmRouter],
  ["mmlu", ofRouteLlm],
  ["gsm8k", ofRouteLlm],
];

/** A row of the file comes before what is known here. Undefined when the directory has no `prices.csv`. @throws DataMistake */
export function readPrices(directory: string): Prices | undefined {
  const read = readLines(directory, "prices.csv");
  if (read === undefined) return undefined;
  const { file, lines } = read;
  const [first, ...rows] = lines;
  if (first?.text !== header) throw new DataMistake(file, 1, `the header must be ${header}`);
  const known = published.flatMap(([pool, models]) =>
    Object.entries(models).map(([model, price]): [string, ModelPrice] => [
      priceKey(pool, model),
      { inputPrice: price, outputPrice: price, hiddenOutputFactor: 1 },
    ]),
  );
  const listed = rows.map(({ number, text }): [string, ModelPrice] => {
    const [pool = "", model = "", ...cells] = text.split(",");
    const [inputPrice, outputPrice, hiddenOutputFactor] = header
      .split(",")
      .slice(2)
      .map((field, index) => {
        const value = Number(cells[index] === "" ? Number.NaN : cells[index]);
        if (!(value >= 0)) throw new DataMistake(file, number, `"${field}" must be a number of at least 0`);
        return value;
      });
    return [
      priceKey(pool, model),
      { inputPrice: inputPrice ?? 0, outputPrice: outputPrice ?? 0, hiddenOutputFactor: hiddenOutputFactor ?? 1 },
    ];
  });
  return new Map([...known, ...listed]);
}
