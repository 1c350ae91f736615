// Members of workspaces in the database. What depends on who else is a member takes the workspace's row first, so that
// such changes run one after the other on either engine.

import type { Kysely, Selectable } from "kysely";
import { asId, type UserId, type WorkspaceId } from "../contracts/ids.ts";
import type { Member, MemberChange, MemberRecords } from "../workspaces/member-records.ts";
import { builderRoles, memberRoles, type Workspace } from "../workspaces/workspace.ts";
import type { Tables } from "./database.ts";
import { endDevelopmentKeys } from "./end-keys.ts";
import { wordOf } from "./read-column.ts";
import { insertWithSlug, workspaceStore } from "./workspace-store.ts";

export function memberStore(query: Kysely<Tables>): MemberRecords {
  return {
    async roleOf(workspaceId, userId) {
      const row = await membership(query, workspaceId, userId);
      return row === undefined ? undefined : wordOf(memberRoles, row.role);
    },
    async find(workspaceId, userId) {
      const row = await people(query, workspaceId).where("members.user_id", "=", userId).executeTakeFirst();
      return row === undefined ? undefined : memberFromRow(row);
    },
    async list(workspaceId, { after, limit }) {
      let select = people(query, workspaceId);
      if (after !== undefined) select = select.where("members.user_id", ">", after);
      return (await select.orderBy("members.user_id").limit(limit).execute()).map(memberFromRow);
    },
    async hasEmail(workspaceId, email) {
      const row = await people(query, workspaceId)
        .where((where) => where(where.fn<string>("lower", ["users.email"]), "=", email))
        .executeTakeFirst();
      return row !== undefined;
    },
    setRole: (workspaceId, userId, role, at) =>
      change(query, workspaceId, userId, role === "owner", async (transaction) => {
        await transaction
          .updateTable("members")
          .set({ role })
          .where("workspace_id", "=", workspaceId)
          .where("user_id", "=", userId)
          .execute();
        if (!builderRoles.includes(role)) await endDevelopmentKeys(transaction, { workspaceId, userId, at });
      }),
    remove: (workspaceId, userId, at) =>
      change(query, workspaceId, userId, false, async (transaction) => {
        await transaction
          .deleteFrom("members")
          .where("workspace_id", "=", workspaceId)
          .where("user_id", "=", userId)
          .execute();
        await endDevelopmentKeys(transaction, { workspaceId, userId, at });
      }),
    async countOwned(userId) {
      const rows = await query
        .selectFrom("members")
        .select("workspace_id")
        .where("user_id", "=", userId)
        .where("role", "=", "owner")
        .execute();
      return rows.length;
    },
    found: (workspace, ownerId, { exactSlug }) =>
      query.transaction().execute((transaction) => insertOwned(transaction, workspace, ownerId, exactSlug)),
    foundFirst: (workspace, ownerId) =>
      query.transaction().execute(async (transaction) => {
        await transaction.updateTable("users").set({ id: ownerId }).where("id", "=", ownerId).execute();
        const member = await transaction
          .selectFrom("members")
          .select("user_id")
          .where("user_id", "=", ownerId)
          .executeTakeFirst();
        if (member !== undefined) return false;
        await insertOwned(transaction, workspace, ownerId, false);
        return true;
      }),
  };
}

type MemberRow = Pick<Selectable<Tables["members"]>, "user_id" | "role" | "created_at"> &
  Pick<Selectable<Tables["users"]>, "email" | "name">;

function people(query: Kysely<Tables>, workspaceId: WorkspaceId) {
  return query
    .selectFrom("members")
    .innerJoin("users", "users.id", "members.user_id")
    .select(["members.user_id", "members.role", "members.created_at", "users.email", "users.name"])
    .where("members.workspace_id", "=", workspaceId);
}

function membership(query: Kysely<Tables>, workspaceId: WorkspaceId, userId: UserId) {
  return query
    .selectFrom("members")
    .select("role")
    .where("workspace_id", "=", workspaceId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
}

/** @param keepsOwner whether the member is an owner afterwards. */
function change(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  userId: UserId,
  keepsOwner: boolean,
  write: (transaction: Kysely<Tables>) => Promise<unknown>,
): Promise<MemberChange> {
  return query.transaction().execute(async (transaction) => {
    await transaction.updateTable("workspaces").set({ id: workspaceId }).where("id", "=", workspaceId).execute();
    const member = await membership(transaction, workspaceId, userId);
    if (member === undefined) return "missing";
    if (member.role === "owner" && !keepsOwner && !(await hasOtherOwner(transaction, workspaceId, userId))) {
      return "last_owner";
    }
    await write(transaction);
    return "done";
  });
}

async function hasOtherOwner(query: Kysely<Tables>, workspaceId: WorkspaceId, userId: UserId): Promise<boolean> {
  const other = await query
    .selectFrom("members")
    .select("user_id")
    .where("workspace_id", "=", workspaceId)
    .where("role", "=", "owner")
    .where("user_id", "<>", userId)
    .executeTakeFirst();
  return other !== undefined;
}

async function insertOwned(
  query: Kysely<Tables>,
  workspace: Workspace,
  ownerId: UserId,
  exactSlug: boolean,
): Promise<Workspace | undefined> {
  const stored = exactSlug ? await insertWithSlug(query, workspace) : await workspaceStore(query).insert(workspace);
  if (stored === undefined) return undefined;
  await query
    .insertInto("members")
    .values({ workspace_id: workspace.id, user_id: ownerId, role: "owner", created_at: workspace.createdAt })
    .execute();
  return stored;
}

function memberFromRow(row: MemberRow): Member {
  return {
    userId: asId<UserId>(row.user_id),
    email: row.email,
    name: row.name,
    role: wordOf(memberRoles, row.role),
    joinedAt: Number(row.created_at),
  };
}
