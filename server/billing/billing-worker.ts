// Works beside the request path: applies events that a crash left, settles payments that have news, takes back what is owed
// and can be taken by now, and tops up. At the start and every half minute; a webhook is applied at once.

import type { PaymentId } from "../contracts/ids.ts";
import { topUpAll } from "./auto-top-up.ts";
import type { BillingServices } from "./billing-services.ts";
import { settlePayment } from "./settle-payment.ts";
import { applyDueEvents, applyEvent } from "./stripe-events.ts";

const roundMs = 30_000;
const settledAtOnce = 200;

export class BillingWorker {
  readonly #services: BillingServices;
  readonly #applying = new Set<Promise<void>>();
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  /** The debtor looked at last: each round goes on from there. */
  #debtor: PaymentId | undefined;

  constructor(services: BillingServices) {
    this.#services = services;
  }

  /** Begins to look for work. */
  start(): void {
    this.#later(0);
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
    await this.idle();
  }

  /** Applies a stored event without making anybody wait. */
  apply(eventId: string): void {
    if (this.#closed) return;
    const applying = applyEvent(this.#services, eventId)
      .catch((error: unknown) => this.#services.reportFault("payments", error))
      .finally(() => this.#applying.delete(applying));
    this.#applying.add(applying);
  }

  /** Resolves when no event is being applied. */
  async idle(): Promise<void> {
    while (this.#applying.size > 0) await Promise.all(this.#applying);
  }

  /** One look at all that may need work. */
  async round(): Promise<void> {
    const isStopping = (): boolean => this.#closed;
    await applyDueEvents(this.#services, isStopping);
    await this.#settleAll();
    if (this.#services.stripe !== undefined && !this.#closed) await topUpAll(this.#services, isStopping);
  }

  async #settleAll(): Promise<void> {
    const { payments } = this.#services.records;
    const owing = await payments.owing(undefined, { after: this.#debtor, limit: settledAtOnce });
    this.#debtor = owing.length < settledAtOnce ? undefined : owing.at(-1)?.id;
    for (const { id } of [...(await payments.unsettled(settledAtOnce)), ...owing]) {
      if (this.#closed) return;
      await settlePayment(this.#services, id).catch((error: unknown) =>
        this.#services.reportFault(`payment ${id}`, error),
      );
    }
  }

  #later(ms: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#running = this.round()
        .catch((error: unknown) => this.#services.reportFault("payments", error))
        .finally(() => {
          this.#running = undefined;
          this.#later(roundMs);
        });
    }, ms);
  }
}
