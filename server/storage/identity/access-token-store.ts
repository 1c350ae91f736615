// Access tokens in the database.

import type { Kysely, Selectable } from "kysely";
import { asId, type AccessTokenId, type UserId, type WorkspaceId } from "../../contracts/ids.ts";
import type { AccessToken, ListedAccessToken } from "../../identity/access-token.ts";
import type { AccessTokenRecords } from "../../identity/access-token-records.ts";
import type { Tables } from "../database.ts";
import { optionalNumber } from "../read-column.ts";

const mostListed = 200;
const prunedAtOnce = 1_000;

export function accessTokenStore(query: Kysely<Tables>): AccessTokenRecords {
  return {
    async insert(token, tokenHash) {
      await query.insertInto("access_tokens").values(rowOf(token, tokenHash)).execute();
    },
    async count(userId, now) {
      const rows = await query
        .selectFrom("access_tokens")
        .select("id")
        .where("user_id", "=", userId)
        .where("revoked_at", "is", null)
        .where("expires_at", ">", now)
        .execute();
      return rows.length;
    },
    async list(userId) {
      const rows = await listed(query, userId)
        .where("access_tokens.revoked_at", "is", null)
        .orderBy("access_tokens.id", "desc")
        .limit(mostListed)
        .execute();
      return rows.map(listedFromRow);
    },
    async find(userId, id) {
      const row = await listed(query, userId).where("access_tokens.id", "=", id).executeTakeFirst();
      return row && listedFromRow(row);
    },
    findByHash: (tokenHash) => findByHash(query, tokenHash),
    async revoke(userId, id, at) {
      await revokable(query, userId).where("id", "=", id).set({ revoked_at: at }).execute();
    },
    async recordUses(uses) {
      for (const [id, at] of uses) {
        await query
          .updateTable("access_tokens")
          .set({ last_used_at: at })
          .where("id", "=", id)
          .where((where) => where.or([where("last_used_at", "is", null), where("last_used_at", "<", at)]))
          .execute();
      }
    },
    async prune(endedBefore) {
      const ended = query
        .selectFrom("access_tokens")
        .select("id")
        .where((where) => where.or([where("expires_at", "<=", endedBefore), where("revoked_at", "<=", endedBefore)]))
        .limit(prunedAtOnce);
      await query.deleteFrom("access_tokens").where("id", "in", ended).execute();
    },
  };
}

/** Revokes all of a person's, in the transaction of `query`: for those who take away every way in. */
export async function endAccessTokens(query: Kysely<Tables>, userId: UserId, at: number): Promise<void> {
  await revokable(query, userId).set({ revoked_at: at }).execute();
}

function revokable(query: Kysely<Tables>, userId: UserId) {
  return query.updateTable("access_tokens").where("user_id", "=", userId).where("revoked_at", "is", null);
}

const findByHash = async (query: Kysely<Tables>, tokenHash: string): ReturnType<AccessTokenRecords["findByHash"]> => {
  const row = await query
    .selectFrom("access_tokens")
    .innerJoin("users", "users.id", "access_tokens.user_id")
    .leftJoin("disabled_users", "disabled_users.user_id", "access_tokens.user_id")
    .selectAll("access_tokens")
    .select(["users.email as email", "users.name as person_name", "disabled_users.user_id as disabled_id"])
    .where("access_tokens.token_hash", "=", tokenHash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const person = { email: row.email, name: row.person_name, isDisabled: row.disabled_id !== null };
  return { token: tokenFromRow(row), person };
};

function listed(query: Kysely<Tables>, userId: UserId) {
  return query
    .selectFrom("access_tokens")
    .leftJoin("workspaces", "workspaces.id", "access_tokens.workspace_id")
    .selectAll("access_tokens")
    .select(["workspaces.name as workspace_name", "workspaces.slug as workspace_slug"])
    .where("access_tokens.user_id", "=", userId);
}

type TokenRow = Selectable<Tables["access_tokens"]>;
type ListedRow = TokenRow & { workspace_name: string | null; workspace_slug: string | null };

function listedFromRow(row: ListedRow): ListedAccessToken {
  const token = tokenFromRow(row);
  const { workspaceId: id } = token;
  const [name, slug] = [row.workspace_name ?? "", row.workspace_slug ?? ""];
  return { ...token, workspace: id === undefined ? undefined : { id, name, slug } };
}

function tokenFromRow(row: TokenRow): AccessToken {
  return {
    id: asId<AccessTokenId>(row.id),
    userId: asId<UserId>(row.user_id),
    name: row.name,
    prefix: row.prefix,
    workspaceId: row.workspace_id === null ? undefined : asId<WorkspaceId>(row.workspace_id),
    readOnly: Number(row.read_only) === 1,
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    revokedAt: optionalNumber(row.revoked_at),
    lastUsedAt: optionalNumber(row.last_used_at),
  };
}

function rowOf(token: AccessToken, tokenHash: string): TokenRow {
  return {
    id: token.id,
    user_id: token.userId,
    name: token.name,
    prefix: token.prefix,
    token_hash: tokenHash,
    workspace_id: token.workspaceId ?? null,
    read_only: token.readOnly ? 1 : 0,
    created_at: token.createdAt,
    expires_at: token.expiresAt,
    revoked_at: token.revokedAt ?? null,
    last_used_at: token.lastUsedAt ?? null,
  };
}
