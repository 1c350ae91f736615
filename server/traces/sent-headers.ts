// The headers that a request was answered with, put together again from its record.

import { headerNames } from "../contracts/headers.ts";
import { formatUsdShort, picodollars } from "../money/picodollars.ts";
import type { TraceRows } from "./render-trace.ts";
import type { StoredTrace } from "./stored-trace.ts";

/** In the order in which they were sent. Without a stored trace only those are known that billing knows. */
export function sentHeaders({ usage, stored }: TraceRows): Record<string, string> {
  const headers: Record<string, string> = {
    [headerNames.requestId]: usage.requestId,
    [headerNames.clientRequestId]: usage.requestId,
    [headerNames.anthropicRequestId]: usage.requestId,
    [headerNames.workspace]: usage.workspaceId,
  };
  if (stored?.key) headers[headerNames.key] = stored.key;
  if (stored?.rate) {
    const [limit, remaining, resetsAt] = stored.rate;
    headers[headerNames.rateLimitLimit] = String(limit);
    headers[headerNames.rateLimitRemaining] = String(remaining);
    headers[headerNames.rateLimitReset] = String(resetsAt);
  }
  const answered = usage.httpStatus < 400;
  if (answered && usage.model !== undefined) headers[headerNames.model] = usage.model;
  if (usage.stackSlug !== undefined && usage.stackVersion !== undefined) {
    headers[headerNames.stackName] = usage.stackSlug;
    headers[headerNames.stackVersion] = String(usage.stackVersion);
  }
  if (stored) {
    headers[headerNames.policyStatus] = policyStatus(stored);
    if (answered && !stored.brief) addRouting(headers, stored);
  }
  return headers;
}

function policyStatus({ plan }: StoredTrace): string {
  return !plan ? "not_evaluated" : plan.candidates.length > 0 ? "passed" : "blocked";
}

function addRouting(headers: Record<string, string>, { stack, plan, class: kind, verification }: StoredTrace): void {
  const first = plan?.candidates[0];
  if (!stack || !plan || !first || !kind) return;
  const [category, complexity, actionClass] = kind;
  headers[headerNames.stackId] = stack[0];
  headers[headerNames.decision] = plan.decision;
  headers[headerNames.selectedProvider] = first[1];
  headers[headerNames.selectedModel] = first[0];
  headers[headerNames.category] = category;
  headers[headerNames.actionClass] = actionClass;
  headers[headerNames.complexity] = complexity;
  headers[headerNames.lane] = plan.lane;
  if (verification) headers[headerNames.verificationStatus] = verification[0];
  if (verification && verification[2] !== null) headers[headerNames.confidenceScore] = String(verification[2]);
  if (plan.baseline) headers[headerNames.baselineCost] = short(plan.baseline[1]);
  if (plan.savings !== undefined) headers[headerNames.savings] = short(plan.savings);
}

function short(amount: number | string): string {
  return formatUsdShort(picodollars(BigInt(amount)));
}
