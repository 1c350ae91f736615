// API keys in the database.

import { sql, type Kysely, type Selectable, type Updateable } from "kysely";
import { asId, type KeyId, type StackId, type WorkspaceId } from "../contracts/ids.ts";
import { keyPurposes, type ApiKey } from "../keys/api-key.ts";
import type { KeyChanges, KeyFilter, KeyPage, KeyRecords } from "../keys/key-records.ts";
import { picodollars } from "../money/picodollars.ts";
import type { Tables } from "./database.ts";
import { budgetColumn, optionalBudget, optionalNumber, textList, wordOf } from "./read-column.ts";
import { workspaceFromRow } from "./workspace-store.ts";

export function keyStore(query: Kysely<Tables>): KeyRecords {
  return {
    async insert(key, secretHash) {
      await query.insertInto("api_keys").values(keyRow(key, secretHash)).execute();
    },
    async findByHash(secretHash) {
      const row = await query
        .selectFrom("api_keys")
        .selectAll()
        .where((where) =>
          where.or([where("secret_hash", "=", secretHash), where("previous_secret_hash", "=", secretHash)]),
        )
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const workspace = await query
        .selectFrom("workspaces")
        .selectAll()
        .where("id", "=", row.workspace_id)
        .executeTakeFirstOrThrow();
      return { ...secretOf(keyFromRow(row), row.secret_hash === secretHash), workspace: workspaceFromRow(workspace) };
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
    list: async (...question) => (await selectKeys(query, ...question).execute()).map(keyFromRow),
    update: (workspaceId, id, changes) => updateColumns(query, workspaceId, id, changedColumns(changes)),
    ...turningPoints(query),
    ...playgroundKeys(query),
  };
}

/** What happens to a key once it is used: rotations, its end, and when it was used last. */
function turningPoints(query: Kysely<Tables>): Pick<KeyRecords, "revoke" | "rotate" | "recordUses"> {
  return {
    async revoke(workspaceId, id, at) {
      await query
        .updateTable("api_keys")
        .set({ revoked_at: at })
        .where("workspace_id", "=", workspaceId)
        .where("id", "=", id)
        .where("revoked_at", "is", null)
        .execute();
    },
    async rotate(workspaceId, id, { prefix, hash }, { at, previousEndsAt }) {
      await query
        .updateTable("api_keys")
        .set((row) => ({
          previous_prefix: row.ref("prefix"),
          previous_secret_hash: row.ref("secret_hash"),
          previous_ends_at: previousEndsAt,
          prefix,
          secret_hash: hash,
          rotated_at: at,
        }))
        .where("workspace_id", "=", workspaceId)
        .where("id", "=", id)
        .where("revoked_at", "is", null)
        .execute();
    },
    async recordUses(uses) {
      const all = [...uses];
      for (let from = 0; from < all.length; from += usesAtOnce) {
        await recordUses(query, all.slice(from, from + usesAtOnce));
      }
    },
  };
}

function playgroundKeys(query: Kysely<Tables>): Pick<KeyRecords, "insertPlayground" | "findPlayground"> {
  return {
    async insertPlayground(key, secretHash) {
      await query
        .insertInto("api_keys")
        .values(keyRow(key, secretHash))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async findPlayground(workspaceId, mode) {
      const row = await query
        .selectFrom("api_keys")
        .selectAll()
        .where("workspace_id", "=", workspaceId)
        .where("purpose", "=", "playground")
        .where("mode", "=", mode)
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? undefined : keyFromRow(row);
    },
  };
}

/** Keys whose last use one statement writes. */
const usesAtOnce = 200;

/** One statement, and so one commit, for many keys. Only forward: another process may have written a later use. */
async function recordUses(query: Kysely<Tables>, uses: readonly (readonly [KeyId, number])[]): Promise<void> {
  const ids = uses.map(([id]) => id);
  const usedAt = sql<number>`case id ${sql.join(
    uses.map(([id, at]) => sql`when ${id} then cast(${Math.floor(at)} as bigint)`),
    sql` `,
  )} end`;
  await query
    .updateTable("api_keys")
    .set({ last_used_at: usedAt })
    .where("id", "in", ids)
    .where((where) => where.or([where("last_used_at", "is", null), where("last_used_at", "<", usedAt)]))
    .execute();
}

function selectKeys(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  { before, limit }: KeyPage,
  filter: KeyFilter,
  now: number,
) {
  let select = query.selectFrom("api_keys").selectAll().where("workspace_id", "=", workspaceId);
  if (before !== undefined) select = select.where("id", "<", before);
  if (filter.mode !== undefined) select = select.where("mode", "=", filter.mode);
  if (filter.stackId !== undefined) select = select.where("stack_id", "=", filter.stackId);
  if (filter.status === "revoked") select = select.where("revoked_at", "is not", null);
  else if (filter.status !== undefined) select = select.where("revoked_at", "is", null);
  if (filter.status === "expired") select = select.where("expires_at", "<=", now);
  if (filter.status === "active") {
    select = select.where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]));
  }
  const { search } = filter;
  if (search !== undefined) {
    const literal = search.replaceAll(/[\\%_]/g, String.raw`\$&`);
    select = select.where((where) =>
      where.or([
        sql<boolean>`lower(name) like lower(${`%${literal}%`}) escape '\\'`,
        sql<boolean>`prefix like ${`${literal}%`} escape '\\'`,
        sql<boolean>`previous_prefix like ${`${literal}%`} escape '\\'`,
      ]),
    );
  }
  return select.orderBy("id", "desc").limit(limit);
}

/** A key as one of its two secrets shows it. */
function secretOf(key: ApiKey, isCurrent: boolean): { key: ApiKey; secretEndsAt: number | undefined } {
  if (isCurrent || key.previous === undefined) return { key, secretEndsAt: undefined };
  return { key: { ...key, prefix: key.previous.prefix }, secretEndsAt: key.previous.endsAt };
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

export function keyRow(key: ApiKey, secretHash: string): Tables["api_keys"] {
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
    purpose: key.purpose,
    previous_prefix: null,
    previous_secret_hash: null,
    previous_ends_at: null,
    rotated_at: key.rotatedAt ?? null,
    last_used_at: key.lastUsedAt ?? null,
  };
}

export function keyFromRow(row: Selectable<Tables["api_keys"]>): ApiKey {
  return {
    id: asId<KeyId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    name: row.name,
    mode: wordOf(["live", "test"], row.mode),
    purpose: wordOf(keyPurposes, row.purpose),
    prefix: row.prefix,
    previous:
      row.previous_prefix === null || row.previous_ends_at === null
        ? undefined
        : { prefix: row.previous_prefix, endsAt: Number(row.previous_ends_at) },
    stackId: row.stack_id === null ? undefined : asId<StackId>(row.stack_id),
    rateLimitPerMinute: optionalNumber(row.rate_limit_per_minute),
    spendLimit: row.spend_limit === null ? undefined : picodollars(row.spend_limit),
    budget: optionalBudget(row.budget),
    allowedModels: textList(row.allowed_models),
    expiresAt: optionalNumber(row.expires_at),
    revokedAt: optionalNumber(row.revoked_at),
    rotatedAt: optionalNumber(row.rotated_at),
    lastUsedAt: optionalNumber(row.last_used_at),
    createdAt: Number(row.created_at),
  };
}
