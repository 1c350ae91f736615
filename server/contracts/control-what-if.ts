// What-if as the control API takes and shows it: requests of the past under another policy.

import { z } from "zod";
import { slugSchema, timeSchema, usdSchema } from "./control.ts";
import { triedStack } from "./control-dry-run.ts";

/** Most requests that are planned again at once. */
export const mostReplayed = 1_000;

export const whatIfSchema = z
  .strictObject({
    ...triedStack,
    scope: z
      .strictObject({
        stack: slugSchema.optional().describe("Only requests that ran under the stack of this slug."),
        key: z.string().max(100).optional().describe("Only requests of the key with this id."),
        since: z.iso.datetime({ offset: true }).optional(),
        until: z.iso.datetime({ offset: true }).optional(),
      })
      .prefault({}),
    limit: z.number().int().min(1).max(mostReplayed).default(200).describe("The newest so many of the scope."),
  })
  .meta({ id: "WhatIfRequest" });

const sideSchema = z.strictObject({
  model: z.string().nullable(),
  provider: z.string().nullable(),
  refusal: z.string().nullable().describe("The error code it was, or would be, refused with."),
});

export const whatIfItemSchema = z
  .strictObject({
    request_id: z.string(),
    created_at: timeSchema,
    requested_model: z.string(),
    category: z.string(),
    status: z.number().int().describe("The HTTP status of then."),
    before: sideSchema.extend({
      cost_usd: usdSchema.describe("What was debited."),
      stack: z.string().nullable(),
      version: z.number().int().nullable(),
    }),
    after: sideSchema.extend({
      cost_usd: usdSchema.nullable().describe("Null when usage is unknown or the model has no price."),
      cost_basis: z
        .enum(["debited", "repriced", "estimated", "nothing"])
        .describe(
          "`debited`: the same plan, the same cost. `repriced`: the recorded usage at the other model's prices. `estimated`: it was refused then. `nothing`: refused, or a test key.",
        ),
    }),
    changed: z
      .boolean()
      .describe("The policy makes a difference: another model or provider, or a refusal on one side."),
    drifted: z
      .boolean()
      .describe("The policy of then would itself choose otherwise today: catalogue, prices or speed have changed."),
  })
  .meta({ id: "WhatIfItem" });

export const whatIfResultSchema = z
  .strictObject({
    object: z.literal("what_if"),
    items: z.array(whatIfItemSchema).describe("Newest first."),
    totals: z.strictObject({
      found: z.number().int().describe("Requests of the scope, within the limit."),
      replayed: z.number().int(),
      skipped: z
        .number()
        .int()
        .describe("Without recorded inputs: refused early, without a trace, or its key is gone."),
      changed: z.number().int(),
      newly_refused: z.number().int(),
      newly_accepted: z.number().int(),
      drifted: z.number().int(),
      unpriced: z.number().int().describe("Left out of both costs: what they would cost is unknown."),
      cost_before_usd: usdSchema,
      cost_after_usd: usdSchema,
      saved_usd: usdSchema.describe("Before minus after; may be negative."),
    }),
    models: z
      .array(
        z.strictObject({
          model: z.string(),
          before: z.number().int().describe("Requests it was chosen for."),
          after: z.number().int(),
          cost_before_usd: usdSchema,
          cost_after_usd: usdSchema,
        }),
      )
      .describe("By requests after, most first."),
    oldest_at: timeSchema.nullable(),
    newest_at: timeSchema.nullable(),
  })
  .meta({ id: "WhatIf" });

export type WhatIfResult = z.infer<typeof whatIfResultSchema>;
export type WhatIfItem = z.infer<typeof whatIfItemSchema>;
