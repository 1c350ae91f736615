// Every header by which an answer says something of its own, as data. docs/reference/headers.md is generated from it.

export const headerNames = {
  requestId: "x-astrolabe-cloud-request-id",
  workspace: "x-astrolabe-cloud-workspace",
  key: "x-astrolabe-cloud-key",
  rateLimitLimit: "x-ratelimit-limit",
  rateLimitRemaining: "x-ratelimit-remaining",
  rateLimitReset: "x-ratelimit-reset",
  model: "x-astrolabe-model",
  stackName: "x-astrolabe-stack-name",
  stackVersion: "x-astrolabe-stack-version",
  policyStatus: "x-astrolabe-policy-status",
  stackId: "x-astrolabe-stack-id",
  decision: "x-astrolabe-decision",
  selectedProvider: "x-astrolabe-selected-provider",
  selectedModel: "x-astrolabe-selected-model",
  category: "x-astrolabe-category",
  actionClass: "x-astrolabe-action-class",
  complexity: "x-astrolabe-complexity",
  lane: "x-astrolabe-lane",
  verificationStatus: "x-astrolabe-verification-status",
  confidenceScore: "x-astrolabe-confidence-score",
  baselineCost: "x-astrolabe-estimated-baseline-cost-usd",
  savings: "x-astrolabe-estimated-savings-usd",
  clientRequestId: "x-request-id",
  anthropicRequestId: "request-id",
  shouldRetry: "x-should-retry",
  retryAfter: "retry-after",
  replayed: "idempotent-replayed",
  challenge: "www-authenticate",
  allow: "allow",
} as const;

/** A key of `headerNames`. */
export type Header = keyof typeof headerNames;
export type HeaderName = (typeof headerNames)[Header];

/** By this request header a person's confirmation of a high-stakes request or tool call is passed on: `confirm`. */
export const confirmationHeader = "x-astrolabe-confirmed";

/** By this request header a caller names a request, so that repeating it runs it once. */
export const idempotencyKeyHeader = "Idempotency-Key";

type HeaderRow = {
  readonly name: HeaderName;
  readonly meaning: string;
  readonly format: string;
  readonly example: string;
};

/** Sent with every routed answer, whatever the stack says; in this order. */
export const guaranteedHeaders: readonly HeaderRow[] = [
  {
    name: headerNames.requestId,
    meaning: "The request's id: the key to its trace, its usage row and its debit.",
    format: "`req_` and 32 hexadecimal digits",
    example: "req_019ab3c05f7e7c2e9d5b8a1f2c3d4e5f",
  },
  {
    name: headerNames.workspace,
    meaning: "The workspace that the key belongs to.",
    format: "`ws_` and 32 hexadecimal digits",
    example: "ws_019ab3a11c0d7f6c8e2b4a6d8f0a1b2c",
  },
  {
    name: headerNames.key,
    meaning: "The public prefix of the key; safe to log.",
    format: "`astrolabe_live_` or `astrolabe_test_` and 8 characters",
    example: "astrolabe_live_4fTq9ZbX",
  },
  {
    name: headerNames.rateLimitLimit,
    meaning: "Requests that the key may make in the current window.",
    format: "whole number",
    example: "600",
  },
  {
    name: headerNames.rateLimitRemaining,
    meaning: "Requests left in the current window.",
    format: "whole number, 0 or more",
    example: "599",
  },
  {
    name: headerNames.rateLimitReset,
    meaning: "When the window ends.",
    format: "Unix time in seconds",
    example: "1795356060",
  },
  {
    name: headerNames.model,
    meaning: "The model that produced the returned answer. In a stream: the model that is about to.",
    format: "model id",
    example: "deepseek/deepseek-v4-flash",
  },
  {
    name: headerNames.stackName,
    meaning: "The stack that the request ran under.",
    format: "slug",
    example: "default-optimizer",
  },
  {
    name: headerNames.stackVersion,
    meaning: "The version of that stack.",
    format: "whole number, 1 or more",
    example: "1",
  },
  {
    name: headerNames.policyStatus,
    meaning: "What the stack's boundaries said.",
    format: "`passed`, `blocked` or `not_evaluated`",
    example: "passed",
  },
];

