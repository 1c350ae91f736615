// The headers of an answer or a refusal, from what its journal knows: ten guaranteed ones on every routed response, the
// optional ones when the stack's observability allows.

import type { GatewayError } from "../contracts/errors.ts";
import { headerNames } from "../contracts/headers.ts";
import type { ApiKey } from "../keys/api-key.ts";
import type { RateState } from "../limits/rate-limiter.ts";
import { formatUsdShort } from "../money/picodollars.ts";
import type { Candidate } from "../routing/plan.ts";
import type { VerificationOutcome } from "./7-verify-answer.ts";
import type { Stage } from "./stages.ts";

export type ResponseHeaders = Record<string, string>;

/** What may be shown of a key: its mode and the public first 8 characters. */
export function publicKeyPrefix({ mode, prefix }: ApiKey): string {
  return `astrolabe_${mode}_${prefix}`;
}

/** Headers of an answer that `served` produced. */
export function answerHeaders(
  stage: Stage,
  served: Candidate,
  verification: VerificationOutcome | undefined,
): ResponseHeaders {
  const headers = callerHeaders(stage);
  headers[headerNames.model] = served.model.id;
  addStack(headers, stage);
  if (stage.policy?.observability.responseHeaders) addRouting(headers, stage, verification);
  return headers;
}

/** Headers of a refusal: as many as are known by then. */
export function errorHeaders(stage: Stage, error: GatewayError): ResponseHeaders {
  const headers = callerHeaders(stage);
  addStack(headers, stage);
  if (error.retryAfterSeconds !== undefined) headers[headerNames.retryAfter] = String(error.retryAfterSeconds);
  return headers;
}

/** Headers without those that belong to one request only, however often its answer is sent. */
export function withoutRateLimit(headers: ResponseHeaders): ResponseHeaders {
  const { rateLimitLimit, rateLimitRemaining, rateLimitReset } = headerNames;
  const { [rateLimitLimit]: _limit, [rateLimitRemaining]: _left, [rateLimitReset]: _reset, ...others } = headers;
  return others;
}

/** What a kept answer is sent with, on top of its own headers. */
export function replayHeaders({ rate }: Stage): ResponseHeaders {
  const headers = { [headerNames.replayed]: "true" };
  if (rate) addRate(headers, rate);
  return headers;
}

/** The id under our name for it, and under those from which the clients of OpenAI and Anthropic read it. */
export function requestIdHeaders(requestId: string): ResponseHeaders {
  const { requestId: ours, clientRequestId, anthropicRequestId } = headerNames;
  return { [ours]: requestId, [clientRequestId]: requestId, [anthropicRequestId]: requestId };
}

function callerHeaders({ requestId, workspace, key, rate }: Stage): ResponseHeaders {
  const headers = requestIdHeaders(requestId);
  if (workspace) headers[headerNames.workspace] = workspace.id;
  if (key) headers[headerNames.key] = publicKeyPrefix(key);
  if (rate) addRate(headers, rate);
  return headers;
}

function addRate(headers: ResponseHeaders, rate: RateState): void {
  headers[headerNames.rateLimitLimit] = String(rate.limit);
  headers[headerNames.rateLimitRemaining] = String(rate.remaining);
  headers[headerNames.rateLimitReset] = String(rate.resetsAt);
}

function addStack(headers: ResponseHeaders, { stack, plan }: Stage): void {
  if (stack) {
    headers[headerNames.stackName] = stack.slug;
    headers[headerNames.stackVersion] = String(stack.version);
  }
  headers[headerNames.policyStatus] = !plan ? "not_evaluated" : plan.candidates.length > 0 ? "passed" : "blocked";
}

function addRouting(
  headers: ResponseHeaders,
  { stack, plan }: Stage,
  verification: VerificationOutcome | undefined,
): void {
  const first = plan?.candidates[0];
  if (!stack || !plan || !first) return;
  const { category, actionClass, complexity } = plan.classification;
  headers[headerNames.stackId] = stack.id;
  headers[headerNames.decision] = plan.decision;
  headers[headerNames.selectedProvider] = first.provider;
  headers[headerNames.selectedModel] = first.model.id;
  headers[headerNames.category] = category;
  headers[headerNames.actionClass] = actionClass;
  headers[headerNames.complexity] = complexity;
  headers[headerNames.lane] = plan.lane;
  if (verification) headers[headerNames.verificationStatus] = verification.status;
  if (verification?.confidence !== undefined) headers[headerNames.confidenceScore] = String(verification.confidence);
  if (plan.baseline) headers[headerNames.baselineCost] = formatUsdShort(plan.baseline.expectedCost);
  if (plan.estimatedSavings !== undefined) {
    headers[headerNames.savings] = formatUsdShort(plan.estimatedSavings);
  }
}
