// The headers of an answer or a refusal, from what its journal knows: ten guaranteed ones on every routed response, the
// optional ones when the stack's observability allows.

import type { GatewayError } from "../contracts/errors.ts";
import type { ApiKey } from "../keys/api-key.ts";
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
  headers["x-astrolabe-model"] = served.model.id;
  addStack(headers, stage);
  if (stage.policy?.observability.responseHeaders) addRouting(headers, stage, verification);
  return headers;
}

/** Headers of a refusal: as many as are known by then. */
export function errorHeaders(stage: Stage, error: GatewayError): ResponseHeaders {
  const headers = callerHeaders(stage);
  addStack(headers, stage);
  if (error.retryAfterSeconds !== undefined) headers["retry-after"] = String(error.retryAfterSeconds);
  return headers;
}

/** The id under our name for it, and under the one from which OpenAI's clients read `requestID`. */
export function requestIdHeaders(requestId: string): ResponseHeaders {
  return { "x-astrolabe-cloud-request-id": requestId, "x-request-id": requestId };
}

function callerHeaders({ requestId, workspace, key, rate }: Stage): ResponseHeaders {
  const headers = requestIdHeaders(requestId);
  if (workspace) headers["x-astrolabe-cloud-workspace"] = workspace.id;
  if (key) headers["x-astrolabe-cloud-key"] = publicKeyPrefix(key);
  if (rate) {
    headers["x-ratelimit-limit"] = String(rate.limit);
    headers["x-ratelimit-remaining"] = String(rate.remaining);
    headers["x-ratelimit-reset"] = String(rate.resetsAt);
  }
  return headers;
}

function addStack(headers: ResponseHeaders, { stack, plan }: Stage): void {
  if (stack) {
    headers["x-astrolabe-stack-name"] = stack.slug;
    headers["x-astrolabe-stack-version"] = String(stack.version);
  }
  headers["x-astrolabe-policy-status"] = !plan ? "not_evaluated" : plan.candidates.length > 0 ? "passed" : "blocked";
}

function addRouting(
  headers: ResponseHeaders,
  { stack, plan }: Stage,
  verification: VerificationOutcome | undefined,
): void {
  const first = plan?.candidates[0];
  if (!stack || !plan || !first) return;
  const { category, actionClass, complexity } = plan.classification;
  headers["x-astrolabe-stack-id"] = stack.id;
  headers["x-astrolabe-decision"] = plan.decision;
  headers["x-astrolabe-selected-provider"] = first.provider;
  headers["x-astrolabe-selected-model"] = first.model.id;
  headers["x-astrolabe-category"] = category;
  headers["x-astrolabe-action-class"] = actionClass;
  headers["x-astrolabe-complexity"] = complexity;
  headers["x-astrolabe-lane"] = plan.lane;
  if (verification) headers["x-astrolabe-verification-status"] = verification.status;
  if (verification?.confidence !== undefined) headers["x-astrolabe-confidence-score"] = String(verification.confidence);
  if (plan.baseline) headers["x-astrolabe-estimated-baseline-cost-usd"] = formatUsdShort(plan.baseline.expectedCost);
  if (plan.estimatedSavings !== undefined) {
    headers["x-astrolabe-estimated-savings-usd"] = formatUsdShort(plan.estimatedSavings);
  }
}
