// Workspaces in the database.

import type { Kysely, Selectable } from "kysely";
import { asId, type StackId, type WorkspaceId } from "../contracts/ids.ts";
import { workspaceStatuses, type Workspace } from "../workspaces/workspace.ts";
import type { WorkspaceRecords } from "../workspaces/workspace-records.ts";
import type { Tables } from "./database.ts";
import { budgetColumn, optionalBudget, wordOf } from "./read-column.ts";

export function workspaceStore(query: Kysely<Tables>): WorkspaceRecords {
  return {
    async insert(workspace) {
      await query
        .insertInto("workspaces")
        .values({
          id: workspace.id,
          name: workspace.name,
          status: workspace.status,
          stack_id: workspace.stackId ?? null,
          created_at: workspace.createdAt,
          budget: budgetColumn(workspace.budget),
          status_reason: workspace.statusReason ?? null,
        })
        .execute();
    },
    async find(id) {
      const row = await query.selectFrom("workspaces").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : workspaceFromRow(row);
    },
    async list({ before, limit, memberId }) {
      let select = query.selectFrom("workspaces").selectAll();
      if (memberId !== undefined) {
        const theirs = query.selectFrom("members").select("workspace_id").where("user_id", "=", memberId);
        select = select.where("id", "in", theirs);
      }
      if (before !== undefined) select = select.where("id", "<", before);
      return (await select.orderBy("id", "desc").limit(limit).execute()).map(workspaceFromRow);
    },
    async update(id, changes) {
      const columns = {
        ...(changes.name !== undefined && { name: changes.name }),
        ...(changes.status !== undefined && { status: changes.status }),
        ...("statusReason" in changes && { status_reason: changes.statusReason ?? null }),
        ...("stackId" in changes && { stack_id: changes.stackId ?? null }),
        ...("budget" in changes && { budget: budgetColumn(changes.budget) }),
      };
      if (Object.keys(columns).length === 0) return;
      await query.updateTable("workspaces").set(columns).where("id", "=", id).execute();
    },
  };
}

export function workspaceFromRow(row: Selectable<Tables["workspaces"]>): Workspace {
  return {
    id: asId<WorkspaceId>(row.id),
    name: row.name,
    status: wordOf(workspaceStatuses, row.status),
    statusReason: row.status_reason ?? undefined,
    stackId: row.stack_id === null ? undefined : asId<StackId>(row.stack_id),
    budget: optionalBudget(row.budget),
    createdAt: Number(row.created_at),
  };
}
