// What operators see and change of the whole installation, in the database.

import { sql, type Kysely, type Selectable } from "kysely";
import { asId, type UserId } from "../contracts/ids.ts";
import { parseObject } from "../contracts/json.ts";
import { picodollars } from "../money/picodollars.ts";
import type { OperatorRecords, PersonOverview, WorkspaceOverview } from "../workspaces/operator-records.ts";
import type { Tables } from "./database.ts";
import { endDevelopmentKeys } from "./end-keys.ts";
import { endAccessTokens } from "./identity/access-token-store.ts";
import { workspaceFromRow } from "./workspace-store.ts";

const mostOwnersShown = 5;

export function operatorStore(query: Kysely<Tables>): OperatorRecords {
  const endSessions = async (on: Kysely<Tables>, id: UserId) =>
    (await on.deleteFrom("sessions").where("user_id", "=", id).returning("id").execute()).length;
  return {
    listWorkspaces: (page) => listWorkspaces(query, page),
    async findWorkspace(id) {
      const [found] = await overviews(query, await workspaceRows(query).where("workspaces.id", "=", id).execute());
      return found;
    },
    listPeople: (page) => listPeople(query, page),
    async findPerson(id) {
      const [person] = await withCounts(query, await people(query).where("users.id", "=", id).execute());
      return person;
    },
    async setOperator(id, isOperator) {
      await query
        .updateTable("users")
        .set({ is_operator: isOperator ? 1 : 0 })
        .where("id", "=", id)
        .execute();
    },
    disable: (id, reason, at) =>
      query.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("disabled_users")
          .values({ user_id: id, reason, disabled_at: at })
          .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ reason }))
          .execute();
        await endSessions(transaction, id);
        await endAccessTokens(transaction, id, at);
        await endDevelopmentKeys(transaction, { userId: id, at });
      }),
    async enable(id) {
      await query.deleteFrom("disabled_users").where("user_id", "=", id).execute();
    },
    endSessions: (id) => endSessions(query, id),
    async operatorEmails(limit) {
      const rows = await query.selectFrom("users").select("email").where("is_operator", "=", 1).limit(limit).execute();
      return rows.map(({ email }) => email);
    },
    async priceLists() {
      const rows = await query.selectFrom("price_lists").selectAll().orderBy("recorded_at", "desc").execute();
      return rows.map(({ version, prices, recorded_at }) => ({
        version,
        modelCount: Object.keys(parseObject(prices) ?? {}).length,
        recordedAt: Number(recorded_at),
      }));
    },
  };
}

async function listWorkspaces(
  query: Kysely<Tables>,
  { search, status, before, limit }: Parameters<OperatorRecords["listWorkspaces"]>[0],
): Promise<WorkspaceOverview[]> {
  let select = workspaceRows(query);
  if (status !== undefined) select = select.where("workspaces.status", "=", status);
  if (before !== undefined) select = select.where("workspaces.id", "<", before);
  if (search !== undefined) {
    const pattern = containing(search);
    const byEmail = query
      .selectFrom("members")
      .innerJoin("users", "users.id", "members.user_id")
      .select("members.workspace_id")
      .where(sql<boolean>`lower(users.email) LIKE ${pattern} ESCAPE '!'`);
    select = select.where((where) =>
      where.or([
        where("workspaces.id", "=", search),
        sql<boolean>`lower(workspaces.name) LIKE ${pattern} ESCAPE '!'`,
        where("workspaces.id", "in", byEmail),
      ]),
    );
  }
  return overviews(query, await select.orderBy("workspaces.id", "desc").limit(limit).execute());
}

async function listPeople(
  query: Kysely<Tables>,
  { search, before, limit }: Parameters<OperatorRecords["listPeople"]>[0],
): Promise<PersonOverview[]> {
  let select = people(query);
  if (before !== undefined) select = select.where("users.id", "<", before);
  if (search !== undefined) {
    const pattern = containing(search);
    select = select.where((where) =>
      where.or([
        where("users.id", "=", search),
        sql<boolean>`lower(users.email) LIKE ${pattern} ESCAPE '!'`,
        sql<boolean>`lower(users.name) LIKE ${pattern} ESCAPE '!'`,
      ]),
    );
  }
  return withCounts(query, await select.orderBy("users.id", "desc").limit(limit).execute());
}

/** A pattern for LIKE with `!` as its escape: text anywhere, whatever its case. */
function containing(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[!%_]/g, "!$&")}%`;
}

function workspaceRows(query: Kysely<Tables>) {
  return query
    .selectFrom("workspaces")
    .leftJoin("accounts", "accounts.workspace_id", "workspaces.id")
    .selectAll("workspaces")
    .select(["accounts.balance", "accounts.held"]);
}

type WorkspaceRow = Selectable<Tables["workspaces"]> & { balance: bigint | null; held: bigint | null };

async function overviews(query: Kysely<Tables>, rows: readonly WorkspaceRow[]): Promise<WorkspaceOverview[]> {
  if (rows.length === 0) return [];
  const members = await query
    .selectFrom("members")
    .innerJoin("users", "users.id", "members.user_id")
    .select(["members.workspace_id", "members.role", "users.email"])
    .where(
      "members.workspace_id",
      "in",
      rows.map(({ id }) => id),
    )
    .orderBy("members.created_at")
    .execute();
  const byWorkspace = Map.groupBy(members, ({ workspace_id }) => workspace_id);
  return rows.map((row) => {
    const own = byWorkspace.get(row.id) ?? [];
    const owners = own.filter(({ role }) => role === "owner").map(({ email }) => email);
    return {
      workspace: workspaceFromRow(row),
      balance: picodollars(row.balance ?? 0n),
      held: picodollars(row.held ?? 0n),
      memberCount: own.length,
      ownerEmails: owners.slice(0, mostOwnersShown),
    };
  });
}

function people(query: Kysely<Tables>) {
  return query
    .selectFrom("users")
    .leftJoin("disabled_users", "disabled_users.user_id", "users.id")
    .select([
      "users.id",
      "users.email",
      "users.name",
      "users.is_operator",
      "users.created_at",
      "disabled_users.reason",
    ]);
}

type PersonRow = {
  id: string;
  email: string;
  name: string;
  is_operator: bigint | number;
  created_at: bigint | number;
  reason: string | null;
};

async function withCounts(query: Kysely<Tables>, rows: readonly PersonRow[]): Promise<PersonOverview[]> {
  if (rows.length === 0) return [];
  const counts = await query
    .selectFrom("members")
    .select(({ fn }) => ["user_id", fn.countAll<bigint | number | string>().as("count")])
    .where(
      "user_id",
      "in",
      rows.map(({ id }) => id),
    )
    .groupBy("user_id")
    .execute();
  const byUser = new Map(counts.map(({ user_id, count }) => [user_id, Number(count)]));
  return rows.map((row) => ({
    id: asId<UserId>(row.id),
    email: row.email,
    name: row.name,
    isOperator: Number(row.is_operator) === 1,
    disabledReason: row.reason ?? undefined,
    workspaceCount: byUser.get(row.id) ?? 0,
    createdAt: Number(row.created_at),
  }));
}
