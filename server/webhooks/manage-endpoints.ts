// Making, changing and removing webhook endpoints. A signing secret leaves this file twice: when its endpoint is created
// and when it is replaced.

import { GatewayError, invalidField } from "../contracts/errors.ts";
import type { EventType, NewEvent } from "../contracts/events.ts";
import { newId, type EventId, type WebhookEndpointId, type WorkspaceId } from "../contracts/ids.ts";
import { urlFault } from "./receiver-address.ts";
import { makeWebhookSecret, sealSecret, type RandomBytes } from "./sealed-secret.ts";
import type { EndpointChanges, EndpointRecords, WebhookEndpoint } from "./webhook-records.ts";

/** Endpoints of one workspace: each multiplies what every event costs. */
const mostEndpoints = 16;
/** How long the secret before still signs after a rotation. */
const rotationMs = 86_400_000;

export type WebhookServices = {
  readonly records: EndpointRecords;
  /** `deriveKey(master, "webhook-secrets")`. */
  readonly sealingKey: Uint8Array;
  readonly random: RandomBytes;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Whether http and addresses that are not public may be used: for development. */
  readonly allowPrivate: boolean;
};

export type NewEndpoint = { readonly url: string; readonly eventTypes: readonly EventType[] };

/** @throws GatewayError invalid_request for an unusable address, conflict when the workspace has too many endpoints. */
export async function createEndpoint(
  services: WebhookServices,
  workspaceId: WorkspaceId,
  { url, eventTypes }: NewEndpoint,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  requireUsableUrl(services, url);
  if ((await services.records.count(workspaceId)) >= mostEndpoints) {
    throw new GatewayError("conflict", `A workspace can have ${mostEndpoints} webhook endpoints.`);
  }
  const endpoint: WebhookEndpoint = {
    id: newId("whe"),
    workspaceId,
    url,
    eventTypes,
    status: "enabled",
    failingSince: undefined,
    createdAt: services.now(),
  };
  const { secret, sealed } = freshSecret(services, endpoint.id);
  await services.records.insert(endpoint, sealed);
  return { endpoint, secret };
}

/** @throws GatewayError not_found when the workspace has no such endpoint. */
export async function getEndpoint(
  services: WebhookServices,
  workspaceId: WorkspaceId,
  id: WebhookEndpointId,
): Promise<WebhookEndpoint> {
  const endpoint = await services.records.find(workspaceId, id);
  if (endpoint === undefined) throw new GatewayError("not_found", `The workspace has no webhook endpoint ${id}.`);
  return endpoint;
}

/** @throws GatewayError not_found, or invalid_request for an unusable address. */
export async function updateEndpoint(
  services: WebhookServices,
  workspaceId: WorkspaceId,
  id: WebhookEndpointId,
  changes: EndpointChanges,
): Promise<WebhookEndpoint> {
  await getEndpoint(services, workspaceId, id);
  if (changes.url !== undefined) requireUsableUrl(services, changes.url);
  await services.records.update(id, changes);
  return getEndpoint(services, workspaceId, id);
}

/** A new secret at once; the one before signs too for a day, so that the receiver can change over. @throws GatewayError not_found */
export async function rotateSecret(
  services: WebhookServices,
  workspaceId: WorkspaceId,
  id: WebhookEndpointId,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  const endpoint = await getEndpoint(services, workspaceId, id);
  const { secret, sealed } = freshSecret(services, id);
  await services.records.replaceSecret(id, sealed, services.now() + rotationMs);
  return { endpoint, secret };
}

/** @throws GatewayError not_found */
export async function removeEndpoint(
  services: WebhookServices,
  workspaceId: WorkspaceId,
  id: WebhookEndpointId,
): Promise<void> {
  await getEndpoint(services, workspaceId, id);
  await services.records.remove(id);
}

/** Sends a `webhook.test` event to one endpoint. @throws GatewayError not_found, or conflict when it is disabled. */
export async function sendTestEvent(
  services: WebhookServices,
  workspaceId: WorkspaceId,
  id: WebhookEndpointId,
): Promise<EventId> {
  const { status } = await getEndpoint(services, workspaceId, id);
  if (status === "disabled") throw new GatewayError("conflict", `Webhook endpoint ${id} is disabled.`);
  const event: NewEvent = {
    id: newId("evt"),
    workspaceId,
    type: "webhook.test",
    data: { endpoint_id: id },
    createdAt: services.now(),
    once: undefined,
  };
  await services.records.sendOnly(id, event);
  return event.id;
}

function freshSecret({ sealingKey, random }: WebhookServices, id: WebhookEndpointId) {
  const secret = makeWebhookSecret(random);
  return { secret, sealed: sealSecret(sealingKey, id, secret, random) };
}

function requireUsableUrl({ allowPrivate }: WebhookServices, url: string): void {
  const fault = urlFault(url, allowPrivate);
  if (fault !== undefined) throw invalidField("url", fault);
}
