// One model as the API gives it, and the words in which pages tell of models.

import type { z } from "zod";
import type { modelDetailSchema, modelPricesSchema } from "../../../../server/contracts/control-catalogue.ts";
import type { Catalogue, CatalogueModel } from "../../api/catalogue.ts";
import { useItem, type ItemState } from "../../api/item.ts";

export type ModelDetail = z.output<typeof modelDetailSchema>;
export type ModelPrices = z.output<typeof modelPricesSchema>;
export type Capability = CatalogueModel["capabilities"][number];
export type Modality = CatalogueModel["modalities"][number];
export type LaneName = Catalogue["lanes"][number]["lane"];

/** @param id with or without a slash; both are addresses of the API. */
export function useModel(id: string): ItemState<ModelDetail> {
  const path = id.split("/").map(encodeURIComponent).join("/");
  return useItem<ModelDetail>(`/api/catalogue/${path}`);
}

/** Words for people, in the order in which filters list them. */
export const capabilityNames: Readonly<Record<Capability, string>> = {
  tools: "Tools",
  parallel_tools: "Parallel tools",
  structured_outputs: "Structured output",
  reasoning: "Reasoning",
  vision: "Vision",
  files: "Files",
  audio: "Audio",
  long_context: "Long context",
  prompt_cache: "Prompt cache",
  embeddings: "Embeddings",
};

export const modalityNames: Readonly<Record<Modality, string>> = {
  text: "Text",
  image: "Images",
  file: "Files",
  audio: "Audio",
  video: "Video",
};

export const dataPolicyNames = {
  any: "No promise",
  no_training: "No training on your data",
  zero_retention: "Nothing is kept",
} as const;

/** `1.05M`, `200K`, `8,192`: every digit is said. */
export function tokensInWords(tokens: number): string {
  if (tokens >= 1_000_000 && tokens % 10_000 === 0) return `${tokens / 1_000_000}M`;
  if (tokens >= 1_000 && tokens % 1_000 === 0) return `${tokens / 1_000}K`;
  return tokens.toLocaleString("en-US");
}
