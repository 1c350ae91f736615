// API keys in the database.

import type { Kysely, Selectable, Updateable } from "kysely";
import { asId, type KeyId, type StackId, type WorkspaceId } from "../contracts/ids.ts";
import type { ApiKey } from "../keys/api-key.ts";
import type { KeyChanges, KeyRecords } from "../keys/key-records.ts";
import { picodollars } from "../money/picodollars.ts";
import type { Tables } from "./database.ts";
import { budgetColumn, optionalBudget, optionalNumber, textList, wordOf } from "./read-column.ts";
import { workspaceFromRow } from "./workspace-store.ts";

export function keyStore(query: Kysely<Tables>): KeyRecords {
  return {
    async insert(key, secretHash) {
      await query.insertInto("api_keys").values(rowOf(key, secretHash)).execute();
    },
    async findByHash(secretHash) {
      const row = await query
        .selectFrom("api_keys")
        .selectAll()
        .where("secret_hash", "=", secretHash)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const workspace = await query
        .selectFrom("workspaces")
        .selectAll()
        .where("id", "=", row.workspace_id)
        .executeTakeFirstOrThrow();
      return { key: keyFromRow(row), workspace: workspaceFromRow(workspace) };
    },
    async find(workspaceId, id) {
      const row = await query
        .selectFrom("api_keys")
        .selectAll()
        .where("workspace_id", "=", workspaceId)
        .where("id", "=", id)
        .executeTakeFirst();
      return row === undefined ? undefined : keyFromRow(row);
    },
    async list(workspaceId, { before, limit }) {
      let select = query.selectFrom("api_keys").selectAll().where("workspace_id", "=", workspaceId);
      if (before !== undefined) select = select.where("id", "<", before);
      return (await select.orderBy("id", "desc").limit(limit).execute()).map(keyFromRow);
    },
    update: (workspaceId, id, changes) => updateColumns(query, workspaceId, id, changedColumns(changes)),
    async revoke(workspaceId, id, at) {
      await query
        .updateTable("api_keys")
        .set({ revoked_at: at })
        .where("workspace_id", "=", workspaceId)
        .where("id", "=", id)
        .where("revoked_at", "is", null)
        .execute();
    },
  };
}

async function updateColumns(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  id: KeyId,
  columns: Updateable<Tables["api_keys"]>,
): Promise<void> {
  if (Object.keys(columns).length === 0) return;
  await query
    .updateTable("api_keys")
    .set(columns)
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .execute();
}

function changedColumns(changes: KeyChanges): Updateable<Tables["api_keys"]> {
  return {
    ...(changes.name !== undefined && { name: changes.name }),
    ...(changes.allowedModels !== undefined && { allowed_models: JSON.stringify(changes.allowedModels) }),
    ...("stackId" in changes && { stack_id: changes.stackId ?? null }),
    ...("rateLimitPerMinute" in changes && { rate_limit_per_minute: changes.rateLimitPerMinute ?? null }),
    ...("spendLimit" in changes && { spend_limit: changes.spendLimit ?? null }),
    ...("budget" in changes && { budget: budgetColumn(changes.budget) }),
    ...("expiresAt" in changes && { expires_at: changes.expiresAt ?? null }),
  };
}

function rowOf(key: ApiKey, secretHash: string): Tables["api_keys"] {
  return {
    id: key.id,
    workspace_id: key.workspaceId,
    name: key.name,
    mode: key.mode,
    prefix: key.prefix,
    secret_hash: secretHash,
    stack_id: key.stackId ?? null,
    rate_limit_per_minute: key.rateLimitPerMinute ?? null,
    spend_limit: key.spendLimit ?? null,
    allowed_models: JSON.stringify(key.allowedModels),
    expires_at: key.expiresAt ?? null,
    revoked_at: key.revokedAt ?? null,
    created_at: key.createdAt,
    budget: budgetColumn(key.budget),
  };
}

function keyFromRow(row: Selectable<Tables["api_keys"]>): ApiKey {
  return {
    id: asId<KeyId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    name: row.name,
    mode: wordOf(["live", "test"], row.mode),
    prefix: row.prefix,
    stackId: row.stack_id === null ? undefined : asId<StackId>(row.stack_id),
    rateLimitPerMinute: optionalNumber(row.rate_limit_per_minute),
    spendLimit: row.spend_limit === null ? undefined : picodollars(row.spend_limit),
    budget: optionalBudget(row.budget),
    allowedModels: textList(row.allowed_models),
    expiresAt: optionalNumber(row.expires_at),
    revokedAt: optionalNumber(row.revoked_at),
    createdAt: Number(row.created_at),
  };
}
