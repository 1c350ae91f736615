// Grants of credit, each booked at most once however often it is asked for: the entry's id follows from the caller's
// idempotency key, and the ledger refuses an id that it has.

import { GatewayError } from "../contracts/errors.ts";
import { asId, newId, type EntryId, type WorkspaceId } from "../contracts/ids.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { AdjustOperation, Entry } from "../ledger/operations.ts";
import { noMoney, picodollars, picodollarsPerUsd, type Picodollars } from "../money/picodollars.ts";

/** Keeps a balance well inside a signed 64-bit column, which ends at 9.2 million dollars. */
export const largestBalance = picodollars(9_000_000n * picodollarsPerUsd);

export type CreditRecords = {
  /** The credit with this id; undefined when the workspace has none. */
  findCredit(workspaceId: WorkspaceId, entryId: EntryId): Promise<CreditFacts | undefined>;
};

/** Also of a refund or an adjustment: whatever has an id that was chosen before it was booked. */
export type CreditFacts = Pick<Entry, "id" | "amount" | "memo" | "createdAt"> & { readonly kind?: Entry["kind"] };

export type Grant = {
  readonly workspaceId: WorkspaceId;
  /** Above zero. */
  readonly amount: Picodollars;
  readonly memo: string;
  /** Undefined: every call is a grant of its own. */
  readonly idempotencyKey: string | undefined;
};

/** Debts that a credit pays: submitted in the same breath, so that no request gets at it in between. */
export type PaidDebts = {
  readonly operations: readonly AdjustOperation[];
  /** To be called when they are booked. */
  readonly settle: () => Promise<void>;
};

export type CreditServices = {
  readonly ledger: Pick<Ledger, "submit" | "account">;
  readonly records: CreditRecords;
  /** What the workspace owes, as far as a credit pays it; undefined where nothing can be owed. */
  readonly debts?: (workspaceId: WorkspaceId, credit: Picodollars) => Promise<PaidDebts>;
  /** Unix milliseconds. */
  readonly now: () => number;
};

/**
 * Adds credit durably; the same idempotency key gives the same entry.
 * @throws GatewayError `conflict` when the key was used for another amount or memo, `invalid_request` when the balance
 * would grow past nine million dollars, `service_unavailable` when the ledger cannot commit.
 */
export function grantCredit(services: CreditServices, grant: Grant): Promise<CreditFacts> {
  const { workspaceId, idempotencyKey } = grant;
  return creditOnce(
    services,
    grant,
    idempotencyKey === undefined ? newId("ent") : entryIdFor(workspaceId, idempotencyKey),
  );
}

/** Like `grantCredit`, under an entry id that the caller keeps. */
export async function creditOnce(
  services: CreditServices,
  grant: Omit<Grant, "idempotencyKey">,
  entryId: EntryId,
): Promise<CreditFacts> {
  const { workspaceId, amount, memo } = grant;
  const earlier = await services.records.findCredit(workspaceId, entryId);
  if (earlier !== undefined) return sameGrant(earlier, grant);
  const balance = (await services.ledger.account(workspaceId))?.balance ?? noMoney;
  if (balance + amount > largestBalance) {
    throw new GatewayError("invalid_request", "The balance may not grow past 9,000,000 USD.", { param: "amount_usd" });
  }
  const at = services.now();
  const debts = await services.debts?.(workspaceId, amount);
  const credit = { type: "credit" as const, workspaceId, entryId, amount, counterpart: "grants" as const, memo, at };
  const [result] = await Promise.all([
    services.ledger.submit(credit),
    ...(debts?.operations ?? []).map((operation) => services.ledger.submit(operation)),
  ]);
  await debts?.settle();
  if (result.ok) return { id: entryId, amount, memo, createdAt: at };
  // Refused as a duplicate: the same grant was booked between the look above and the commit.
  const booked = await services.records.findCredit(workspaceId, entryId);
  if (booked !== undefined) return sameGrant(booked, grant);
  throw new GatewayError("service_unavailable", "The ledger refused the credit.", { cause: result.refusal });
}

function sameGrant(credit: CreditFacts, grant: Omit<Grant, "idempotencyKey">): CreditFacts {
  if (credit.amount === grant.amount && credit.memo === grant.memo) return credit;
  throw new GatewayError("conflict", "This idempotency key was used for a grant of another amount or memo.", {
    param: "idempotency_key",
  });
}

/** The same for the same key, so that a repetition finds what was booked. */
export function entryIdFor(workspaceId: WorkspaceId, idempotencyKey: string): EntryId {
  const digest = new Bun.CryptoHasher("sha256").update(`${workspaceId}\n${idempotencyKey}`).digest("hex");
  return asId<EntryId>(`ent_${digest.slice(0, 32)}`);
}
