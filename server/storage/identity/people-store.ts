// People, their sessions and workspaces in the database.

import type { Kysely } from "kysely";
import { asId, type UserId } from "../../contracts/ids.ts";
import type { PeopleRecords } from "../../identity/people-records.ts";
import { memberRoles, workspaceStatuses } from "../../workspaces/workspace.ts";
import type { Tables } from "../database.ts";
import { endDevelopmentKeys } from "../end-keys.ts";
import { wordOf } from "../read-column.ts";

const mostSessions = 100;
const mostWorkspaces = 500;
const prunedAtOnce = 1_000;
/** No window of tries is longer. */
const triesKeptMs = 60 * 60_000;

export function peopleStore(query: Kysely<Tables>): PeopleRecords {
  return {
    find: (id) => findPerson(query, id),
    async findByEmail(email) {
      const row = await query
        .selectFrom("users")
        .select("id")
        .where("email", "=", email.toLowerCase())
        .executeTakeFirst();
      return row && { id: asId<UserId>(row.id) };
    },
    async memberships(id) {
      const rows = await query
        .selectFrom("members")
        .innerJoin("workspaces", "workspaces.id", "members.workspace_id")
        .select(["workspaces.id", "workspaces.name", "workspaces.slug", "workspaces.status", "role"])
        .where("user_id", "=", id)
        .orderBy("workspaces.id")
        .limit(mostWorkspaces)
        .execute();
      return rows.map((row) => ({
        workspaceId: row.id,
        name: row.name,
        slug: row.slug,
        status: wordOf(workspaceStatuses, row.status),
        role: wordOf(memberRoles, row.role),
      }));
    },
    sessions: (id, now) => openSessions(query, id, now),
    async endSession(id, sessionId) {
      const ended = await query
        .deleteFrom("sessions")
        .where("user_id", "=", id)
        .where("id", "=", sessionId)
        .returning("id")
        .execute();
      return ended.length > 0;
    },
    async endOtherSessions(id, keep) {
      const ended = await query
        .deleteFrom("sessions")
        .where("user_id", "=", id)
        .where("id", "<>", keep)
        .returning("id")
        .execute();
      return ended.length;
    },
    countWaysIn: (id) => countWaysIn(query, id),
    soleOwnerOf: (id) => soleOwnerOf(query, id),
    leaveAll: (id, at) => leaveAll(query, id, at),
    prune: (now) => prune(query, now),
  };
}

async function countWaysIn(query: Kysely<Tables>, id: UserId): Promise<number> {
  const credentials = await query.selectFrom("credentials").select("id").where("user_id", "=", id).execute();
  const passkeys = await query.selectFrom("passkeys").select("id").where("user_id", "=", id).execute();
  return credentials.length + passkeys.length;
}

const findPerson = async (query: Kysely<Tables>, id: UserId): ReturnType<PeopleRecords["find"]> => {
  const row = await query
    .selectFrom("users")
    .select(["id", "email", "name", "email_verified", "is_operator", "two_factor_enabled", "created_at"])
    .select((select) =>
      select
        .exists(
          select
            .selectFrom("credentials")
            .select("credentials.id")
            .whereRef("credentials.user_id", "=", "users.id")
            .where("provider_id", "=", "credential")
            .where("password", "is not", null),
        )
        .as("has_password"),
    )
    .where("id", "=", id)
    .executeTakeFirst();
  return (
    row && {
      id,
      email: row.email,
      name: row.name,
      emailVerified: Number(row.email_verified) !== 0,
      isOperator: Number(row.is_operator) !== 0,
      twoFactorEnabled: Number(row.two_factor_enabled) !== 0,
      hasPassword: Boolean(row.has_password),
      createdAt: Number(row.created_at),
    }
  );
};

const openSessions = async (query: Kysely<Tables>, id: UserId, now: number): ReturnType<PeopleRecords["sessions"]> => {
  const rows = await query
    .selectFrom("sessions")
    .select(["id", "user_agent", "ip_address", "created_at", "updated_at", "expires_at"])
    .where("user_id", "=", id)
    .where("expires_at", ">", now)
    .orderBy("created_at", "desc")
    .limit(mostSessions)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.user_agent ?? "",
    address: row.ip_address ?? "",
    createdAt: Number(row.created_at),
    refreshedAt: Number(row.updated_at),
    expiresAt: Number(row.expires_at),
  }));
};

/** Workspaces that would be without an owner, of those that somebody else, a key or credits depend on. */
async function soleOwnerOf(query: Kysely<Tables>, id: UserId): Promise<string[]> {
  const rows = await query
    .selectFrom("members as mine")
    .innerJoin("workspaces", "workspaces.id", "mine.workspace_id")
    .leftJoin("accounts", "accounts.workspace_id", "mine.workspace_id")
    .select("workspaces.name as name")
    .where("mine.user_id", "=", id)
    .where("mine.role", "=", "owner")
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom("members as others")
            .select("others.user_id")
            .whereRef("others.workspace_id", "=", "mine.workspace_id")
            .where("others.role", "=", "owner")
            .where("others.user_id", "<>", id),
        ),
      ),
    )
    .where((where) =>
      where.or([
        where("accounts.balance", ">", 0n),
        where.exists(
          where
            .selectFrom("members as others")
            .select("others.user_id")
            .whereRef("others.workspace_id", "=", "mine.workspace_id")
            .where("others.user_id", "<>", id),
        ),
        where.exists(
          where
            .selectFrom("api_keys")
            .select("api_keys.id")
            .whereRef("api_keys.workspace_id", "=", "mine.workspace_id")
            .where("api_keys.revoked_at", "is", null)
            .where("api_keys.purpose", "<>", "development"),
        ),
      ]),
    )
    .orderBy("workspaces.name")
    .limit(mostWorkspaces)
    .execute();
  return rows.map(({ name }) => name);
}

/** A workspace that nobody is left in is suspended. */
async function leaveAll(query: Kysely<Tables>, id: UserId, at: number): Promise<void> {
  await query.transaction().execute(async (transaction) => {
    await endDevelopmentKeys(transaction, { userId: id, at });
    const left = await transaction.deleteFrom("members").where("user_id", "=", id).returning("workspace_id").execute();
    for (const { workspace_id } of left) {
      await transaction
        .updateTable("workspaces")
        .set({ status: "suspended", status_reason: "Its last member deleted their account." })
        .where("id", "=", workspace_id)
        .where((where) =>
          where.not(
            where.exists(
              where.selectFrom("members").select("user_id").where("members.workspace_id", "=", workspace_id),
            ),
          ),
        )
        .execute();
    }
  });
}

async function prune(query: Kysely<Tables>, now: number): Promise<void> {
  for (const table of ["sessions", "verifications", "device_codes"] as const) {
    await query
      .deleteFrom(table)
      .where("id", "in", query.selectFrom(table).select("id").where("expires_at", "<=", now).limit(prunedAtOnce))
      .execute();
  }
  await query
    .deleteFrom("sign_in_tries")
    .where("last_request", "<", now - triesKeptMs)
    .execute();
}
