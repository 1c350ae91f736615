// Variables of accounts in the database. Their values are sealed before they come here.

import type { Kysely, Selectable } from "kysely";
import type { StoredVariable, VariableRecords, VariableWrite } from "../agents/variable-records.ts";
import { asId, type WorkspaceId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";

export function variableStore(query: Kysely<Tables>): VariableRecords {
  const one = (workspaceId: WorkspaceId, name: string) =>
    query.selectFrom("account_variables").selectAll().where("workspace_id", "=", workspaceId).where("name", "=", name);
  return {
    async list(workspaceId, names) {
      let select = query.selectFrom("account_variables").selectAll().where("workspace_id", "=", workspaceId);
      if (names !== undefined) select = select.where("name", "in", names);
      return (await select.orderBy("name").execute()).map(variableFromRow);
    },
    async find(workspaceId, name) {
      const row = await one(workspaceId, name).executeTakeFirst();
      return row && variableFromRow(row);
    },
    write: (variables, options) =>
      query.transaction().execute(async (transaction) => {
        const [first] = variables;
        if (first === undefined) return [];
        const counted = await lockAndCount(transaction, first.workspaceId);
        return writeAll(transaction, variables, { ...options, counted });
      }),
    async update(workspaceId, name, { by, at, sealed, secret, description }) {
      let update = query
        .updateTable("account_variables")
        .set({
          updated_by: by,
          updated_at: at,
          ...(sealed !== undefined && { sealed }),
          ...(secret !== undefined && { secret: secret ? 1 : 0 }),
          ...(description !== undefined && { description }),
        })
        .where("workspace_id", "=", workspaceId)
        .where("name", "=", name);
      // Whatever happened since it was read: a stored secret never becomes readable.
      if (secret === false && sealed === undefined) update = update.where("secret", "=", 0);
      return (await update.returning("name").executeTakeFirst()) !== undefined;
    },
    async remove(workspaceId, name) {
      const removed = await query
        .deleteFrom("account_variables")
        .where("workspace_id", "=", workspaceId)
        .where("name", "=", name)
        .returning("name")
        .executeTakeFirst();
      return removed !== undefined;
    },
  };
}

/** The workspace's row is taken first, so that several writers together do not go beyond the limit. */
async function lockAndCount(query: Kysely<Tables>, workspaceId: WorkspaceId): Promise<number> {
  await query.updateTable("workspaces").set({ id: workspaceId }).where("id", "=", workspaceId).execute();
  const { count } = await query
    .selectFrom("account_variables")
    .select(({ fn }) => fn.countAll<bigint | number | string>().as("count"))
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

type WriteOptions = { readonly overwrite: boolean; readonly most: number; readonly counted: number };

async function writeAll(
  query: Kysely<Tables>,
  variables: readonly VariableWrite[],
  { overwrite, most, counted }: WriteOptions,
): Promise<("written" | "kept" | "full")[]> {
  const outcomes: ("written" | "kept" | "full")[] = [];
  let count = counted;
  for (const variable of variables) {
    const { workspaceId, name, sealed, secret, description, updatedBy, at } = variable;
    const columns = { sealed, secret: secret ? 1 : 0, updated_by: updatedBy, updated_at: at };
    const there = await query
      .updateTable("account_variables")
      .set(overwrite ? { ...columns, ...(description !== undefined && { description }) } : { name })
      .where("workspace_id", "=", workspaceId)
      .where("name", "=", name)
      .returning("name")
      .executeTakeFirst();
    if (there !== undefined) {
      outcomes.push(overwrite ? "written" : "kept");
    } else if (count >= most) {
      outcomes.push("full");
    } else {
      const place = { workspace_id: workspaceId, name, description: description ?? "", created_at: at };
      await query
        .insertInto("account_variables")
        .values({ ...place, ...columns })
        .execute();
      count += 1;
      outcomes.push("written");
    }
  }
  return outcomes;
}

function variableFromRow(row: Selectable<Tables["account_variables"]>): StoredVariable {
  return {
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    name: row.name,
    secret: Number(row.secret) !== 0,
    sealed: row.sealed,
    description: row.description,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    updatedBy: row.updated_by,
  };
}
