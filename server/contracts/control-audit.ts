// The audit log as the control API shows it.

import { z } from "zod";
import { pageQuerySchema, timeSchema } from "./control.ts";

const filters = {
  actor: z
    .string()
    .min(1)
    .max(254)
    .optional()
    .describe("A user's or key's id, an e-mail address, or `operator_token`."),
  action: z.string().min(1).max(100).optional().describe("Id of an operation, such as `createApiKey`."),
  since: z.iso.datetime({ offset: true }).optional().describe("From this time on, ISO 8601."),
  until: z.iso.datetime({ offset: true }).optional().describe("Before this time, ISO 8601."),
};

export const auditQuerySchema = z.strictObject({ ...pageQuerySchema.shape, ...filters });
export const auditExportQuerySchema = z.strictObject(filters);

export const auditEventSchema = z
  .strictObject({
    object: z.literal("audit_event"),
    id: z.string(),
    workspace_id: z.string().nullable().describe("Null for what happened in no workspace."),
    actor: z.strictObject({
      kind: z.enum(["user", "operator_token", "key", "nobody"]),
      id: z.string().nullable(),
      name: z.string().nullable().describe("The e-mail address or name that the actor had then."),
    }),
    action: z
      .string()
      .describe(
        "Id of the operation, such as `createApiKey`; or `signIn`, `signOut`, `passwordRefused` and the like of people.",
      ),
    outcome: z
      .enum(["done", "refused"])
      .describe("`refused`: for want of a right, told once a minute; or a sign-in, told once in 15 minutes."),
    targets: z.array(z.strictObject({ type: z.string(), id: z.string() })).describe("What was acted on."),
    fields: z.array(z.string()).describe("Names of the fields that were sent; values are not kept."),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    request_id: z.string().nullable(),
    created_at: timeSchema,
  })
  .meta({ id: "AuditEvent" });

export type ShownAuditEvent = z.output<typeof auditEventSchema>;
export type AuditQuery = z.output<typeof auditExportQuerySchema>;
