// The hash chain of a workspace's entries. Whoever holds the rows can recompute it with any SHA-256; docs/ledger.md says how.

import type { Entry } from "./operations.ts";

/** What stands for the hash before the first entry. */
export const firstChainHead = "0".repeat(64);

/**
 * SHA-256, in hexadecimal, of the hash before, a line break, and the entry's fields as a JSON list in the order below:
 * money as decimal text of picodollars, what is absent as null.
 */
export function entryHash(previous: string, entry: Omit<Entry, "hash">): string {
  const fields = [
    entry.workspaceId,
    entry.sequence,
    entry.id,
    entry.kind,
    entry.counterpart,
    entry.amount.toString(),
    entry.balanceAfter.toString(),
    entry.requestId ?? null,
    entry.memo,
    entry.createdAt,
    entry.priceVersion ?? null,
    entry.lines,
    entry.uncollected.toString(),
  ];
  return new Bun.CryptoHasher("sha256").update(`${previous}\n${JSON.stringify(fields)}`).digest("hex");
}
