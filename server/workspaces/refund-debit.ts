// Gives back a debit or a part of it: each refund is booked at most once, and all of them never exceed what was debited.

import { GatewayError } from "../contracts/errors.ts";
import { asId, type EntryId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { formatUsdShort, type Picodollars } from "../money/picodollars.ts";
import type { CreditServices } from "./grant-credit.ts";

export type DebitRefund = {
  readonly workspaceId: WorkspaceId;
  readonly requestId: RequestId;
  /** Above zero. */
  readonly amount: Picodollars;
  readonly memo: string;
  /** The same key books once. */
  readonly idempotencyKey: string;
};

/**
 * @returns the entry's id.
 * @throws GatewayError conflict when less is left of the debit, or the key was used for another refund.
 */
export async function refundDebit(services: CreditServices, refund: DebitRefund): Promise<EntryId> {
  const { workspaceId, requestId, amount, memo, idempotencyKey } = refund;
  const digest = new Bun.CryptoHasher("sha256").update(`${workspaceId}\nrefund\n${idempotencyKey}`).digest("hex");
  const entryId = asId<EntryId>(`ent_${digest.slice(0, 32)}`);
  const at = services.now();
  const result = await services.ledger.submit({ type: "refund", workspaceId, entryId, requestId, amount, memo, at });
  if (result.ok) return entryId;
  const { refusal } = result;
  if (refusal.reason === "over_refund") {
    const left = formatUsdShort(refusal.available);
    throw new GatewayError("conflict", `${left} USD are left of this request's debit.`, { param: "amount_usd" });
  }
  const booked = await services.records.findCredit(workspaceId, entryId);
  if (booked?.amount === amount && booked.memo === memo) return entryId;
  throw new GatewayError("conflict", "This idempotency key was used for another refund.", { param: "idempotency_key" });
}
