// Invitations in the database.

import type { Kysely, Selectable } from "kysely";
import { asId, type InvitationId, type WorkspaceId } from "../contracts/ids.ts";
import type { Invitation, InvitationRecords } from "../workspaces/invitation-records.ts";
import { memberRoles } from "../workspaces/workspace.ts";
import type { Tables } from "./database.ts";
import { wordOf } from "./read-column.ts";

export function invitationStore(query: Kysely<Tables>): InvitationRecords {
  return {
    async insert(invitation, tokenHash) {
      const written = await query
        .insertInto("invitations")
        .values({
          id: invitation.id,
          workspace_id: invitation.workspaceId,
          email: invitation.email,
          role: invitation.role,
          token_hash: tokenHash,
          invited_by: invitation.invitedBy,
          created_at: invitation.createdAt,
          expires_at: invitation.expiresAt,
          accepted_at: null,
          accepted_by: null,
          revoked_at: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning("id")
        .executeTakeFirst();
      return written !== undefined;
    },
    async listOpen(workspaceId, { before, limit }) {
      let select = open(query).where("workspace_id", "=", workspaceId);
      if (before !== undefined) select = select.where("id", "<", before);
      return (await select.orderBy("id", "desc").limit(limit).execute()).map(invitationFromRow);
    },
    async countOpen(workspaceId) {
      return (await open(query).where("workspace_id", "=", workspaceId).execute()).length;
    },
    async findOpen(workspaceId, id) {
      const row = await open(query).where("id", "=", id).where("workspace_id", "=", workspaceId).executeTakeFirst();
      return row === undefined ? undefined : invitationFromRow(row);
    },
    renew: (id, tokenHash, expiresAt) => update(query, id, { token_hash: tokenHash, expires_at: expiresAt }),
    revoke: (id, at) => update(query, id, { revoked_at: at }),
    findByToken: (tokenHash, now) => findByToken(query, tokenHash, now),
    accept: ({ id, workspaceId, role }, userId, at) =>
      query.transaction().execute(async (transaction) => {
        if (!(await update(transaction, id, { accepted_at: at, accepted_by: userId }))) return false;
        await transaction
          .insertInto("members")
          .values({ workspace_id: workspaceId, user_id: userId, role, created_at: at })
          .onConflict((conflict) => conflict.columns(["workspace_id", "user_id"]).doNothing())
          .execute();
        return true;
      }),
    async hasOpen(email, now) {
      const row = await open(query)
        .where("email", "=", email.toLowerCase())
        .where("expires_at", ">", now)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function open(query: Kysely<Tables>) {
  return query.selectFrom("invitations").selectAll().where("accepted_at", "is", null).where("revoked_at", "is", null);
}

/** False when the invitation is open no longer. */
async function update(
  query: Kysely<Tables>,
  id: InvitationId,
  columns: Partial<Selectable<Tables["invitations"]>>,
): Promise<boolean> {
  const updated = await query
    .updateTable("invitations")
    .set(columns)
    .where("id", "=", id)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return updated !== undefined;
}

async function findByToken(query: Kysely<Tables>, tokenHash: string, now: number) {
  const row = await query
    .selectFrom("invitations")
    .innerJoin("workspaces", "workspaces.id", "invitations.workspace_id")
    .leftJoin("users", "users.id", "invitations.invited_by")
    .selectAll("invitations")
    .select(["workspaces.name as workspace_name", "users.name as inviter_name"])
    .where("token_hash", "=", tokenHash)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    ...invitationFromRow(row),
    workspaceName: row.workspace_name,
    inviterName: row.inviter_name ?? undefined,
  };
}

function invitationFromRow(row: Selectable<Tables["invitations"]>): Invitation {
  return {
    id: asId<InvitationId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    email: row.email,
    role: wordOf(memberRoles, row.role),
    invitedBy: row.invited_by,
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
  };
}
