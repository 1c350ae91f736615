// The hash chain of a workspace's entries. Whoever holds the rows can recompute it with any SHA-256; docs/guides/ledger.md says how.

/** The fields that the hash covers, as words and numbers: also of a row that no writer of ours would have written. */
export type HashedEntry = {
  readonly workspaceId: string;
  readonly sequence: number;
  readonly id: string;
  readonly kind: string;
  readonly counterpart: string;
  readonly amount: bigint;
  readonly balanceAfter: bigint;
  readonly requestId: string | undefined;
  readonly memo: string;
  readonly createdAt: number;
  readonly priceVersion: string | undefined;
  readonly lines: string;
  readonly uncollected: bigint;
};

/** What stands for the hash before the first entry. */
export const firstChainHead = "0".repeat(64);

/**
 * SHA-256, in hexadecimal, of the hash before, a line break, and the entry's fields as a JSON list in the order below:
 * money as decimal text of picodollars, what is absent as null.
 */
export function entryHash(previous: string, entry: HashedEntry): string {
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
    entry.uncollected === 0n ? "0" : entry.uncollected.toString(),
  ];
  return Bun.CryptoHasher.hash("sha256", `${previous}\n${JSON.stringify(fields)}`, "hex");
}
