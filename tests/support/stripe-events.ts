// Stripe's events: made out of snapshots, signed as its documentation says, and sent to webhook endpoints.

import { createHmac } from "node:crypto";
import type { JsonObject } from "../../server/contracts/json.ts";

export type StripeEvent = { readonly id: string; readonly type: string; readonly body: string };

export type DeliveryChanges = {
  /** Unix seconds of the signature; now unless told otherwise. */
  readonly time?: number;
  readonly secret?: string;
  /** Sent instead of the body that was signed. */
  readonly body?: string;
};

/** An event about a thing as it is now. */
export function newEvent(id: string, type: string, thing: JsonObject): StripeEvent {
  const event = {
    id,
    object: "event",
    api_version: "2026-10-28.endive",
    created: Math.floor(Date.now() / 1000),
    data: { object: thing },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
  return { id, type, body: JSON.stringify(event, null, 2) };
}

/** The header that Stripe would send with this body: the scheme that counts, and one that does not. */
export function stripeSignature(body: string, secret: string, time = Math.floor(Date.now() / 1000)): string {
  const signature = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  return `t=${time},v1=${signature},v0=${"0".repeat(64)}`;
}

/** Sends an event to an endpoint; gives the status of the answer. */
export async function sendEvent(
  url: string,
  event: StripeEvent,
  secret: string,
  changes: DeliveryChanges = {},
): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "stripe-signature": stripeSignature(event.body, changes.secret ?? secret, changes.time),
      "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    },
    body: changes.body ?? event.body,
  });
  await response.text();
  return response.status;
}
