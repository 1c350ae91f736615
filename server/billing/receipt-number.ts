// The number on a receipt: made from the ledger entry that it stands for, so that it never changes and none is given twice.

import type { EntryId } from "../contracts/ids.ts";

/** `R-3F2A-91C0-77D4`. */
export function receiptNumber(entryId: EntryId): string {
  const digest = new Bun.CryptoHasher("sha256").update(`receipt\n${entryId}`).digest("hex").toUpperCase();
  return `R-${digest.slice(0, 4)}-${digest.slice(4, 8)}-${digest.slice(8, 12)}`;
}
