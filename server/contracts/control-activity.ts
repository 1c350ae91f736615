// Traces and usage as the control API shows them, and the filters it finds them by.

import { z } from "zod";
import { pageQuerySchema, timeSchema, usdSchema } from "./control.ts";
import { categories } from "./policy.ts";
import type { RouteTrace } from "./route-trace.ts";
import { parseUsd } from "../money/picodollars.ts";

const momentSchema = z.iso.datetime({ offset: true });
const shortText = z.string().min(1).max(200);

const summedFilters = {
  from: momentSchema.optional().describe("Requests that arrived at or after this time."),
  to: momentSchema.optional().describe("Requests that arrived before this time."),
  key: shortText.optional().describe("Id of an API key."),
  agent: shortText.optional().describe("The name of a blueprint: requests of all its deployments."),
  deployment: shortText.optional().describe("Id of a deployment."),
  model: shortText.optional().describe("The model that answered, or was asked last."),
  provider: shortText.optional(),
  stack: shortText.optional().describe("Slug of a stack."),
  category: z.enum(categories).optional().describe("What the request was taken for."),
};

export const usageFilterSchema = z.strictObject({
  ...summedFilters,
  requested_model: shortText.optional().describe("What the request named as its model."),
  status: z
    .union([z.enum(["success", "client_error", "server_error", "error"]), z.string().regex(/^[1-5]\d\d$/)])
    .optional()
    .describe("`success` (below 400), `client_error`, `server_error`, `error` (either), or one HTTP status."),
  billing: z.enum(["billed", "unbilled"]).optional(),
  unbillable_reason: shortText.optional(),
  min_cost_usd: z
    .string()
    .refine((text) => (parseUsd(text) ?? -1n) >= 0n, "decimal USD as text")
    .optional()
    .describe("Debited at least this much."),
  min_ms: z.coerce.number().int().min(0).max(86_400_000).optional().describe("Took at least this long."),
});
export type UsageFilterQuery = z.output<typeof usageFilterSchema>;

export const usageListQuerySchema = z.strictObject({ ...pageQuerySchema.shape, ...usageFilterSchema.shape });

const tokens = z.number().int().nullable();

export const usageRowSchema = z
  .strictObject({
    object: z.literal("usage"),
    request_id: z.string(),
    key_id: z.string(),
    agent: z.string().nullable().describe("The blueprint of the deployment that sent it; null for others."),
    deployment_id: z.string().nullable(),
    created_at: timeSchema,
    protocol: z.string(),
    requested_model: z.string(),
    category: z.string().nullable().describe("Null for a request that was refused before it was read."),
    stack: z.string().nullable(),
    stack_version: z.number().int().nullable(),
    model: z.string().nullable().describe("The model that produced the answer; null when none did."),
    provider: z.string().nullable(),
    status: z.number().int().describe("HTTP status of the answer."),
    unbillable_reason: z.string().nullable().describe("Why nothing was debited; null when billed."),
    input_tokens: tokens.describe("Null when the provider did not say; so are the other counts."),
    cached_input_tokens: tokens,
    cache_write_tokens: tokens,
    output_tokens: tokens,
    reasoning_tokens: tokens,
    hold_usd: usdSchema,
    debit_usd: usdSchema,
    baseline_usd: usdSchema.nullable().describe("What the strongest allowed model was expected to cost."),
    savings_usd: usdSchema.nullable().describe("Baseline minus what the plan was expected to cost; may be negative."),
    price_version: z.string(),
    first_byte_ms: z.number().int().nullable(),
    total_ms: z.number().int(),
  })
  .meta({ id: "Usage" });

export const traceHeadlineSchema = z
  .strictObject({
    object: z.literal("trace_headline"),
    request_id: z.string().describe("Read the whole trace with `GET /api/workspaces/{workspace}/traces/{request}`."),
    created_at: timeSchema,
    expires_at: timeSchema.nullable().describe("When the trace is deleted; null when none is kept."),
    key_id: z.string(),
    key_name: z.string().nullable(),
    agent: z.string().nullable().describe("The blueprint of the deployment that sent it; null for others."),
    deployment_id: z.string().nullable(),
    requested_model: z.string(),
    category: z.string().nullable(),
    stack: z.string().nullable(),
    model: z.string().nullable(),
    provider: z.string().nullable(),
    status: z.number().int(),
    unbillable_reason: z.string().nullable(),
    input_tokens: tokens,
    cached_input_tokens: tokens,
    output_tokens: tokens,
    hold_usd: usdSchema,
    debit_usd: usdSchema,
    savings_usd: usdSchema.nullable(),
    first_byte_ms: z.number().int().nullable(),
    total_ms: z.number().int(),
  })
  .meta({ id: "TraceHeadline" });
