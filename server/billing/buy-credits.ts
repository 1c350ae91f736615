// Buying credits: a pack by hand on Stripe's page, or a card saved there for later. Credit never follows from what is done
// here, only from what Stripe reports.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type PaymentId, type WorkspaceId } from "../contracts/ids.ts";
import { noMoney, type Picodollars } from "../money/picodollars.ts";
import { largestBalance } from "../workspaces/grant-credit.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { BillingDetails } from "./billing-records.ts";
import type { BillingServices, StripeConnection } from "./billing-services.ts";
import type { Payment } from "./payment.ts";
import { standingOf, type PaymentStanding } from "./settle-payment.ts";

/** @throws GatewayError conflict when payments are not configured. */
export function requireStripe({ stripe }: BillingServices): StripeConnection {
  if (stripe !== undefined) return stripe;
  throw new GatewayError("conflict", "Payments are not configured on this server; its operator can grant credits.");
}

/**
 * Opens a page at Stripe on which the pack is paid.
 * @throws GatewayError conflict without Stripe, invalid_request when the balance would grow too large, service_unavailable
 * when Stripe cannot be reached.
 */
export async function openCheckout(
  services: BillingServices,
  workspace: Workspace,
  { pack, saveCard }: { readonly pack: Picodollars; readonly saveCard: boolean },
): Promise<Payment> {
  const { provider } = requireStripe(services);
  const { payments } = services.records;
  await requireRoom(services, workspace.id, pack);
  const customerId = await customerOf(services, workspace);
  const id = newId("pay");
  const [workspaceId, amount] = [workspace.id, pack];
  await payments.insert({ id, workspaceId, kind: "checkout", amount, createdAt: services.now() });
  try {
    const pages = pagesOf(services, workspaceId, { payment: id });
    await payments.opened(
      id,
      await provider.createCheckout({ workspaceId, paymentId: id, amount, customerId, saveCard, ...pages }),
    );
  } catch (error) {
    const reason = "Stripe made no page for it.";
    await payments.learn([{ type: "failed", paymentId: id, workspaceId, reason }], services.now());
    throw error;
  }
  return (await getPayment(services, workspaceId, id)).payment;
}

/** Opens a page at Stripe on which a card is saved for automatic top-ups. @throws GatewayError as `openCheckout` */
export async function openCardSetup(
  services: BillingServices,
  workspace: Workspace,
): Promise<{ readonly url: string }> {
  const { provider } = requireStripe(services);
  const customerId = await customerOf(services, workspace);
  return provider.createCardSetup({
    workspaceId: workspace.id,
    customerId,
    ...pagesOf(services, workspace.id, { card: "saved" }),
  });
}

/** @throws GatewayError not_found when the workspace has no such payment. */
export async function getPayment(
  services: BillingServices,
  workspaceId: WorkspaceId,
  id: PaymentId,
): Promise<PaymentStanding> {
  const standing = await standingOf(services, id);
  if (standing?.payment.workspaceId === workspaceId) return standing;
  throw new GatewayError("not_found", `The workspace has no payment ${id}.`);
}

/** Changes what receipts say, here and at Stripe. @throws GatewayError service_unavailable when Stripe cannot be told. */
export async function saveDetails(
  services: BillingServices,
  workspaceId: WorkspaceId,
  details: Partial<BillingDetails>,
): Promise<void> {
  const { profiles } = services.records;
  await profiles.saveDetails(workspaceId, details);
  const { customerId, details: all } = await profiles.find(workspaceId);
  if (customerId !== undefined) await services.stripe?.provider.updateCustomer(customerId, all);
}

/** The workspace at Stripe; made when it buys for the first time. */
async function customerOf(services: BillingServices, { id, name }: Workspace): Promise<string> {
  const { provider } = requireStripe(services);
  const { profiles } = services.records;
  const { customerId, details } = await profiles.find(id);
  if (customerId !== undefined) return customerId;
  return profiles.claimCustomer(id, await provider.createCustomer({ workspaceId: id, workspaceName: name, details }));
}

async function requireRoom({ ledger }: BillingServices, workspaceId: WorkspaceId, pack: Picodollars): Promise<void> {
  const balance = (await ledger.account(workspaceId))?.balance ?? noMoney;
  if (balance + pack <= largestBalance) return;
  throw new GatewayError("invalid_request", "The balance may not grow past 9,000,000 USD.", { param: "pack_usd" });
}

/** Where Stripe sends the customer back to. */
function pagesOf(services: BillingServices, workspaceId: WorkspaceId, query: Readonly<Record<string, string>>) {
  const page = services.billingPage(workspaceId);
  const address = (result: string): string => `${page}?${new URLSearchParams({ ...query, result }).toString()}`;
  return { successUrl: address("done"), cancelUrl: address("canceled") };
}
