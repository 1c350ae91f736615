// What every client of the crash suite saw, order by order: the side of the story that the database has to agree with.

import type { Delivered, Seen } from "./client.ts";
import type { Order } from "./order.ts";

export type Event = { readonly order: Order; readonly seen: Seen };
export type DeliveredEvent = { readonly order: Order; readonly seen: Delivered };

export type Grant = {
  readonly workspaceId: string;
  readonly idempotencyKey: string;
  readonly amountUsd: string;
  /** Whether a server has confirmed it. */
  confirmed: boolean;
};

export class AccountOfEvents {
  readonly #events: Event[] = [];
  readonly grants: Grant[] = [];

  note(order: Order, seen: Seen): void {
    this.#events.push({ order, seen });
  }

  get events(): readonly Event[] {
    return this.#events;
  }

  get delivered(): readonly DeliveredEvent[] {
    return this.#events.flatMap(({ order, seen }) => (seen.kind === "delivered" ? [{ order, seen }] : []));
  }

  count(kind: Seen["kind"]): number {
    return this.#events.filter(({ seen }) => seen.kind === kind).length;
  }

  /** How often each refusal was met, by its code. */
  get refusals(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { seen } of this.#events) {
      if (seen.kind === "refused") counts.set(seen.code, (counts.get(seen.code) ?? 0) + 1);
    }
    return counts;
  }
}
