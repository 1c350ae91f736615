// Stripe's webhooks: checked, stored to the letter, answered, then applied. What a crash leaves between storing and applying
// is found by the worker.

import { GatewayError } from "../contracts/errors.ts";
import { parseObject, stringAt } from "../contracts/json.ts";
import type { StoredEvent } from "./billing-records.ts";
import type { BillingServices } from "./billing-services.ts";
import { topUpPauseMs } from "./auto-top-up.ts";
import { settlePayment } from "./settle-payment.ts";
import { isSignedByStripe } from "./stripe-signature.ts";
import { factsOfEvent } from "./stripe-facts.ts";

/** Longer than applying takes: a claim that is older was made by a process that is gone. */
const claimMs = 60_000;
const appliedAtOnce = 50;
/** Before an event that could not be applied is tried again: doubled each time, up to an hour. */
const [firstRetryMs, longestRetryMs] = [30_000, 3_600_000];

/**
 * Stores a webhook; a second one of the same event changes nothing.
 * @returns the event's id, to be applied.
 * @throws GatewayError invalid_request when it was not signed by Stripe, or long ago; not_found without Stripe.
 */
export async function receiveEvent(
  { stripe, records, now }: BillingServices,
  body: Uint8Array,
  signature: string | undefined,
): Promise<string> {
  if (stripe === undefined) throw new GatewayError("not_found", "Payments are not configured on this server.");
  if (!isSignedByStripe(body, signature, stripe.webhookSecret, now())) {
    throw new GatewayError("invalid_request", "The Stripe-Signature header does not fit this body and this moment.");
  }
  const text = textOf(body);
  const event = text === undefined ? undefined : parseObject(text);
  const [id, type] = event === undefined ? [] : [stringAt(event, "id"), stringAt(event, "type")];
  if (text === undefined || id === undefined || type === undefined) throw new GatewayError("invalid_json");
  await records.events.store({ id, type, body: text, at: now() });
  return id;
}

/** Applies one event now, unless another process has it. Failures are kept with the event and reported, not thrown. */
export async function applyEvent(services: BillingServices, id: string): Promise<void> {
  const event = await services.records.events.find(id);
  if (event !== undefined) await applyClaimed(services, event);
}

/** Applies what is due, the oldest first, until nothing is. */
export async function applyDueEvents(services: BillingServices, isStopping: () => boolean): Promise<void> {
  for (;;) {
    const due = await services.records.events.due(services.now(), appliedAtOnce);
    for (const event of due) {
      if (isStopping()) return;
      await applyClaimed(services, event);
    }
    if (due.length < appliedAtOnce) return;
  }
}

async function applyClaimed(services: BillingServices, event: StoredEvent): Promise<void> {
  const { records, now, reportFault } = services;
  if (event.dueAt > now() || !(await records.events.claim(event, now() + claimMs))) return;
  try {
    await records.events.done(event.id, await apply(services, event));
  } catch (error) {
    reportFault(`Stripe event ${event.id}`, error);
    const pause = Math.min(firstRetryMs * 2 ** Math.min(event.attempts, 10), longestRetryMs);
    const words = error instanceof Error ? error.message : String(error);
    await records.events.failed(event.id, words.slice(0, 500), now() + pause);
  }
}

async function apply(services: BillingServices, event: StoredEvent): Promise<"applied" | "ignored"> {
  const facts = factsOfEvent(parseObject(event.body) ?? {});
  if (facts === undefined) return "ignored";
  const touched = await services.records.payments.learn(facts, services.now() + topUpPauseMs);
  for (const id of touched) await settlePayment(services, id);
  return "applied";
}

/** Undefined for bytes that are not UTF-8, or hold a NUL, which no database keeps. */
function textOf(body: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
