// Deletes holds that a crash left to expire, once nobody can ask for them any more. Money does not need them: what they
// held is free since they expired, `astrolabe ledger verify` reads open holds only, and a settlement that comes late is
// refused alike whether its hold has expired or is gone.

import type { Kysely } from "kysely";
import type { Tables } from "./database.ts";

/**
 * From the end of their lease on. The longest request, with its settlement and lease, takes 25 hours (config.ts bounds
 * all three), and a commit in doubt is looked for during seconds; until then they tell what ran when a server was killed.
 */
export const expiredHoldsKeptMs = 30 * 24 * 60 * 60_000;
const prunedAtOnce = 1_000;

export async function pruneExpiredHolds(query: Kysely<Tables>, nowMs: number): Promise<void> {
  const over = query
    .selectFrom("holds")
    .select("request_id")
    .where("state", "<>", "open")
    .where("expires_at", "<=", Math.floor(nowMs) - expiredHoldsKeptMs)
    .limit(prunedAtOnce);
  // Said again: an open hold is never deleted here, whatever happens between the two looks.
  await query.deleteFrom("holds").where("state", "<>", "open").where("request_id", "in", over).execute();
}
