// Webhook endpoints and their deliveries as the control API shows and accepts them.

import { z } from "zod";
import { timeSchema } from "./control.ts";
import { eventTypeSchema } from "./events.ts";

export const webhookSchema = z
  .strictObject({
    object: z.literal("webhook_endpoint"),
    id: z.string(),
    url: z.string(),
    event_types: z.array(eventTypeSchema).describe("Empty: every type."),
    status: z.enum(["enabled", "disabled"]),
    failing_since: timeSchema.nullable().describe("First of its unbroken row of failures; null after a success."),
    created_at: timeSchema,
  })
  .meta({ id: "WebhookEndpoint" });

export const webhookWithSecretSchema = z
  .strictObject({
    ...webhookSchema.shape,
    secret: z.string().describe("`whsec_` and the signing key in base64. Shown in this answer only."),
  })
  .meta({ id: "WebhookEndpointWithSecret" });

const fields = {
  url: z.string().min(1).max(2_048).describe("A public https address; redirects are not followed."),
  event_types: z.array(eventTypeSchema).max(50).describe("Which events to send; empty: every type."),
};

export const createWebhookSchema = z
  .strictObject({ url: fields.url, event_types: fields.event_types.default([]) })
  .meta({ id: "CreateWebhookEndpoint" });

export const updateWebhookSchema = z
  .strictObject({
    url: fields.url.optional(),
    event_types: fields.event_types.optional(),
    status: z.enum(["enabled", "disabled"]).optional().describe("Disabling gives up what is still to be delivered."),
  })
  .meta({ id: "UpdateWebhookEndpoint" });

export const removedWebhookSchema = z
  .strictObject({ object: z.literal("webhook_endpoint"), id: z.string(), deleted: z.literal(true) })
  .meta({ id: "DeletedWebhookEndpoint" });

export const webhookTestSchema = z
  .strictObject({
    object: z.literal("webhook_test"),
    event_id: z.string().describe("Sent as `webhook-id`; the endpoint's deliveries show what came of it."),
  })
  .meta({ id: "WebhookTest" });

export const webhookDeliverySchema = z
  .strictObject({
    object: z.literal("webhook_delivery"),
    event_id: z.string(),
    event_type: eventTypeSchema,
    status: z.enum(["pending", "delivered", "failed"]),
    attempts: z.number().int(),
    next_attempt_at: timeSchema.nullable().describe("Null once delivered or failed."),
    last_attempt_at: timeSchema.nullable(),
    last_status: z.number().int().nullable().describe("HTTP status of the last answer; null when there was none."),
    last_error: z.string().nullable(),
    created_at: timeSchema.describe("When the event happened."),
  })
  .meta({ id: "WebhookDelivery" });
