// The gateway's routes as OpenAPI describes them. Bodies name the fields this server reads; the protocols own the rest,
// so every object allows more.

import { z } from "zod";
import type { ErrorCode } from "../../contracts/errors.ts";
import { idempotencyKeyHeader } from "../../contracts/headers.ts";
import { overridesSchema } from "../../contracts/overrides.ts";
import { receiptSchema } from "../../contracts/receipts.ts";
import { inputItemsQuery } from "./kept-responses.ts";
import type { RouteDeclaration } from "../control/declared-route.ts";

const auth = { kind: "api_key" } as const;

const metadata = z
  .looseObject({ astrolabe: overridesSchema.optional() })
  .optional()
  .describe("The caller's metadata. `astrolabe` overrides the stack for this request and is not sent upstream.");

const model = z.string().default("astrolabe/auto").describe("A virtual model (`astrolabe/auto`) or a concrete one.");
const stream = z.boolean().default(false).describe("Answer with server-sent events.");
const tools = z.array(z.looseObject({ type: z.string() })).optional();
const tokens = z.number().int().min(1).optional();

const responsesBody = z
  .looseObject({
    input: z.union([z.string(), z.array(z.looseObject({}))]),
    model,
    instructions: z.string().optional(),
    stream,
    tools,
    tool_choice: z.unknown().optional(),
    text: z.looseObject({}).optional(),
    reasoning: z.looseObject({}).optional(),
    max_output_tokens: tokens,
    store: z
      .boolean()
      .default(false)
      .describe("Keep the answer, encrypted, where the stack allows it: the answer's own `store` says whether it is."),
    previous_response_id: z
      .string()
      .optional()
      .describe("A kept response to go on from: its input and answer, and those before it, come before `input`."),
    metadata,
  })
  .meta({ id: "ResponsesRequest" });

const chatBody = z
  .looseObject({
    messages: z.array(z.looseObject({ role: z.string(), content: z.unknown().optional() })).min(1),
    model,
    stream,
    tools,
    tool_choice: z.unknown().optional(),
    response_format: z.looseObject({ type: z.string() }).optional(),
    max_completion_tokens: tokens,
    max_tokens: tokens,
    n: z.number().int().min(1).default(1),
    metadata,
  })
  .meta({ id: "ChatCompletionRequest" });

const messagesPrompt = {
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).min(1),
  model,
  system: z.union([z.string(), z.array(z.looseObject({}))]).optional(),
  tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
  tool_choice: z.looseObject({ type: z.string() }).optional(),
  thinking: z.looseObject({ type: z.string() }).optional(),
  output_config: z.looseObject({}).optional(),
};

const messagesBody = z
  .looseObject({ ...messagesPrompt, max_tokens: z.number().int().min(1), stream, metadata })
  .meta({ id: "MessagesRequest" });

const countTokensBody = z.looseObject(messagesPrompt).meta({ id: "CountTokensRequest" });

const embeddingsBody = z
  .looseObject({
    input: z.union([z.string(), z.array(z.string()), z.array(z.number().int()), z.array(z.array(z.number().int()))]),
    model: z.string(),
    encoding_format: z.enum(["float", "base64"]).default("float"),
    dimensions: tokens,
    metadata,
  })
  .meta({ id: "EmbeddingsRequest" });

const usd = z.string().describe("USD as decimal text with 12 places.");
const list = z.looseObject({ object: z.literal("list"), data: z.array(z.looseObject({ id: z.string() })) });

const headers = z.object({
  [idempotencyKeyHeader]: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("Repeating the request with the same key and body within 24 hours gives the same answer and one debit."),
});

const routing: readonly ErrorCode[] = [
  "idempotency_conflict",
  "idempotency_in_progress",
  "idempotency_answer_not_kept",
  "payment_required",
  "budget_exceeded",
  "workspace_suspended",
  "access_pending",
  "unknown_model",
  "routing_stack_not_found",
  "routing_stack_resolution_failed",
  "routing_policy_blocked",
  "high_stakes_confirmation_required",
  "tool_call_blocked",
  "tool_call_confirmation_required",
  "upstream_rejected_request",
  "upstream_error",
  "origin_unreachable",
  "structured_output_invalid",
  "answer_rejected",
  "unknown_pricing_model",
  "service_unavailable",
  "upstream_timeout",
];

const inference = { method: "POST", auth, tag: "Inference", status: 200, headers, errors: routing } as const;
const response = z.looseObject({ id: z.string(), object: z.literal("response") }).meta({ id: "Response" });

