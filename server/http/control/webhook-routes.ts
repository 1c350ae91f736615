// Routes for webhook endpoints: where a workspace's events are sent to, and what came of it.

import { listSchema, pageQuerySchema } from "../../contracts/control.ts";
import {
  createWebhookSchema,
  removedWebhookSchema,
  updateWebhookSchema,
  webhookDeliverySchema,
  webhookSchema,
  webhookTestSchema,
  webhookWithSecretSchema,
} from "../../contracts/control-webhooks.ts";
import { asId, type EventId, type WebhookEndpointId } from "../../contracts/ids.ts";
import {
  createEndpoint,
  getEndpoint,
  removeEndpoint,
  rotateSecret,
  sendTestEvent,
  updateEndpoint,
} from "../../webhooks/manage-endpoints.ts";
import type { Delivery, WebhookEndpoint } from "../../webhooks/webhook-records.ts";
import { administrators, readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import { isoTime, optionalTime } from "./shown-values.ts";

const tag = "Webhooks";

export const webhookRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/webhooks",
    auth: readers,
    tag,
    summary: "List webhook endpoints",
    description: "Newest first. Secrets are never shown again.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(webhookSchema),
    handle: ({ workspace, query, services }) =>
      page(
        query,
        (cursor, limit) => {
          const before = cursor === undefined ? undefined : asId<WebhookEndpointId>(cursor);
          return services.webhooks.records.list(workspace.id, { before, limit });
        },
        (endpoint) => endpoint.id,
        (endpoints) => endpoints.map(showEndpoint),
      ),
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/webhooks",
    auth: administrators,
    tag,
    summary: "Create a webhook endpoint",
    description: "The answer holds the signing secret: store it, it is not shown again.",
    query: noQuery,
    body: createWebhookSchema,
    status: 201,
    response: webhookWithSecretSchema,
    errors: ["conflict"],
    handle: async ({ workspace, body, services }) => {
      const { url, event_types: eventTypes } = body;
      const { endpoint, secret } = await createEndpoint(services.webhooks, workspace.id, { url, eventTypes });
      return { ...showEndpoint(endpoint), secret };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/webhooks/:webhook",
    auth: readers,
    tag,
    summary: "Get a webhook endpoint",
    query: noQuery,
    body: noBody,
    status: 200,
    response: webhookSchema,
    handle: async ({ workspace, param, services }) =>
      showEndpoint(await getEndpoint(services.webhooks, workspace.id, endpointId(param("webhook")))),
  }),
  workspaceRoute({
    method: "PATCH",
    path: "/api/workspaces/:workspace/webhooks/:webhook",
    auth: administrators,
    tag,
    summary: "Update a webhook endpoint",
    description:
      "Fields that are absent stay as they are. Enabling an endpoint again sends it what happens from then on.",
    query: noQuery,
    body: updateWebhookSchema,
    status: 200,
    response: webhookSchema,
    handle: async ({ workspace, param, body, services }) => {
      const changes = {
        ...(body.url !== undefined && { url: body.url }),
        ...(body.event_types !== undefined && { eventTypes: body.event_types }),
        ...(body.status !== undefined && { status: body.status }),
      };
      return showEndpoint(await updateEndpoint(services.webhooks, workspace.id, endpointId(param("webhook")), changes));
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/api/workspaces/:workspace/webhooks/:webhook",
    auth: administrators,
    tag,
    summary: "Delete a webhook endpoint",
    description: "Its deliveries go with it.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: removedWebhookSchema,
    handle: async ({ workspace, param, services }) => {
      const id = endpointId(param("webhook"));
      await removeEndpoint(services.webhooks, workspace.id, id);
      return { object: "webhook_endpoint" as const, id, deleted: true as const };
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/webhooks/:webhook/rotate-secret",
    auth: administrators,
    tag,
    summary: "Rotate a webhook secret",
    description:
      "The answer holds the new secret. For a day the old one signs too, so that the receiver can change over.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: webhookWithSecretSchema,
    handle: async ({ workspace, param, services }) => {
      const { endpoint, secret } = await rotateSecret(services.webhooks, workspace.id, endpointId(param("webhook")));
      return { ...showEndpoint(endpoint), secret };
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/webhooks/:webhook/test",
    auth: administrators,
    tag,
    summary: "Send a test event",
    description: "Sends a `webhook.test` event to this endpoint, whichever types it takes.",
    query: noQuery,
    body: noBody,
    status: 201,
    response: webhookTestSchema,
    errors: ["conflict"],
    handle: async ({ workspace, param, services }) => {
      const event_id = await sendTestEvent(services.webhooks, workspace.id, endpointId(param("webhook")));
      return { object: "webhook_test" as const, event_id };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/webhooks/:webhook/deliveries",
    auth: readers,
    tag,
    summary: "List webhook deliveries",
    description: "Newest first, of the last 30 days.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(webhookDeliverySchema),
    handle: async ({ workspace, param, query, services }) => {
      const { id } = await getEndpoint(services.webhooks, workspace.id, endpointId(param("webhook")));
      return page(
        query,
        (cursor, limit) => {
          const before = cursor === undefined ? undefined : asId<EventId>(cursor);
          return services.webhooks.records.deliveries(id, { before, limit });
        },
        (delivery) => delivery.eventId,
        (deliveries) => deliveries.map(showDelivery),
      );
    },
  }),
];

function endpointId(text: string): WebhookEndpointId {
  return asId<WebhookEndpointId>(text);
}

function showEndpoint({ id, url, eventTypes, status, failingSince, createdAt }: WebhookEndpoint) {
  return {
    object: "webhook_endpoint" as const,
    id,
    url,
    event_types: [...eventTypes],
    status,
    failing_since: optionalTime(failingSince),
    created_at: isoTime(createdAt),
  };
}

function showDelivery(delivery: Delivery) {
  return {
    object: "webhook_delivery" as const,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    status: delivery.status,
    attempts: delivery.attempts,
    next_attempt_at: delivery.status === "pending" ? isoTime(delivery.dueAt) : null,
    last_attempt_at: optionalTime(delivery.attemptedAt),
    last_status: delivery.lastStatus ?? null,
    last_error: delivery.lastError ?? null,
    created_at: isoTime(delivery.createdAt),
  };
}