export type TraceHeadline = z.infer<typeof traceHeadlineSchema>;

export const traceDetailSchema = z
  .strictObject({
    object: z.literal("trace"),
    trace: z
      .looseObject({ object: z.literal("route_trace"), request_id: z.string() })
      .describe("The same as `GET /v1/traces/{request id}`."),
    key_id: z.string(),
    key_name: z.string().nullable(),
    ledger_entry_id: z.string().nullable().describe("The debit's entry; null when nothing was debited."),
    ledger_sequence: z.number().int().nullable(),
    first_byte_ms: z.number().int().nullable(),
    total_ms: z.number().int().describe("From arrival until the answer was complete, before it was settled."),
    expires_at: timeSchema.nullable().describe("When the trace is deleted; null when none is kept."),
    headers: z.record(z.string(), z.string()).describe("The response headers that tell of the request."),
    alternatives: z
      .array(
        z.strictObject({
          model: z.string(),
          provider: z.string().nullable(),
          role: z.enum(["answered", "candidate", "spare", "baseline"]),
          cost_usd: usdSchema.nullable().describe("Null when its price or the usage is unknown."),
          difference_usd: usdSchema.nullable().describe("Against the model that answered; negative is cheaper."),
        }),
      )
      .describe("What the same tokens cost with the models that were considered, at that day's prices."),
  })
  .meta({ id: "Trace" });
/** With the trace as its own type says. */
export type TraceDetail = Omit<z.infer<typeof traceDetailSchema>, "trace"> & { readonly trace: RouteTrace };

export const seriesQuerySchema = z.strictObject({
  ...summedFilters,
  interval: z.enum(["hour", "day", "month"]).default("day").describe("By the calendar of UTC."),
  group_by: z
    .enum(["model", "key", "stack", "category", "provider", "agent", "deployment"])
    .optional()
    .describe("By agent and by deployment what no agent sent is one group without a name."),
  rank_by: z
    .enum(["cost", "requests", "tokens", "savings", "errors"])
    .default("cost")
    .describe("Which groups are the largest."),
  top: z.coerce.number().int().min(1).max(50).default(8).describe("Groups by name; the others are one more group."),
});

const sumsShape = {
  requests: z.number().int(),
  errors: z.number().int().describe("Answered with a status of 400 or more."),
  unbilled: z.number().int(),
  cost_usd: usdSchema,
  savings_usd: usdSchema.describe("Expected, of billed requests, against the strongest allowed model."),
  input_tokens: z.number().int(),
  cached_input_tokens: z.number().int(),
  cache_write_tokens: z.number().int(),
  output_tokens: z.number().int(),
  reasoning_tokens: z.number().int(),
  latency_p50_ms: z.number().int().nullable().describe("Of successful answers, from 64 ranges; null without any."),
  latency_p95_ms: z.number().int().nullable(),
};

export const usageSeriesSchema = z
  .strictObject({
    object: z.literal("usage_series"),
    from: timeSchema.describe("The start of the first interval."),
    to: timeSchema.describe("The end of the last."),
    interval: z.enum(["hour", "day", "month"]),
    group_by: z.string().nullable(),
    groups: z.array(
      z.strictObject({
        kind: z.enum(["named", "rest"]),
        name: z.string().nullable().describe("Null for requests that have none, and where nothing is grouped."),
        label: z.string().nullable().describe("The name of a key or a deployment; the name itself otherwise."),
        ...sumsShape,
      }),
    ),
    points: z
      .array(
        z.strictObject({
          starts_at: timeSchema,
          group: z.number().int().describe("A place in `groups`."),
          ...sumsShape,
        }),
      )
      .describe("In the order of time; an interval without requests has no point."),
    total: z.strictObject(sumsShape),
  })
  .meta({ id: "UsageSeries" });
export type UsageSeries = z.infer<typeof usageSeriesSchema>;

const usedNames = z.array(
  z.strictObject({ name: z.string(), label: z.string().describe("A key's name; else the same.") }),
);

export const usageNamesSchema = z
  .strictObject({
    object: z.literal("usage_names"),
    model: usedNames,
    key: usedNames,
    stack: usedNames,
    category: usedNames,
    provider: usedNames,
    agent: usedNames,
    deployment: usedNames,
  })
  .meta({ id: "UsageNames" });
export type UsageNames = z.infer<typeof usageNamesSchema>;

export const exportQuerySchema = z.strictObject({
  ...usageFilterSchema.shape,
  format: z.enum(["csv", "jsonl"]).default("csv"),
});
