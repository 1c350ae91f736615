// How large a request can be for one model and what it can cost at most: the arithmetic behind every hold.

import type { CatalogueModel } from "../catalogue/catalogue.ts";
import type { UnitPrices } from "../money/charge.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { RequestFeatures } from "./features.ts";
import type { RejectionReason } from "./plan.ts";

/** Output limit when the caller sets none, in tokens. */
export const defaultOutputTokens = 16_384;
/** A budget may shrink the output limit down to this many tokens, not below. */
export const leastUsefulOutputTokens = 256;

/** Role marks and separators a chat template puts around each message. */
const templateTokensPerMessage = 16;
/** What vendors add to the instructions when tools or a schema are declared. */
const toolTemplateTokens = 600;
/** Typical and, for the context check, cautious density of text. */
const typicalBytesPerToken = 4;
const cautiousBytesPerToken = 3;
const typicalImageTokens = 1_200;
const typicalFileTokens = 8_000;

export type RequestSize = {
  readonly inputTokenBound: number;
  readonly expectedInputTokens: number;
  /** 0 for embeddings. */
  readonly outputTokenLimit: number;
  readonly expectedCost: Picodollars;
  readonly worstCost: Picodollars;
};

export type SizingRequest = {
  readonly features: RequestFeatures;
  readonly callerLimit: number | undefined;
  readonly expectedOutputTokens: number;
  /** Most the request may cost in the worst case. */
  readonly budget: Picodollars | undefined;
  /** Most it may probably cost. */
  readonly expectedCostCeiling: Picodollars | undefined;
};

/** The request's size for a model, or why it does not fit its context, the budget or the price ceiling. */
export function sizeRequest(
  model: CatalogueModel,
  prices: UnitPrices,
  request: SizingRequest,
): { readonly size: RequestSize } | { readonly reason: RejectionReason } {
  const input = inputTokens(model, request.features);
  const fitting = fittingOutput(model, input.cautious, request);
  if (fitting === undefined) return { reason: "context_too_small" };
  const outputPrice = prices.output_token ?? noMoney;
  const worstInput = BigInt(input.bound) * dearestInput(prices);
  const outputTokenLimit = affordableOutput(fitting, worstInput, outputPrice, request);
  if (outputTokenLimit === undefined) return { reason: "over_budget" };
  const likelyOutput = Math.min(request.expectedOutputTokens, outputTokenLimit);
  const expectedCost = picodollars(
    BigInt(input.expected) * (prices.input_token ?? noMoney) + BigInt(likelyOutput) * outputPrice,
  );
  if (request.expectedCostCeiling !== undefined && expectedCost > request.expectedCostCeiling) {
    return { reason: "over_max_cost" };
  }
  const worstCost = picodollars(worstInput + BigInt(outputTokenLimit) * outputPrice);
  return {
    size: {
      inputTokenBound: input.bound,
      expectedInputTokens: input.expected,
      outputTokenLimit,
      expectedCost,
      worstCost,
    },
  };
}

/** A bound nothing exceeds, a typical figure, and a cautious one between them for the context check. */
function inputTokens(
  model: CatalogueModel,
  features: RequestFeatures,
): { readonly bound: number; readonly expected: number; readonly cautious: number } {
  const fileBound = model.tokensPerFileBound ?? model.tokensPerAttachmentBound;
  let attachmentBound = 0;
  let attachmentTypical = 0;
  for (const { kind } of features.attachments) {
    attachmentBound += kind === "image" ? model.tokensPerAttachmentBound : fileBound;
    attachmentTypical += kind === "image" ? typicalImageTokens : typicalFileTokens;
  }
  const templated = features.toolNames.length > 0 || features.format !== "text";
  const overhead = features.messageCount * templateTokensPerMessage + (templated ? toolTemplateTokens : 0);
  const bound = Math.ceil(features.textBytes * model.tokensPerByteBound) + attachmentBound + overhead;
  const expected = Math.ceil(features.textBytes / typicalBytesPerToken) + attachmentTypical;
  const cautious = Math.ceil(features.textBytes / cautiousBytesPerToken) + attachmentTypical + overhead;
  return { bound, expected: Math.min(bound, expected), cautious: Math.min(bound, cautious) };
}

/** The output limit that fits model and context; undefined when not even the expected answer does. */
function fittingOutput(model: CatalogueModel, cautiousInput: number, request: SizingRequest): number | undefined {
  if (model.kind === "embed") {
    const perInput = cautiousInput / Math.max(1, request.features.embeddingInputs);
    return perInput <= model.contextTokens ? 0 : undefined;
  }
  const wanted = Math.min(request.callerLimit ?? defaultOutputTokens, model.maxOutputTokens);
  const room = model.contextTokens - cautiousInput;
  const reserved = Math.max(1, Math.min(wanted, request.expectedOutputTokens));
  return room >= reserved ? Math.min(wanted, room) : undefined;
}

/** The limit the budget covers. Only a limit the caller did not set may shrink, and not below a useful answer. */
function affordableOutput(
  limit: number,
  worstInput: bigint,
  outputPrice: Picodollars,
  { budget, callerLimit }: SizingRequest,
): number | undefined {
  if (budget === undefined) return limit;
  const left = budget - worstInput;
  if (left < 0n) return undefined;
  if (BigInt(limit) * outputPrice <= left) return limit;
  const affordable = Number(left / outputPrice);
  return callerLimit === undefined && affordable >= leastUsefulOutputTokens ? affordable : undefined;
}

/** Whether an input token will be read from or written to a cache is unknown before: the dearest price bounds it. */
function dearestInput(prices: UnitPrices): bigint {
  let dearest: bigint = prices.input_token ?? noMoney;
  for (const price of [prices.cached_input_token, prices.cache_write_token]) {
    if (price !== undefined && price > dearest) dearest = price;
  }
  return dearest;
}
