// Every refusal and failure the server can answer with: one table, one class. docs/reference/errors.md is generated
// from the table; the edge maps a GatewayError to the shape of the protocol the client speaks.

import type { Json } from "./json.ts";

/** Whose fault: the caller's request, the upstream provider, or this server. */
export type Fault = "caller" | "upstream" | "server";

type ErrorRow = {
  /** HTTP status when it is answered before the first byte. */
  readonly status: number;
  /** OpenAI's error `type`, so that official SDKs raise their usual classes. */
  readonly type: string;
  readonly fault: Fault;
  /** Whether sending the same request again later may succeed. */
  readonly retryable: boolean;
  /** What happened, in one sentence; `GatewayError` may say it more precisely. */
  readonly message: string;
  /** What the caller can do about it. */
  readonly hint: string;
};

const caller = { fault: "caller", retryable: false } as const;
const upstream = { fault: "upstream", retryable: true } as const;
const server = { fault: "server", retryable: true } as const;

export const errorTable = {
  invalid_json: {
    ...caller,
    status: 400,
    type: "invalid_request_error",
    message: "The request body is not a JSON object.",
    hint: "Send a JSON object with `Content-Type: application/json`.",
  },
  invalid_request: {
    ...caller,
    status: 400,
    type: "invalid_request_error",
    message: "A field of the request is invalid.",
    hint: "`param` names the field; `message` says what it accepts.",
  },
  invalid_blueprint: {
    ...caller,
    status: 400,
    type: "invalid_request_error",
    message: "The text of astropods.yml is not valid.",
    hint: "`details` gives every place and what is wrong there; `ast spec validate` checks the file before it is sent.",
  },
  previous_response_not_found: {
    ...caller,
    status: 400,
    type: "invalid_request_error",
    message: "The response that `previous_response_id` names is not kept, or one before it is not.",
    hint: "Have responses kept with `store: true`, name the newest one that still is, or send the whole input instead.",
  },
  upstream_rejected_request: {
    ...caller,
    status: 400,
    type: "invalid_request_error",
    message: "The provider refused the request as invalid.",
    hint: "`message` carries the provider's own words; correct the field it names.",
  },
  unauthorized: {
    ...caller,
    status: 401,
    type: "authentication_error",
    message: "No valid API key was given.",
    hint: "Send `Authorization: Bearer astrolabe_live_...` or `x-api-key` with a key that is neither revoked nor expired.",
  },
  invalid_access_token: {
    ...caller,
    status: 401,
    type: "authentication_error",
    message: "The access token is unknown, expired or revoked.",
    hint: "Make a new one under Account in the console, or with `ast tokens create`.",
  },
  payment_required: {
    ...caller,
    status: 402,
    type: "insufficient_quota",
    message: "The workspace's available balance does not cover this request.",
    hint: "Add credits, or lower the output limit to `details.affordable_max_output_tokens`.",
  },
  budget_exceeded: {
    ...caller,
    status: 402,
    type: "insufficient_quota",
    message: "A budget of the workspace, the key or the stack does not cover this request.",
    hint: "`details` names the budget and whose it is, what is left and when it starts anew; raise it, wait, or ask for less.",
  },
  account_suspended: {
    ...caller,
    status: 402,
    type: "insufficient_quota",
    message: "The account is suspended: it cannot start agents or get keys.",
    hint: "`reason` says why; `action` what would help. What is stored stays, and can be read.",
  },
  workspace_suspended: {
    ...caller,
    status: 403,
    type: "permission_error",
    message: "The workspace is suspended.",
    hint: "Ask the operator of this server to resume it.",
  },
  access_pending: {
    ...caller,
    status: 403,
    type: "permission_error",
    message: "The workspace is waiting for access review.",
    hint: "Complete the access request and wait for its approval.",
  },
  forbidden: {
    ...caller,
    status: 403,
    type: "permission_error",
    message: "The credential does not allow this.",
    hint: "Use a credential with the right that `message` names.",
  },
  not_found: {
    ...caller,
    status: 404,
    type: "invalid_request_error",
    message: "There is nothing at this address.",
    hint: "Check the path and the id; things of another workspace are not found either.",
  },
  account_not_found: {
    ...caller,
    status: 404,
    type: "invalid_request_error",
    message: "There is no account of that name that you are a member of.",
    hint: "`GET /api/v1/me` lists your accounts; `ast account list` does too.",
  },
  blueprint_not_found: {
    ...caller,
    status: 404,
    type: "invalid_request_error",
    message: "The account has no blueprint of that name.",
    hint: "List them with `ast blueprint list`, or make it with `ast push`.",
  },
  build_not_found: {
    ...caller,
    status: 404,
    type: "invalid_request_error",
    message: "The blueprint has no such build.",
    hint: "List its builds with `ast blueprint builds`, or make one with `ast push`.",
  },
  deployment_not_found: {
    ...caller,
    status: 404,
    type: "invalid_request_error",
    message: "There is no such deployment.",
    hint: "List them with `ast agent list`; deployments of other accounts are not found either.",
  },
  unknown_model: {
    ...caller,
    status: 404,
    type: "invalid_request_error",
    message: "The requested model is not in the catalogue, or no configured upstream serves it.",
    hint: "List the models with `GET /v1/models` (virtual) or `GET /v1/models?view=raw` (concrete).",
  },
  routing_stack_not_found: {
    ...caller,
    status: 404,
    type: "invalid_request_error",
    message: "No stack of this workspace has that slug.",
    hint: "Correct `metadata.astrolabe.stack`, or leave it out to use the key's or the workspace's stack.",
  },
  routing_stack_resolution_failed: {
    ...caller,
    status: 404,
    type: "invalid_request_error",
    message: "The stack exists but cannot be used: it is archived or has no active version.",
    hint: "Publish and activate a version of the stack, or name another one.",
  },
  method_not_allowed: {
    ...caller,
    status: 405,
    type: "invalid_request_error",
    message: "This address does not answer that method.",
    hint: "The `allow` header lists the methods it answers.",
  },
  conflict: {
    ...caller,
    status: 409,
    type: "invalid_request_error",
    message: "The thing already exists or has changed in the meantime.",
    hint: "Read it again and repeat the change on what you find.",
  },
  idempotency_conflict: {
    ...caller,
    status: 409,
    type: "invalid_request_error",
    message: "The `Idempotency-Key` was used for another request within the last 24 hours.",
    hint: "Use a new key for a new request; `details.request_id` names the one that used this key.",
  },
  idempotency_in_progress: {
    ...caller,
    retryable: true,
    status: 409,
    type: "invalid_request_error",
    message: "The request with this `Idempotency-Key` is still running.",
    hint: "Repeat the request after `retry-after` seconds: it gets the answer of `details.request_id`.",
  },
  idempotency_answer_not_kept: {
    ...caller,
    status: 409,
    type: "invalid_request_error",
    message: "The request with this `Idempotency-Key` was answered, and its answer was not kept.",
    hint: "`details.reason` says why, `details.request_id` leads to its trace; use a new key to ask, and pay, again.",
  },
  routing_policy_blocked: {
    ...caller,
    status: 409,
    type: "invalid_request_error",
    message: "No allowed model remains after applying the stack's boundaries.",
    hint: "`details.rejected` gives each candidate's reasons; widen the boundary named there or use another stack.",
  },
  high_stakes_confirmation_required: {
    ...caller,
    status: 409,
    type: "invalid_request_error",
    message: "The stack asks for confirmation before a high-stakes request is sent to a model.",
    hint: "Have a person confirm, then repeat the request with the header `x-astrolabe-confirmed: confirm`.",
  },
  tool_call_blocked: {
    ...caller,
    status: 409,
    type: "invalid_request_error",
    message: "The model asked for a tool call that the stack's tool policy forbids.",
    hint: "`details.tool` names it; declare its capabilities in the stack or use another tool profile.",
  },
  tool_call_confirmation_required: {
    ...caller,
    status: 409,
    type: "invalid_request_error",
    message: "The model asked for a tool call that needs a person's confirmation under the stack's tool policy.",
    hint: "Have a person confirm, then repeat the request with the header `x-astrolabe-confirmed: confirm`.",
  },
  payload_too_large: {
    ...caller,
    status: 413,
    type: "invalid_request_error",
    message: "The request body is larger than the server accepts.",
    hint: "Send less, or pass large files by URL; `details.limit_bytes` is the limit.",
  },
  rate_limited: {
    ...caller,
    retryable: true,
    status: 429,
    type: "rate_limit_error",
    message: "The key has used up its requests for this minute.",
    hint: "Wait for `retry-after` seconds, or give the key a higher limit.",
  },
  client_closed_request: {
    ...caller,
    status: 499,
    type: "invalid_request_error",
    message: "The client left before the answer was complete.",
    hint: "Nothing to do: the provider call was cancelled and only what had been produced is charged.",
  },
  internal_error: {
    ...server,
    status: 500,
    type: "server_error",
    message: "Something went wrong inside the server.",
    hint: "Repeat the request; if it keeps failing, report the request id.",
  },
  upstream_error: {
    ...upstream,
    status: 502,
    type: "server_error",
    message: "Every provider that the plan allowed failed.",
    hint: "Repeat the request; `GET /v1/traces/{request id}` lists the attempts.",
  },
  origin_unreachable: {
    ...upstream,
    status: 502,
    type: "server_error",
    message: "No provider that the plan allowed could be reached.",
    hint: "Repeat the request; an operator should check the upstream's address and network.",
  },
  structured_output_invalid: {
    ...upstream,
    status: 502,
    type: "server_error",
    message: "No candidate produced output that satisfies the requested schema.",
    hint: "Simplify the schema, or use the `strict-json` stack.",
  },
  answer_rejected: {
    ...upstream,
    status: 502,
    type: "server_error",
    message: "No candidate produced an answer that passed the stack's verification.",
    hint: "Repeat the request, or relax `verification`; the trace lists the failed checks.",
  },
  streaming_provider_error: {
    ...upstream,
    status: 502,
    type: "server_error",
    message: "The provider failed after the answer had begun.",
    hint: "Repeat the request; the broken answer is not charged.",
  },
  unknown_pricing_model: {
    ...upstream,
    retryable: false,
    status: 502,
    type: "server_error",
    message: "The model that would serve the request has no price.",
    hint: "Name another model; an operator should add the price to the catalogue.",
  },
  service_unavailable: {
    ...server,
    status: 503,
    type: "server_error",
    message: "The server cannot take the request now.",
    hint: "Repeat the request after `retry-after` seconds.",
  },
  upstream_timeout: {
    ...upstream,
    status: 504,
    type: "server_error",
    message: "No provider that the plan allowed answered in time.",
    hint: "Repeat the request, or relax the stack's latency target.",
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

export type ErrorExtras = {
  /** The field at fault, as a path: `metadata.astrolabe.quality`. */
  readonly param?: string;
  /** Facts a program can act on; snake_case keys. Never a secret, never another workspace's data. */
  readonly details?: { readonly [key: string]: Json };
  /** Sent as `retry-after`, in whole seconds. */
  readonly retryAfterSeconds?: number;
  /** What the caller can do, where it is not what the table says. */
  readonly hint?: string;
  readonly cause?: unknown;
};

/** The one error class. Its message is safe to show to the caller; `cause` is not and stays inside. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: ErrorCode;
  readonly param: string | undefined;
  readonly details: { readonly [key: string]: Json } | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly hint: string;

  constructor(code: ErrorCode, message?: string, extras: ErrorExtras = {}) {
    super(message ?? errorTable[code].message, { cause: extras.cause });
    this.code = code;
    this.param = extras.param;
    this.details = extras.details;
    this.retryAfterSeconds = extras.retryAfterSeconds;
    this.hint = extras.hint ?? errorTable[code].hint;
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}

/** A 400 that names the field. `expected` completes the sentence "`param` must be ...". */
export function invalidField(param: string, expected: string): GatewayError {
  return new GatewayError("invalid_request", `\`${param}\` must be ${expected}.`, { param });
}

/** Wraps whatever was thrown: a GatewayError stays itself, anything else becomes `internal_error` with the text inside. */
export function toGatewayError(thrown: unknown): GatewayError {
  return thrown instanceof GatewayError ? thrown : new GatewayError("internal_error", undefined, { cause: thrown });
}
