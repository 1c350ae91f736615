// Webhook endpoints and the deliveries to them, and what they ask of storage. server/storage/webhook-store.ts implements it.

import type { EventType, NewEvent, WorkspaceEvent } from "../contracts/events.ts";
import type { EventId, WebhookEndpointId, WorkspaceId } from "../contracts/ids.ts";

export const endpointStatuses = ["enabled", "disabled"] as const;
export type EndpointStatus = (typeof endpointStatuses)[number];

export type WebhookEndpoint = {
  readonly id: WebhookEndpointId;
  readonly workspaceId: WorkspaceId;
  readonly url: string;
  /** Empty: every type. */
  readonly eventTypes: readonly EventType[];
  /** A disabled endpoint gets nothing, and nothing is kept for it. */
  readonly status: EndpointStatus;
  /** Unix milliseconds of the first of its unbroken row of failures; undefined after a success. */
  readonly failingSince: number | undefined;
  readonly createdAt: number;
};

/** An endpoint's secrets as stored: sealed (sealed-secret.ts). */
export type SealedSecrets = {
  readonly secret: string;
  /** The secret before the last rotation, which signs beside the new one until its time has passed. */
  readonly previous: { readonly secret: string; readonly until: number } | undefined;
};

export const deliveryStatuses = ["pending", "delivered", "failed"] as const;

/** One event on its way to one endpoint. Times are Unix milliseconds. */
export type Delivery = {
  readonly eventId: EventId;
  readonly eventType: EventType;
  /** When the event happened. */
  readonly createdAt: number;
  readonly status: (typeof deliveryStatuses)[number];
  readonly attempts: number;
  /** When a pending delivery is tried next. */
  readonly dueAt: number;
  readonly attemptedAt: number | undefined;
  /** HTTP status of the last answer; undefined when there was none. */
  readonly lastStatus: number | undefined;
  /** What went wrong last, in words. */
  readonly lastError: string | undefined;
};

/** A delivery that may be tried now, with all that a try needs. */
export type DueDelivery = {
  readonly event: WorkspaceEvent;
  readonly endpointId: WebhookEndpointId;
  readonly url: string;
  readonly secrets: SealedSecrets;
  /** Tries before this one. */
  readonly attempts: number;
  readonly dueAt: number;
};

/** Changes to an endpoint; an absent property stays. Enabling forgets past failures, disabling gives up what is pending. */
export type EndpointChanges = Partial<Pick<WebhookEndpoint, "url" | "eventTypes" | "status">>;

type Page<Id> = { readonly before: Id | undefined; readonly limit: number };

/** For the control API. */
export type EndpointRecords = {
  insert(endpoint: WebhookEndpoint, sealedSecret: string): Promise<void>;
  find(workspaceId: WorkspaceId, id: WebhookEndpointId): Promise<WebhookEndpoint | undefined>;
  /** Newest first. */
  list(workspaceId: WorkspaceId, page: Page<WebhookEndpointId>): Promise<WebhookEndpoint[]>;
  count(workspaceId: WorkspaceId): Promise<number>;
  update(id: WebhookEndpointId, changes: EndpointChanges): Promise<void>;
  /** The secret so far keeps signing until `previousUntil`. */
  replaceSecret(id: WebhookEndpointId, sealedSecret: string, previousUntil: number): Promise<void>;
  /** With its deliveries. */
  remove(id: WebhookEndpointId): Promise<void>;
  /** Newest event first. */
  deliveries(id: WebhookEndpointId, page: Page<EventId>): Promise<Delivery[]>;
  /** Writes an event that goes to this endpoint alone, due at once. */
  sendOnly(id: WebhookEndpointId, event: NewEvent): Promise<void>;
};

export type AttemptResult = {
  readonly at: number;
  readonly status: number | undefined;
  readonly error: string | undefined;
};

/** For the worker. Several processes may work on the same rows. */
export type DeliveryRecords = {
  /** Makes the deliveries of events that have none yet, at most `limit` events. */
  route(limit: number): Promise<void>;
  /** Pending deliveries whose time has come, the longest waiting first, without those to the endpoints in `besides`. */
  due(nowMs: number, limit: number, besides: readonly WebhookEndpointId[]): Promise<DueDelivery[]>;
  /** Takes a delivery until `leaseUntil` and counts a try; false when another worker was faster. */
  claim(delivery: DueDelivery, leaseUntil: number): Promise<boolean>;
  delivered(delivery: DueDelivery, result: AttemptResult): Promise<void>;
  /** A try failed. @param retryAt undefined gives up. @returns since when the endpoint has been failing. */
  missed(delivery: DueDelivery, result: AttemptResult, retryAt: number | undefined): Promise<number>;
  /** Disables an endpoint and writes `event`, both once; nothing when it is disabled already. */
  disable(id: WebhookEndpointId, event: NewEvent): Promise<void>;
};
