// What is asked of Stripe. stripe-client.ts asks it; the answers only say what Stripe made, credit follows from its events.

import type { PaymentId, WorkspaceId } from "../contracts/ids.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { Picodollars } from "../money/picodollars.ts";
import type { BillingDetails } from "./billing-records.ts";

export type Customer = {
  readonly workspaceId: WorkspaceId;
  readonly workspaceName: string;
  readonly details: BillingDetails;
};

export type CheckoutOrder = {
  readonly workspaceId: WorkspaceId;
  readonly paymentId: PaymentId;
  readonly amount: Picodollars;
  readonly customerId: string;
  readonly saveCard: boolean;
  readonly successUrl: string;
  readonly cancelUrl: string;
};

export type CardSetupOrder = Pick<CheckoutOrder, "workspaceId" | "customerId" | "successUrl" | "cancelUrl">;

export type CardCharge = Pick<CheckoutOrder, "workspaceId" | "paymentId" | "amount" | "customerId"> & {
  readonly cardId: string;
};

/** `accepted`: Stripe took the order, and its events say what becomes of it. `refused`: the card was, in words. */
export type ChargeAnswer =
  | { readonly outcome: "accepted"; readonly intentId: string }
  | { readonly outcome: "refused"; readonly reason: string };

export type RefundOrder = {
  readonly intentId: string;
  readonly paymentId: PaymentId;
  readonly amount: Picodollars;
  /** The same key refunds once. */
  readonly idempotencyKey: string;
};

/** Every call may throw GatewayError service_unavailable when Stripe cannot be reached or answers nonsense. */
export type PaymentProvider = {
  createCustomer(customer: Customer): Promise<string>;
  updateCustomer(customerId: string, details: BillingDetails): Promise<void>;
  createCheckout(order: CheckoutOrder): Promise<{ readonly id: string; readonly url: string }>;
  createCardSetup(order: CardSetupOrder): Promise<{ readonly url: string }>;
  /** Charges a saved card while its owner is away. The same payment is charged once, however often it is asked for. */
  chargeCard(charge: CardCharge): Promise<ChargeAnswer>;
  /** The refund as Stripe describes it. @throws GatewayError conflict when Stripe refuses it */
  refund(order: RefundOrder): Promise<JsonObject>;
  removeCard(cardId: string): Promise<void>;
};
