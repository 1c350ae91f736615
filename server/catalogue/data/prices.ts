// Retail prices in USD per million tokens, as decimal text. Change a price only together with `priceVersion`: every
// debit stores the version it was computed with.

/** One model's price list; an absent unit is not sold separately. */
export type PriceRow = {
  readonly input: string;
  /** Absent for embeddings. */
  readonly output?: string;
  readonly cachedInput?: string;
  readonly cacheWrite?: string;
};

export const priceVersion = "2026-11-22";

/** Claude's cache rule: reads at a tenth, five-minute writes at five quarters of the input price. */
const opusPrices: PriceRow = { input: "5", output: "25", cachedInput: "0.5", cacheWrite: "6.25" };
const sonnetPrices: PriceRow = { input: "3", output: "15", cachedInput: "0.3", cacheWrite: "3.75" };
const haikuPrices: PriceRow = { input: "1", output: "5", cachedInput: "0.1", cacheWrite: "1.25" };

export const prices: { readonly [modelId: string]: PriceRow } = {
  "deepseek/deepseek-v4-pro": { input: "0.435", output: "0.87" },
  "minimax/minimax-m2.7": { input: "0.30", output: "1.20" },
  "xiaomi/mimo-v2.5-pro": { input: "1.00", output: "3.00" },
  "qwen/qwen3.6-plus": { input: "0.325", output: "1.95" },
  "moonshotai/kimi-k2.6": { input: "0.7448", output: "4.655" },
  "anthropic/claude-sonnet-4.6": sonnetPrices,
  "z-ai/glm-5.1": { input: "1.05", output: "3.50" },
  "deepseek/deepseek-v4-flash": { input: "0.14", output: "0.28" },
  "mistralai/mistral-small-2603": { input: "0.15", output: "0.60" },
  "x-ai/grok-4.1-fast": { input: "0.20", output: "0.50" },
  "x-ai/grok-4.3": { input: "1.25", output: "2.50" },
  "openai/gpt-5.4": { input: "2.50", output: "15" },
  "anthropic/claude-opus-4.7": opusPrices,
  "openai/gpt-5.5": { input: "5", output: "30" },
  "google/gemma-4-31b-it": { input: "0.13", output: "0.38" },
  "openai/gpt-5.4-nano": { input: "0.20", output: "1.25" },
  "openai/gpt-5.4-mini": { input: "0.75", output: "4.50" },

  "openai/gpt-5-nano": { input: "0.05", output: "0.4" },
  "openai/o4-mini": { input: "1.1", output: "4.4" },
  "openai/o3": { input: "2", output: "8" },
  "minimax/minimax-m2.5": { input: "0.2", output: "1.17" },
  "moonshotai/kimi-k2.5": { input: "0.45", output: "2.2" },
  "moonshotai/kimi-k2-thinking": { input: "0.47", output: "2" },
  "z-ai/glm-4.7-flash": { input: "0.06", output: "0.4" },
  "z-ai/glm-5": { input: "0.72", output: "2.3" },
  "x-ai/grok-4.20": { input: "2", output: "6" },
  "xiaomi/mimo-v2-flash": { input: "0.09", output: "0.29" },
  "deepseek/deepseek-v3.2": { input: "0.26", output: "0.38" },
  "qwen/qwen3.5-flash-02-23": { input: "0.065", output: "0.26" },
  "qwen/qwen3.5-plus-02-15": { input: "0.26", output: "1.56" },
  "qwen/qwen3-coder-next": { input: "0.12", output: "0.75" },
  "qwen/qwen3-max-thinking": { input: "0.78", output: "3.9" },
  "google/gemini-2.5-flash-lite": { input: "0.1", output: "0.4" },
  "google/gemini-2.5-pro": { input: "1.25", output: "10" },
  "anthropic/claude-opus-4.6": opusPrices,

  "xiaomi/mimo-v2.5": { input: "0.4", output: "2" },
  "google/gemini-3.1-flash-lite-preview": { input: "0.25", output: "1.5" },
  "google/gemini-3.1-pro-preview": { input: "2", output: "12" },
  "google/gemini-3.1-pro-preview-customtools": { input: "2", output: "12" },
  "z-ai/glm-5v-turbo": { input: "1.2", output: "4" },

  "claude-opus-4-8": opusPrices,
  "claude-sonnet-4-6": sonnetPrices,
  "claude-haiku-4-5": haikuPrices,
  "titan-embed-text-v2": { input: "0.02" },
};
