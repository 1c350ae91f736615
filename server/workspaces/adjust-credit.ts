// Corrections of a balance by hand, each booked at most once, as grants are. They never take what requests are promised.

import { GatewayError } from "../contracts/errors.ts";
import { newId } from "../contracts/ids.ts";
import type { Refusal } from "../ledger/operations.ts";
import { formatUsd, noMoney, type Picodollars } from "../money/picodollars.ts";
import { entryIdFor, largestBalance, type CreditFacts, type CreditServices, type Grant } from "./grant-credit.ts";

/** `amount` is not zero; below zero it is taken from the balance. */
export type Adjustment = Grant;

/**
 * @throws GatewayError `conflict` when the balance does not cover it beside what is held, or the key was used for
 * another adjustment; `invalid_request` when the balance would grow past nine million dollars.
 */
export async function adjustCredit(services: CreditServices, adjustment: Adjustment): Promise<CreditFacts> {
  const { workspaceId, amount, memo, idempotencyKey } = adjustment;
  const key = idempotencyKey === undefined ? undefined : `adjustment ${idempotencyKey}`;
  const entryId = key === undefined ? newId("ent") : entryIdFor(workspaceId, key);
  const earlier = await services.records.findCredit(workspaceId, entryId);
  if (earlier !== undefined) return sameAdjustment(earlier, adjustment);
  const balance = (await services.ledger.account(workspaceId))?.balance ?? noMoney;
  if (balance + amount > largestBalance) {
    throw new GatewayError("invalid_request", "The balance may not grow past 9,000,000 USD.", { param: "amount_usd" });
  }
  const at = services.now();
  const facts = { workspaceId, entryId, amount, memo, at };
  const debts = amount > 0n ? await services.debts?.(workspaceId, amount) : undefined;
  const [result] = await Promise.all([
    services.ledger.submit({ type: "adjust", counterpart: "adjustments", ...facts }),
    ...(debts?.operations ?? []).map((operation) => services.ledger.submit(operation)),
  ]);
  await debts?.settle();
  if (result.ok) return { id: entryId, amount, memo, createdAt: at };
  const booked = await services.records.findCredit(workspaceId, entryId);
  if (booked !== undefined) return sameAdjustment(booked, adjustment);
  throw refused(result.refusal, amount);
}

function refused(refusal: Refusal, amount: Picodollars): GatewayError {
  const isShort = refusal.reason === "insufficient_credits" || refusal.reason === "no_account";
  if (!isShort) {
    return new GatewayError("service_unavailable", "The ledger refused the adjustment.", { cause: refusal });
  }
  const free = refusal.reason === "insufficient_credits" ? refusal.available : noMoney;
  // Without an account there is nothing to take, and nothing to add to: a grant opens it.
  const message = amount > 0n ? "The workspace has no credits yet: grant some instead." : "That much is not free.";
  return new GatewayError("conflict", message, { param: "amount_usd", details: { free_usd: formatUsd(free) } });
}

function sameAdjustment(booked: CreditFacts, { amount, memo }: Adjustment): CreditFacts {
  if (booked.amount === amount && booked.memo === memo) return booked;
  throw new GatewayError("conflict", "This idempotency key was used for an adjustment of another amount or memo.", {
    param: "idempotency_key",
  });
}