/** A response that was kept, whatever is done with it. */
const kept = { auth, tag: "Responses", status: 200, errors: ["not_found"] } as const;
const reading = { method: "GET", auth, tag: "Readings", status: 200 } as const;
const open = { method: "GET", auth: { kind: "public" }, tag: "Liveness", status: 200 } as const;

export const gatewayDeclarations: readonly RouteDeclaration[] = [
  {
    ...inference,
    path: "/v1/responses",
    summary: "Create a response",
    description: "The primary endpoint. Streams carry all routing headers before their first byte.",
    body: responsesBody,
    response,
    errors: [...routing, "previous_response_not_found"],
  },
  {
    ...kept,
    method: "GET",
    path: "/v1/responses/:id",
    summary: "Get a response",
    description: "One that was kept because its request said `store: true`, as it was answered.",
    response,
  },
  {
    ...kept,
    method: "DELETE",
    path: "/v1/responses/:id",
    summary: "Delete a response",
    description: "At once and for good. Responses that go on from it stay, and cannot be gone on from any more.",
    response: z.object({ id: z.string(), object: z.literal("response"), deleted: z.literal(true) }),
  },
  {
    ...kept,
    method: "GET",
    path: "/v1/responses/:id/input_items",
    summary: "List a response's input items",
    description:
      "With those of the responses that it goes on from, and their answers. Encrypted reasoning comes with `include=reasoning.encrypted_content`.",
    query: inputItemsQuery,
    response: z.looseObject({ object: z.literal("list"), data: z.array(z.looseObject({})), has_more: z.boolean() }),
  },
  {
    ...kept,
    method: "POST",
    path: "/v1/responses/:id/cancel",
    summary: "Cancel a response",
    description: "Always refused with 400: no response runs in the background.",
    response,
    errors: ["not_found", "invalid_request"],
  },
  {
    ...inference,
    path: "/v1/chat/completions",
    summary: "Create a chat completion",
    body: chatBody,
    response: z.looseObject({ id: z.string(), object: z.literal("chat.completion") }).meta({ id: "ChatCompletion" }),
  },
  {
    ...inference,
    path: "/v1/messages",
    summary: "Create a message",
    description:
      "Anthropic's Messages API; also at `/anthropic/v1/messages`. Errors have Anthropic's shape: `error.type` is its word, `error.code` ours.",
    body: messagesBody,
    response: z.looseObject({ id: z.string(), type: z.literal("message") }).meta({ id: "Message" }),
  },
  {
    method: "POST",
    auth,
    tag: "Inference",
    status: 200,
    path: "/v1/messages/count_tokens",
    summary: "Count the tokens of a message",
    description:
      "Counted by the upstream that would answer, where it can count; estimated elsewhere. Costs nothing and takes one request of the key's rate limit.",
    body: countTokensBody,
    response: z.object({ input_tokens: z.number().int() }).meta({ id: "TokenCount" }),
    errors: routing,
  },
  { ...inference, path: "/v1/embeddings", summary: "Create embeddings", body: embeddingsBody, response: list },
  {
    ...reading,
    path: "/v1/models",
    summary: "List models",
    query: z.object({ view: z.enum(["virtual", "raw"]).default("virtual") }),
    response: list,
  },
  {
    ...reading,
    path: "/v1/models/:id",
    summary: "Get a model",
    response: z.looseObject({ id: z.string() }),
    errors: ["unknown_model"],
  },
  { ...reading, path: "/v1/lanes", summary: "List lanes", response: list },
  {
    ...reading,
    path: "/v1/credits",
    summary: "Get the workspace's credits",
    response: z.object({ object: z.literal("credits"), balance_usd: usd, held_usd: usd, available_usd: usd }),
  },
  {
    ...reading,
    path: "/v1/traces/:id",
    summary: "Get a route trace",
    description: "By the value of `x-astrolabe-cloud-request-id`.",
    response: z.looseObject({ object: z.literal("route_trace"), request_id: z.string() }),
  },
  {
    ...reading,
    path: "/v1/receipts/:id",
    summary: "Get a receipt",
    description: "By the value of `x-astrolabe-cloud-request-id`: what the request was charged, signed.",
    response: receiptSchema,
    errors: ["not_found"],
  },
  {
    ...open,
    path: "/.well-known/jwks.json",
    tag: "Readings",
    summary: "Get the keys that receipts are signed with",
    response: z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) }),
  },
  { ...open, path: "/health", summary: "Check liveness", response: z.looseObject({ ok: z.boolean() }) },
  {
    ...open,
    path: "/ready",
    summary: "Check readiness",
    description: "503 with the same body while something that serving needs is missing.",
    response: z.object({
      ok: z.boolean(),
      service: z.literal("gateway"),
      mode: z.string(),
      issues: z.array(z.string()),
    }),
  },
];
