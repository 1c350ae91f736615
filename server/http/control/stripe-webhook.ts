// Where Stripe reports payments: the body is taken as it arrives, since its signature covers every byte.

import type { Env, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { receiveEvent } from "../../billing/stripe-events.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { ControlServices } from "./services.ts";

/** Stripe's events are smaller by far. */
const mostBytes = 524_288;

/** `POST /api/billing/stripe/webhook`: checked, stored, answered; applied afterwards. */
export function mountStripeWebhook<Environment extends Env>(api: Hono<Environment>, services: ControlServices): void {
  api.post(
    "/api/billing/stripe/webhook",
    bodyLimit({
      maxSize: mostBytes,
      onError: () => {
        throw new GatewayError("payload_too_large", undefined, { details: { limit_bytes: mostBytes } });
      },
    }),
    async (context) => {
      const body = new Uint8Array(await context.req.arrayBuffer());
      const eventId = await receiveEvent(services.billing, body, context.req.header("stripe-signature"));
      services.applyStripeEvent(eventId);
      return context.json({ received: true });
    },
  );
}
