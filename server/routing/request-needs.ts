// What one request needs of any model that serves it: kind, modalities, capabilities, and a strong enough tier.

import type { CatalogueModel, Modality, ModelTier } from "../catalogue/catalogue.ts";
import type { Capability } from "../contracts/policy.ts";
import type { RequestFeatures } from "./features.ts";
import type { RejectionReason } from "./plan.ts";

export type RequestNeeds = {
  readonly embeds: boolean;
  readonly modalities: readonly Modality[];
  readonly capabilities: readonly Capability[];
};

/** Tiers that neither high-stakes turns nor untrusted content with tools may be routed to. */
const weakTiers: ReadonlySet<ModelTier> = new Set(["CONTROL", "VALUE"]);

/**
 * Needs out of the features. A wish is no need: parallel tool calls and JSON mode are permissions every listed model
 * tolerates, and reasoning effort is left to the model asked for by name.
 */
export function requestNeeds(features: RequestFeatures, pinned: boolean): RequestNeeds {
  const embeds = features.embeddingInputs > 0;
  const capabilities: Capability[] = [];
  if (embeds) return { embeds, modalities: [], capabilities };
  if (features.toolNames.length > 0 || features.insideToolExchange) capabilities.push("tools");
  if (features.format === "json_schema") capabilities.push("structured_outputs");
  if (features.reasoningRequested && !pinned) capabilities.push("reasoning");
  return { embeds, modalities: [...new Set(features.attachments.map(({ kind }) => kind))], capabilities };
}

export function meetsNeeds(model: CatalogueModel, { embeds, modalities, capabilities }: RequestNeeds): boolean {
  return (
    embeds === (model.kind === "embed") &&
    modalities.every((modality) => model.modalities.includes(modality)) &&
    capabilities.every((capability) => model.capabilities.has(capability))
  );
}

/** What the request asks for that the model cannot do; empty for a model that meets all needs. */
export function unmetNeeds(model: CatalogueModel, needs: RequestNeeds): RejectionReason[] {
  const reasons: RejectionReason[] = [];
  if (needs.embeds && model.kind !== "embed") reasons.push("missing_capability:embeddings");
  if (!needs.embeds && model.kind === "embed") reasons.push("modality_unsupported");
  if (needs.modalities.some((modality) => !model.modalities.includes(modality))) reasons.push("modality_unsupported");
  for (const capability of needs.capabilities) {
    if (!model.capabilities.has(capability)) reasons.push(`missing_capability:${capability}`);
  }
  return reasons;
}

export function isWeak(model: CatalogueModel): boolean {
  return weakTiers.has(model.tier);
}
