// Sends webhooks beside the request path: looks once a second for events without deliveries and for deliveries that are
// due, claims what it can send at once and tries it. What a crash cuts short is due again when its claim has run out.

import { newId, type WebhookEndpointId } from "../contracts/ids.ts";
import type { PostMessage } from "./post-message.ts";
import { retryDelayMs } from "./retry-schedule.ts";
import { signMessage } from "./signature.ts";
import type { AttemptResult, DeliveryRecords, DueDelivery, SealedSecrets } from "./webhook-records.ts";

const mostInFlight = 16;
/** So that one slow receiver leaves room for the others. */
const mostPerEndpoint = 4;
const eventsPerRound = 200;
/** Longer than an attempt may take: a claim that is older was made by a process that is gone. */
const claimMs = 30_000;
const farewellMs = 2_000;
/** An endpoint that has failed for so long is disabled. */
const longestFailureMs = 5 * 86_400_000;
/** HTTP status by which a receiver says that it wants no more. */
const gone = 410;

export type DeliveryWorkerOptions = {
  readonly records: DeliveryRecords;
  readonly post: PostMessage;
  /** Opens a sealed secret of an endpoint. */
  readonly open: (endpointId: WebhookEndpointId, sealed: string) => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
  readonly roundMs?: number;
};

export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions;
  readonly #inFlight = new Map<Promise<void>, WebhookEndpointId>();
  readonly #stopping = new AbortController();
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  /** Whether there may be more to send than there was room for. */
  #full = false;

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options;
  }

  /** Begins to look for work. */
  start(): void {
    this.#later(0);
  }

  /** Ends within a few seconds: what is being sent may finish, else is cut off and sent again by whoever comes next. */
  async stop(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const cut = setTimeout(() => this.#stopping.abort(), farewellMs);
    await this.#running;
    await this.idle();
    clearTimeout(cut);
  }

  /** One look: makes deliveries and starts all that is due and there is room for. */
  async round(): Promise<void> {
    const { records, now } = this.#options;
    await records.route(eventsPerRound);
    this.#full = false;
    while (!this.#closed) {
      const room = mostInFlight - this.#inFlight.size;
      if (room <= 0) {
        this.#full = true;
        return;
      }
      const due = await records.due(now(), room, this.#crowded());
      if ((await this.#startAll(due)) === 0) return;
    }
  }

  /** Resolves when nothing is being sent any more. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight.keys());
  }

  #later(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#running) return;
      this.#running = this.round()
        .catch((error: unknown) => this.#options.reportFault("webhooks", error))
        .finally(() => {
          this.#running = undefined;
          this.#later(this.#options.roundMs ?? 1_000);
        });
    }, ms);
  }

  async #startAll(due: readonly DueDelivery[]): Promise<number> {
    const { records, now } = this.#options;
    let started = 0;
    for (const delivery of due) {
      if (this.#closed || this.#crowded().includes(delivery.endpointId)) continue;
      if (!(await records.claim(delivery, now() + claimMs))) continue;
      started += 1;
      const attempt = this.#attempt(delivery)
        .catch((error: unknown) => this.#options.reportFault("webhooks", error))
        .finally(() => {
          this.#inFlight.delete(attempt);
          if (this.#full) this.#later(0);
        });
      this.#inFlight.set(attempt, delivery.endpointId);
    }
    return started;
  }

  /** Endpoints that are sent to as often at once as is allowed. */
  #crowded(): WebhookEndpointId[] {
    const counts = new Map<WebhookEndpointId, number>();
    for (const id of this.#inFlight.values()) counts.set(id, (counts.get(id) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= mostPerEndpoint).map(([id]) => id);
  }

  async #attempt(delivery: DueDelivery): Promise<void> {
    const { records, post, now, random } = this.#options;
    const message = signMessage(delivery.event, this.#secretsOf(delivery), now());
    const { status, error } = await post(delivery.url, message, this.#stopping.signal);
    if (this.#stopping.signal.aborted && status === undefined) return;
    const result: AttemptResult = { at: now(), status, error };
    if (status !== undefined && error === undefined) return records.delivered(delivery, result);
    const delay = status === gone ? undefined : retryDelayMs(delivery.attempts + 1, random());
    const failingSince = await records.missed(delivery, result, delay === undefined ? undefined : result.at + delay);
    if (status === gone) await this.#disable(delivery, "gone");
    else if (result.at - failingSince >= longestFailureMs) await this.#disable(delivery, "failing");
  }

  #secretsOf({ endpointId, secrets }: { endpointId: WebhookEndpointId; secrets: SealedSecrets }): string[] {
    const { open, now } = this.#options;
    const { secret, previous } = secrets;
    const sealed = previous !== undefined && now() < previous.until ? [secret, previous.secret] : [secret];
    return sealed.map((one) => open(endpointId, one));
  }

  #disable({ endpointId, url, event }: DueDelivery, reason: "failing" | "gone"): Promise<void> {
    const data = { endpoint_id: endpointId, url, reason };
    const { workspaceId } = event;
    const createdAt = this.#options.now();
    const type = "webhook.disabled" as const;
    return this.#options.records.disable(endpointId, {
      id: newId("evt"),
      workspaceId,
      type,
      data,
      createdAt,
      once: undefined,
    });
  }
}
