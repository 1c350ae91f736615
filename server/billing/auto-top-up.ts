// Automatic top-ups: a workspace whose balance has fallen below its threshold buys a pack with its saved card. Looked for
// beside the request path; at most one is under way in a workspace, and three failures in a row switch it off.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type WorkspaceId } from "../contracts/ids.ts";
import { formatUsd, formatUsdShort } from "../money/picodollars.ts";
import type { AutoTopUp } from "./billing-records.ts";
import type { BillingServices } from "./billing-services.ts";
import { requireStripe } from "./buy-credits.ts";
import type { Payment } from "./payment.ts";
import { settlePayment } from "./settle-payment.ts";

export const mostFailures = 3;
/** After a payment that failed. */
export const topUpPauseMs = 600_000;
const lookedAtOnce = 100;
/** An order that has no answer after so long was cut off by a crash: it is sent again under the same key. */
const unansweredMs = 60_000;
/** Stripe remembers keys for a day. Later the same order would be a new one. */
const repeatableMs = 20 * 3_600_000;

/** @throws GatewayError conflict when it is to be on and no card is saved, or without Stripe. */
export async function saveAutoTopUp(
  services: BillingServices,
  settings: Pick<AutoTopUp, "workspaceId" | "enabled" | "threshold" | "pack" | "monthlyCap">,
): Promise<void> {
  if (settings.enabled) {
    requireStripe(services);
    if ((await services.records.profiles.find(settings.workspaceId)).card === undefined) {
      throw new GatewayError("conflict", "Automatic top-ups need a saved card: save one first.");
    }
  }
  if (settings.pack > settings.monthlyCap) {
    throw new GatewayError("invalid_request", "The monthly cap must cover at least one pack.", {
      param: "auto_top_up.monthly_cap_usd",
    });
  }
  await services.records.topUps.save(settings);
}

/** Removes the saved card, here and at Stripe, and with it automatic top-ups. @throws GatewayError not_found without one */
export async function removeSavedCard(services: BillingServices, workspaceId: WorkspaceId): Promise<void> {
  const { provider } = requireStripe(services);
  const { card } = await services.records.profiles.find(workspaceId);
  if (card === undefined) throw new GatewayError("not_found", "The workspace has no saved card.");
  await provider.removeCard(card.id);
  await services.records.profiles.removeCard(card.id);
  await switchOff(services, workspaceId, "The saved card was removed.", 0);
}

/** One look at every workspace: orders cut off by a crash, those below their threshold, those that keep failing. */
export async function topUpAll(services: BillingServices, isStopping: () => boolean): Promise<void> {
  const { topUps } = services.records;
  for (const payment of await topUps.unanswered(services.now() - unansweredMs, lookedAtOnce)) {
    if (isStopping()) return;
    await resume(services, payment);
  }
  for (const topUp of await topUps.wanting(services.now(), lookedAtOnce)) {
    if (isStopping()) return;
    await topUpOne(services, topUp);
  }
  for (const { workspaceId, failures } of await topUps.failing(mostFailures, lookedAtOnce)) {
    await switchOff(services, workspaceId, `${failures} payments failed in a row.`, failures);
  }
}

async function topUpOne(services: BillingServices, topUp: AutoTopUp): Promise<void> {
  const { records, now } = services;
  const { workspaceId, pack: amount } = topUp;
  const payment = { id: newId("pay"), workspaceId, kind: "top_up" as const, amount, createdAt: now() };
  const begun = await records.topUps.begin(topUp, payment, monthStart(now()));
  if (begun === "capped") await tellCapped(services, topUp);
  if (begun === "begun") await order(services, payment);
}

async function resume(services: BillingServices, payment: Payment): Promise<void> {
  if (services.now() - payment.createdAt < repeatableMs) return order(services, payment);
  await fail(services, payment, "Stripe did not answer for a day.");
}

/** What Stripe answers only says whether the card was refused at once; its events say the rest. */
async function order(
  services: BillingServices,
  payment: Pick<Payment, "id" | "workspaceId" | "amount">,
): Promise<void> {
  const { id: paymentId, workspaceId, amount } = payment;
  const { customerId, card } = await services.records.profiles.find(workspaceId);
  if (customerId === undefined || card === undefined) return fail(services, payment, "There is no saved card.");
  try {
    const charge = { workspaceId, paymentId, amount, customerId, cardId: card.id };
    const answer = await requireStripe(services).provider.chargeCard(charge);
    if (answer.outcome === "refused") return await fail(services, payment, answer.reason);
    const { intentId } = answer;
    await services.records.payments.learn([{ type: "processing", paymentId, workspaceId, intentId }], services.now());
  } catch (error) {
    services.reportFault(`automatic top-up ${paymentId}`, error);
  }
}

async function fail(
  services: BillingServices,
  { id: paymentId, workspaceId }: Pick<Payment, "id" | "workspaceId">,
  reason: string,
): Promise<void> {
  const retryAt = services.now() + topUpPauseMs;
  await services.records.payments.learn([{ type: "failed", paymentId, workspaceId, reason }], retryAt);
  await settlePayment(services, paymentId);
}

async function switchOff(
  services: BillingServices,
  workspaceId: WorkspaceId,
  reason: string,
  failures: number,
): Promise<void> {
  if (!(await services.records.topUps.disable(workspaceId, reason))) return;
  const [id, createdAt] = [newId("evt"), services.now()];
  const data = { reason, failures };
  await services.events.append({ id, workspaceId, type: "topup.disabled", data, createdAt, once: undefined });
  await writeToPayers(services, workspaceId, reason);
}

/** The event is written by now: a letter that does not arrive is reported and not sent again. */
async function writeToPayers(services: BillingServices, workspaceId: WorkspaceId, reason: string): Promise<void> {
  const { records, sendLetter, billingPage, reportFault } = services;
  if (sendLetter === undefined) return;
  for (const to of await records.profiles.payers(workspaceId)) {
    await sendLetter({
      to,
      subject: "Automatic top-ups are off",
      paragraphs: [
        `Automatic top-ups of your workspace were switched off. ${reason}`,
        "Save another card, or buy credits by hand.",
      ],
      action: { label: "Open billing", url: billingPage(workspaceId) },
    }).catch((error: unknown) => reportFault("mail", error));
  }
}

async function tellCapped(services: BillingServices, { workspaceId, monthlyCap }: AutoTopUp): Promise<void> {
  const [id, createdAt] = [newId("evt"), services.now()];
  const month = new Date(createdAt).toISOString().slice(0, 7);
  const data = { month, monthly_cap_usd: formatUsd(monthlyCap) };
  const once = `topup.capped ${workspaceId} ${month} ${formatUsdShort(monthlyCap)}`;
  await services.events.append({ id, workspaceId, type: "topup.capped", data, createdAt, once });
}

/** The first moment of the UTC month. */
export function monthStart(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
}
