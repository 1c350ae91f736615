// Asks Stripe through its own library, which is loaded at the first call: a server that sells nothing never carries it.

import type { Stripe } from "stripe";
import { GatewayError } from "../contracts/errors.ts";
import { parseObject, type JsonObject } from "../contracts/json.ts";
import type { BillingDetails } from "./billing-records.ts";
import { centsOf } from "./packs.ts";
import type { CardCharge, CheckoutOrder, PaymentProvider } from "./payment-provider.ts";

const [timeoutMs, repetitions] = [20_000, 2];

export type StripeAddress = {
  readonly secretKey: string;
  /** Without a path; Stripe's own unless told otherwise. */
  readonly apiBase: string;
};

export function stripeClient(address: StripeAddress): PaymentProvider {
  let loaded: Promise<Stripe> | undefined;
  const stripe = (): Promise<Stripe> => (loaded ??= load(address));
  const ask = async <Answer>(call: (client: Stripe) => Promise<Answer>): Promise<Answer> => {
    try {
      return await call(await stripe());
    } catch (cause) {
      throw inOurTerms(cause);
    }
  };
  return {
    createCustomer: ({ workspaceId, workspaceName, details }) =>
      ask(async ({ customers }) => {
        const fields = { ...customerFields(details), name: details.name || workspaceName };
        const customer = await customers.create(
          { ...fields, metadata: { workspace: workspaceId } },
          { idempotencyKey: `customer ${workspaceId}` },
        );
        return customer.id;
      }),
    updateCustomer: (customerId, details) =>
      ask(async ({ customers }) => void (await customers.update(customerId, customerFields(details)))),
    createCheckout: (order) =>
      ask(async ({ checkout }) => {
        const options = { idempotencyKey: `checkout ${order.paymentId}` };
        return withUrl(await checkout.sessions.create(checkoutFields(order), options));
      }),
    createCardSetup: ({ workspaceId, customerId, successUrl, cancelUrl }) =>
      ask(async ({ checkout }) => {
        const session = await checkout.sessions.create({
          mode: "setup",
          currency: "usd",
          allowed_payment_method_types: ["card"],
          customer: customerId,
          metadata: { workspace: workspaceId },
          success_url: successUrl,
          cancel_url: cancelUrl,
        });
        return withUrl(session);
      }),
    chargeCard: (charge) => chargeCard(stripe, charge),
    refund: ({ intentId, paymentId, amount, idempotencyKey }) =>
      ask(async ({ refunds }) => {
        const refund = await refunds.create(
          { payment_intent: intentId, amount: centsOf(amount), metadata: { payment: paymentId } },
          { idempotencyKey: `refund ${paymentId} ${idempotencyKey}` },
        );
        return plain(refund);
      }),
    removeCard: (cardId) => ask(async ({ paymentMethods }) => void (await paymentMethods.detach(cardId))),
  };
}

async function load({ secretKey, apiBase }: StripeAddress): Promise<Stripe> {
  const { Stripe: Client } = await import("stripe");
  const { protocol, hostname, port } = new URL(apiBase);
  return new Client(secretKey, {
    protocol: protocol === "http:" ? "http" : "https",
    host: hostname,
    port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
    httpClient: Client.createFetchHttpClient(),
    timeout: timeoutMs,
    maxNetworkRetries: repetitions,
    telemetry: false,
  });
}

function customerFields({ name, address, email }: BillingDetails) {
  const lines = address.split("\n").map((line) => line.trim());
  return {
    ...(name !== "" && { name }),
    ...(email !== "" && { email }),
    ...(address !== "" && { address: { line1: lines[0] ?? "", line2: lines.slice(1).join(", ") } }),
  };
}

function checkoutFields(order: CheckoutOrder): Stripe.Checkout.SessionCreateParams {
  const metadata = metadataOf(order, "checkout");
  const product = `Astrolabe credits, ${centsOf(order.amount) / 100} USD`;
  return {
    mode: "payment",
    customer: order.customerId,
    client_reference_id: order.paymentId,
    line_items: [
      {
        quantity: 1,
        price_data: { currency: "usd", unit_amount: centsOf(order.amount), product_data: { name: product } },
      },
    ],
    invoice_creation: { enabled: true, invoice_data: { metadata } },
    payment_intent_data: { metadata, ...(order.saveCard && { setup_future_usage: "off_session" }) },
    metadata,
    // Only a card can be charged again while its owner is away.
    ...(order.saveCard && { allowed_payment_method_types: ["card"] }),
    adaptive_pricing: { enabled: false },
    success_url: order.successUrl,
    cancel_url: order.cancelUrl,
  };
}

function metadataOf({ workspaceId, paymentId }: Pick<CheckoutOrder, "workspaceId" | "paymentId">, kind: string) {
  return { workspace: workspaceId, payment: paymentId, kind };
}

/** A refusal of the card is an answer; whatever else goes wrong says nothing about the payment. */
async function chargeCard(
  stripe: () => Promise<Stripe>,
  charge: CardCharge,
): ReturnType<PaymentProvider["chargeCard"]> {
  try {
    const { paymentIntents } = await stripe();
    const intent = await paymentIntents.create(
      {
        amount: centsOf(charge.amount),
        currency: "usd",
        customer: charge.customerId,
        payment_method: charge.cardId,
        allowed_payment_method_types: ["card"],
        off_session: true,
        confirm: true,
        description: "Astrolabe credits, automatic top-up",
        metadata: metadataOf(charge, "top_up"),
      },
      { idempotencyKey: `top-up ${charge.paymentId}` },
    );
    return { outcome: "accepted", intentId: intent.id };
  } catch (cause) {
    const refusal = refusalOf(cause);
    if (refusal !== undefined) return { outcome: "refused", reason: refusal };
    throw inOurTerms(cause);
  }
}

type StripeFailure = { readonly type: string; readonly message: string };

/** Stripe's library has a class for each; their `type` tells them apart without loading it. */
function failureOf(cause: unknown): StripeFailure | undefined {
  if (!(cause instanceof Error) || !("type" in cause) || typeof cause.type !== "string") return undefined;
  return { type: cause.type, message: cause.message };
}

/** Also what the request itself has wrong, such as a card that is gone: repeating it would not help. */
function refusalOf(cause: unknown): string | undefined {
  const failure = failureOf(cause);
  const isRefusal = failure?.type === "StripeCardError" || failure?.type === "StripeInvalidRequestError";
  return isRefusal ? failure.message.slice(0, 300) : undefined;
}

function inOurTerms(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const failure = failureOf(cause);
  if (failure?.type === "StripeInvalidRequestError" || failure?.type === "StripeCardError") {
    return new GatewayError("conflict", `Stripe refused: ${failure.message.slice(0, 300)}`, { cause });
  }
  return new GatewayError(
    "service_unavailable",
    "Stripe cannot be reached now, or does not accept this server's key.",
    {
      cause,
      retryAfterSeconds: 5,
    },
  );
}

function withUrl({ id, url }: Stripe.Checkout.Session): { readonly id: string; readonly url: string } {
  if (url === null) throw new GatewayError("service_unavailable", "Stripe made no page for this payment.");
  return { id, url };
}

/** The answer as the JSON it came from. */
function plain(thing: unknown): JsonObject {
  return parseObject(JSON.stringify(thing)) ?? {};
}
