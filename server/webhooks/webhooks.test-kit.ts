// For tests of webhooks: a database with one workspace, a clock to turn, a worker whose receiver is a function.

import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { newId, type WebhookEndpointId, type WorkspaceId } from "../contracts/ids.ts";
import type { EventType, NewEvent } from "../contracts/events.ts";
import type { Tables } from "../storage/database.ts";
import { eventStore } from "../storage/event-store.ts";
import { deliveryStore, endpointStore } from "../storage/webhook-store.ts";
import { workspaceStore } from "../storage/workspace-store.ts";
import { createWorkspace } from "../workspaces/manage-workspaces.ts";
import { DeliveryWorker } from "./delivery-worker.ts";
import { createEndpoint, type WebhookServices } from "./manage-endpoints.ts";
import type { PostMessage, PostOutcome } from "./post-message.ts";
import { openSecret } from "./sealed-secret.ts";
import type { SignedMessage } from "./signature.ts";
import type { Delivery } from "./webhook-records.ts";

export type Received = SignedMessage & { readonly url: string; readonly at: number };

const sealingKey = new Uint8Array(32).fill(7);

export class WebhookBench {
  readonly query: Kysely<Tables>;
  readonly workspaceId: WorkspaceId;
  /** Unix milliseconds. */
  readonly clock = { now: Date.parse("2030-01-01T00:00:00Z") };
  readonly faults: unknown[] = [];
  readonly webhooks: WebhookServices;
  readonly received: Received[] = [];
  /** What receivers answer; replace it for failures. */
  answer: (url: string) => Promise<PostOutcome> = async () => ({ status: 200, error: undefined });

  private constructor(query: Kysely<Tables>, workspaceId: WorkspaceId) {
    this.query = query;
    this.workspaceId = workspaceId;
    this.webhooks = {
      records: endpointStore(query),
      sealingKey,
      random: (count) => randomBytes(count),
      now: () => this.clock.now,
      allowPrivate: false,
    };
  }

  /** @param query a database with the newest schema, closed by whoever opened it. */
  static async over(query: Kysely<Tables>): Promise<WebhookBench> {
    const services = { records: workspaceStore(query), now: () => 1, changed: () => undefined };
    return new WebhookBench(query, (await createWorkspace(services, "w")).id);
  }

  /** Another process over the same database. */
  worker(): DeliveryWorker {
    const { query, clock, faults } = this;
    const post: PostMessage = async (url, message) => {
      this.received.push({ ...message, url, at: clock.now });
      return this.answer(url);
    };
    return new DeliveryWorker({
      records: deliveryStore(query),
      post,
      open: (id, sealed) => openSecret(sealingKey, id, sealed),
      now: () => clock.now,
      random: () => 0,
      reportFault: (_where, error) => void faults.push(error),
    });
  }

  endpoint(url = "https://hooks.astrolabe.dev/a", eventTypes: readonly EventType[] = []) {
    return createEndpoint(this.webhooks, this.workspaceId, { url, eventTypes });
  }

  async event(type: EventType = "credits.low"): Promise<NewEvent> {
    const data = { balance_usd: "0.500000000000", threshold_usd: "1.000000000000" };
    const facts = { id: newId("evt"), workspaceId: this.workspaceId, createdAt: this.clock.now };
    const event = { ...facts, type, data, once: undefined };
    await eventStore(this.query).append(event);
    return event;
  }

  deliveries(id: WebhookEndpointId): Promise<Delivery[]> {
    return this.webhooks.records.deliveries(id, { before: undefined, limit: 100 });
  }

  /** Turns the clock forward and lets a worker do all that is due then. */
  async later(ms: number, worker: DeliveryWorker): Promise<void> {
    this.clock.now += ms;
    await worker.round();
    await worker.idle();
  }
}
