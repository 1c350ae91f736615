// Puts together what tells workspaces of events: the feed, the budgets that are spent, and the webhooks.

import { randomInt } from "node:crypto";
import { deriveKey } from "./keys/master-secret.ts";
import type { Services } from "./request/services.ts";
import { budgetStore } from "./storage/budget-store.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { eventStore } from "./storage/event-store.ts";
import { deliveryStore, pruneEvents } from "./storage/webhook-store.ts";
import { DeliveryWorker } from "./webhooks/delivery-worker.ts";
import { messagePoster } from "./webhooks/post-message.ts";
import { openSecret } from "./webhooks/sealed-secret.ts";
import { ExhaustedBudgets } from "./workspaces/exhausted-budgets.ts";

/** How long the feed keeps events, and with them their deliveries. */
const eventsKeptMs = 30 * 86_400_000;

export type WiredEvents = {
  /** Sends events to webhook endpoints, once started. */
  readonly webhooks: DeliveryWorker;
  readonly refusedByBudget: Services["refusedByBudget"];
  /** Deletes events that are older than the feed keeps them. */
  readonly prune: () => Promise<void>;
};

type EventSurroundings = {
  readonly master: Uint8Array;
  readonly webhookAllowPrivate: boolean;
  /** Unix milliseconds with fractions. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

export function wireEvents(query: OpenDatabase["query"], surroundings: EventSurroundings): WiredEvents {
  const { reportFault } = surroundings;
  // Times are stored as whole milliseconds.
  const now = (): number => Math.floor(surroundings.now());
  const sealingKey = deriveKey(surroundings.master, "webhook-secrets");
  const exhausted = new ExhaustedBudgets({ events: eventStore(query), budgets: budgetStore(query), now, reportFault });
  return {
    webhooks: new DeliveryWorker({
      records: deliveryStore(query),
      post: messagePoster({ allowPrivate: surroundings.webhookAllowPrivate }),
      open: (endpointId, sealed) => openSecret(sealingKey, endpointId, sealed),
      now,
      random: () => randomInt(2 ** 32) / 2 ** 32,
      reportFault,
    }),
    refusedByBudget: (refusal) => exhausted.refused(refusal),
    prune: () => pruneEvents(query, now() - eventsKeptMs),
  };
}
