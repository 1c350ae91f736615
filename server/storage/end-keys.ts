// Ends gateway keys of agents, within the transaction of whatever takes away the right to have them.

import type { Kysely } from "kysely";
import { asId, type KeyId, type UserId, type WorkspaceId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";

/** Revokes keys of agents and forgets their secrets; gives how many had not been revoked before. */
export async function endKeys(query: Kysely<Tables>, keyIds: readonly KeyId[], at: number): Promise<number> {
  if (keyIds.length === 0) return 0;
  await query
    .updateTable("managed_keys")
    .set({ current: 0, sealed: null, reuse_until: null })
    .where("key_id", "in", keyIds)
    .execute();
  const ended = await query
    .updateTable("api_keys")
    .set({ revoked_at: at })
    .where("id", "in", keyIds)
    .where("revoked_at", "is", null)
    .returning("id")
    .execute();
  return ended.length;
}

/** Whose development keys: of an account, of a person, or of that person in that account. */
export type DevelopmentKeysOf = {
  readonly workspaceId?: WorkspaceId;
  readonly userId?: UserId;
  /** Unix milliseconds. */
  readonly at: number;
};

/** Revokes them in the transaction of `query`: for those who take away the right to have them. */
export async function endDevelopmentKeys(
  query: Kysely<Tables>,
  { workspaceId, userId, at }: DevelopmentKeysOf,
): Promise<void> {
  let select = query.selectFrom("managed_keys").select("key_id").where("kind", "=", "development");
  if (workspaceId !== undefined) select = select.where("workspace_id", "=", workspaceId);
  if (userId !== undefined) select = select.where("user_id", "=", userId);
  const rows = await select.where("current", "=", 1).execute();
  await endKeys(
    query,
    rows.map((row) => asId<KeyId>(row.key_id)),
    at,
  );
}