/** Sent with answers when they are known and the stack's `observability.responseHeaders` is on. */
export const optionalHeaders: readonly HeaderRow[] = [
  {
    name: headerNames.stackId,
    meaning: "The stack's id.",
    format: "`stk_` and 32 hexadecimal digits, or `stk_managed_` and the slug",
    example: "stk_managed_default-optimizer",
  },
  {
    name: headerNames.decision,
    meaning: "How the plan came about.",
    format: "`virtual_model`, `pinned_model`, `fixed_priority`, `rule`, `session_pin` or `sandbox`",
    example: "virtual_model",
  },
  {
    name: headerNames.selectedProvider,
    meaning: "The provider of the plan's first choice.",
    format: "provider id",
    example: "openrouter",
  },
  {
    name: headerNames.selectedModel,
    meaning: "The plan's first choice. It differs from the model that answered when a fallback did.",
    format: "model id",
    example: "deepseek/deepseek-v4-flash",
  },
  {
    name: headerNames.category,
    meaning: "What kind of task the request was taken for.",
    format: "one of the twelve categories",
    example: "coding",
  },
  {
    name: headerNames.actionClass,
    meaning: "What the request sets out to do.",
    format: "one of the eleven action classes",
    example: "code_edit",
  },
  {
    name: headerNames.complexity,
    meaning: "How hard the request was judged to be.",
    format: "`simple`, `standard`, `complex` or `critical`",
    example: "standard",
  },
  {
    name: headerNames.lane,
    meaning: "The list of candidates that the plan started from.",
    format: "`auto`, `coding`, `research`, `vision`, `strict-json`, `cheap`, `safe` or `pinned`",
    example: "auto",
  },
  {
    name: headerNames.verificationStatus,
    meaning: "What verification made of the answer.",
    format: "`not_run`, `passed`, `failed_accepted`, `escalated`, `recovered`, `failed` or `streaming_not_verified`",
    example: "passed",
  },
  {
    name: headerNames.confidenceScore,
    meaning: "The verifier's confidence; absent when none ran.",
    format: "whole number, 1 to 5",
    example: "4",
  },
  {
    name: headerNames.baselineCost,
    meaning: "What the lane's strongest allowed model was expected to cost.",
    format: "USD in decimal text",
    example: "0.007554",
  },
  {
    name: headerNames.savings,
    meaning: "The baseline minus what the first choice was expected to cost; may be negative.",
    format: "USD in decimal text",
    example: "0.00711117",
  },
];

/** What client libraries act on by themselves. */
export const clientHeaders: readonly HeaderRow[] = [
  {
    name: headerNames.clientRequestId,
    meaning: "The request's id again, where OpenAI's clients look for it. On answers below `/v1` and on every error.",
    format: "`req_` and 32 hexadecimal digits",
    example: "req_019ab3c05f7e7c2e9d5b8a1f2c3d4e5f",
  },
  {
    name: headerNames.anthropicRequestId,
    meaning: "The same id, where Anthropic's clients look for it.",
    format: "`req_` and 32 hexadecimal digits",
    example: "req_019ab3c05f7e7c2e9d5b8a1f2c3d4e5f",
  },
  {
    name: headerNames.shouldRetry,
    meaning:
      "On errors that the same request can only meet again: OpenAI's clients then do not repeat it. Absent elsewhere.",
    format: "`false`",
    example: "false",
  },
  {
    name: headerNames.retryAfter,
    meaning:
      "How long to wait before a retry. With 429, with 503, with `idempotency_in_progress`, and where the last upstream asked for a pause.",
    format: "seconds, 1 or more",
    example: "12",
  },
  {
    name: headerNames.replayed,
    meaning: "The answer was kept under the request's `Idempotency-Key` and is sent again: nothing is debited for it.",
    format: "`true`",
    example: "true",
  },
  {
    name: headerNames.challenge,
    meaning: "With 401: how to say who is asking.",
    format: "`Bearer`",
    example: "Bearer",
  },
  {
    name: headerNames.allow,
    meaning: "With 405: the methods that the address answers.",
    format: "methods, separated by commas",
    example: "POST",
  },
];
