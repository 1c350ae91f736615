// Gateway keys of agents in the database: each row beside the API key that it is about.

import { sql, type Kysely, type Selectable } from "kysely";
import type { HeldKey, HolderQuery, KeyHolder, ManagedKey, ManagedKeyRecords } from "../agents/managed-key-records.ts";
import { asId, type KeyId, type UserId, type WorkspaceId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";
import { endKeys } from "./end-keys.ts";
import { keyFromRow, keyRow } from "./key-store.ts";
import { optionalNumber, wordOf } from "./read-column.ts";

export function managedKeyStore(query: Kysely<Tables>): ManagedKeyRecords {
  return {
    async current(holder) {
      const row = await heldRows(query)
        .where("managed.current", "=", sql.lit(1))
        .where((where) => where.and(holderColumns(holder)))
        .executeTakeFirst();
      return row && heldFromRow(row);
    },
    async find(workspaceId, id) {
      const row = await heldRows(query)
        .where("managed.workspace_id", "=", workspaceId)
        .where("managed.key_id", "=", id)
        .executeTakeFirst();
      return row && heldFromRow(row);
    },
    async list(workspaceId, { ended, limit }) {
      let select = heldRows(query).where("managed.workspace_id", "=", workspaceId);
      if (!ended) select = select.where("managed.current", "=", 1).where("api_keys.revoked_at", "is", null);
      return (await select.orderBy("managed.key_id", "desc").limit(limit).execute()).map(heldFromRow);
    },
    insert: ({ key, managed }, secretHash) =>
      query.transaction().execute(async (transaction) => {
        await transaction.insertInto("api_keys").values(keyRow(key, secretHash)).execute();
        const stored = await transaction
          .insertInto("managed_keys")
          .values(rowOf(managed))
          .onConflict((conflict) => conflict.doNothing())
          .returning("key_id")
          .executeTakeFirst();
        if (stored !== undefined) return true;
        await transaction.deleteFrom("api_keys").where("id", "=", key.id).execute();
        return false;
      }),
    renew: (managed, renewed) => query.transaction().execute((transaction) => renew(transaction, managed, renewed)),
    end: (keyIds, at) => query.transaction().execute((transaction) => endKeys(transaction, keyIds, at)),
    async currentOf(workspaceId, kind) {
      const rows = await query
        .selectFrom("managed_keys")
        .select("key_id")
        .where("workspace_id", "=", workspaceId)
        .where("kind", "=", kind)
        .where("current", "=", 1)
        .execute();
      return rows.map((row) => asId<KeyId>(row.key_id));
    },
    ...whoseKeys(query),
  };
}

function whoseKeys(query: Kysely<Tables>): Pick<ManagedKeyRecords, "holders" | "keysOf"> {
  return {
    async holders(workspaceId, ids) {
      if (ids.length === 0) return new Map();
      const rows = await query
        .selectFrom("managed_keys")
        .selectAll()
        .where("workspace_id", "=", workspaceId)
        .where("key_id", "in", ids)
        .execute();
      return new Map(rows.map((row) => [asId<KeyId>(row.key_id), holderOf(row)]));
    },
    async keysOf(workspaceId, { agent, deploymentId }, limit) {
      let select = query.selectFrom("managed_keys").select("key_id").where("workspace_id", "=", workspaceId);
      if (agent !== undefined) select = select.where("agent", "=", agent);
      if (deploymentId !== undefined) select = select.where("deployment_id", "=", deploymentId);
      const rows = await select.orderBy("key_id", "desc").limit(limit).execute();
      return rows.map((row) => asId<KeyId>(row.key_id));
    },
  };
}

/** Of two that renew a key at once, the one whose `sealed` is still the stored one goes through. */
async function renew(
  query: Kysely<Tables>,
  { keyId, sealed }: Parameters<ManagedKeyRecords["renew"]>[0],
  renewed: Parameters<ManagedKeyRecords["renew"]>[1],
): Promise<boolean> {
  const taken = await query
    .updateTable("managed_keys")
    .set({ sealed: renewed.sealed, reuse_until: renewed.reuseUntil ?? null })
    .where("key_id", "=", keyId)
    .where("current", "=", 1)
    .where("sealed", sealed === undefined ? "is" : "=", sealed ?? null)
    .where("key_id", "in", (where) => where.selectFrom("api_keys").select("id").where("revoked_at", "is", null))
    .returning("key_id")
    .executeTakeFirst();
  if (taken === undefined) return false;
  await query
    .updateTable("api_keys")
    .set((row) => ({
      previous_prefix: row.ref("prefix"),
      previous_secret_hash: row.ref("secret_hash"),
      previous_ends_at: renewed.previousEndsAt,
      prefix: renewed.secret.prefix,
      secret_hash: renewed.secret.hash,
      rotated_at: renewed.at,
      expires_at: renewed.expiresAt ?? null,
    }))
    .where("id", "=", keyId)
    .execute();
  return true;
}

function heldRows(query: Kysely<Tables>) {
  return query
    .selectFrom("managed_keys as managed")
    .innerJoin("api_keys", "api_keys.id", "managed.key_id")
    .selectAll("api_keys")
    .select([
      "managed.key_id",
      "managed.kind",
      "managed.user_id",
      "managed.user_email",
      "managed.deployment_id",
      "managed.agent",
      "managed.deployment_name",
      "managed.sealed",
      "managed.reuse_until",
      "managed.current",
    ]);
}

function holderColumns(holder: HolderQuery) {
  return holder.kind === "development"
    ? {
        "managed.kind": holder.kind,
        "managed.workspace_id": holder.workspaceId,
        "managed.user_id": holder.userId,
      }
    : { "managed.kind": holder.kind, "managed.deployment_id": holder.deploymentId };
}

type ManagedRow = Selectable<Tables["managed_keys"]>;

function heldFromRow(row: ManagedRow & Selectable<Tables["api_keys"]>): HeldKey {
  return { key: keyFromRow(row), managed: managedFromRow(row) };
}

function managedFromRow(row: ManagedRow): ManagedKey {
  return {
    keyId: asId<KeyId>(row.key_id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    holder: holderOf(row),
    sealed: row.sealed ?? undefined,
    reuseUntil: optionalNumber(row.reuse_until),
  };
}

/** A CHECK constraint guards that the columns of its kind are filled. */
function holderOf(row: ManagedRow): KeyHolder {
  const kind = wordOf(["development", "deployment"], row.kind);
  return kind === "development"
    ? { kind, userId: asId<UserId>(row.user_id ?? ""), email: row.user_email ?? "" }
    : { kind, deploymentId: row.deployment_id ?? "", agent: row.agent ?? "", name: row.deployment_name ?? "" };
}

function rowOf({ keyId, workspaceId, holder, sealed, reuseUntil }: ManagedKey): Tables["managed_keys"] {
  const isDeployment = holder.kind === "deployment";
  return {
    key_id: keyId,
    workspace_id: workspaceId,
    kind: holder.kind,
    user_id: isDeployment ? null : holder.userId,
    user_email: isDeployment ? null : holder.email,
    deployment_id: isDeployment ? holder.deploymentId : null,
    agent: isDeployment ? holder.agent : null,
    deployment_name: isDeployment ? holder.name : null,
    sealed: sealed ?? null,
    reuse_until: reuseUntil ?? null,
    current: 1,
  };
}
