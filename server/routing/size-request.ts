// How large a request can be for one model and what it can cost at most: the arithmetic behind every hold.

import type { CatalogueModel } from "../catalogue/catalogue.ts";
import type { Picodollars } from "../money/picodollars.ts";
import { exactCost, type Rates } from "./exact-cost.ts";
import type { RequestFeatures } from "./features.ts";
import type { RejectionReason } from "./plan.ts";

/** Output limit when the caller sets none, in tokens. */
const defaultOutputTokens = 16_384;
/** A budget may shrink the output limit down to this many tokens, not below. */
const leastUsefulOutputTokens = 256;

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
  rates: Rates,
  request: SizingRequest,
): RequestSize | RejectionReason {
  const input = inputTokens(model, request.features);
  const fitting = fittingOutput(model, input.cautious, request);
  if (fitting === undefined) return "context_too_small";
  const outputTokenLimit = affordableOutput(fitting, input.bound, rates, request);
  if (outputTokenLimit === undefined) return "over_budget";
  const likelyOutput = Math.min(request.expectedOutputTokens, outputTokenLimit);
  const expectedCost = exactCost(input.expected, rates.input, likelyOutput, rates.output);
  if (request.expectedCostCeiling !== undefined && expectedCost > request.expectedCostCeiling) return "over_max_cost";
  return {
    inputTokenBound: input.bound,
    expectedInputTokens: input.expected,
    outputTokenLimit,
    expectedCost,
    worstCost: exactCost(input.bound, rates.dearestInput, outputTokenLimit, rates.output),
  };
}

/** Output tokens that `most` pays for on top of the whole input; 0 when it does not even pay for the input. */
export function outputWithin(
  model: CatalogueModel,
  rates: Rates,
  features: RequestFeatures,
  most: Picodollars,
): number {
  const left = most - BigInt(inputTokens(model, features).bound) * rates.dearestInput.exact;
  if (left <= 0n || rates.output.exact === 0n) return 0;
  return Math.min(Number(left / rates.output.exact), model.maxOutputTokens);
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
  const bound = Math.ceil(features.textTokenBound * model.tokensPerByteBound) + attachmentBound + overhead;
  const expected = expectedTextTokens(features) + attachmentTypical;
  const cautious = Math.ceil(features.textBytes / cautiousBytesPerToken) + attachmentTypical + overhead;
  return { bound, expected: Math.min(bound, expected), cautious: Math.min(bound, cautious) };
}

/** What the text alone probably is, in tokens. */
export function expectedTextTokens({ textBytes }: RequestFeatures): number {
  return Math.ceil(textBytes / typicalBytesPerToken);
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
  inputBound: number,
  { dearestInput, output }: Rates,
  { budget, callerLimit }: SizingRequest,
): number | undefined {
  if (budget === undefined) return limit;
  const left = budget - BigInt(inputBound) * dearestInput.exact;
  if (left < 0n) return undefined;
  if (BigInt(limit) * output.exact <= left) return limit;
  const affordable = Number(left / output.exact);
  return callerLimit === undefined && affordable >= leastUsefulOutputTokens ? affordable : undefined;
}
