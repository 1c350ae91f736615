// Workspaces in the database.

import { sql, type Kysely, type Selectable } from "kysely";
import { asId, type StackId, type WorkspaceId } from "../contracts/ids.ts";
import { workspaceStatuses, type Workspace } from "../workspaces/workspace.ts";
import type { WorkspaceRecords } from "../workspaces/workspace-records.ts";
import { freeSlug } from "../workspaces/slug.ts";
import type { Tables } from "./database.ts";
import { endDevelopmentKeys } from "./end-keys.ts";
import { budgetColumn, optionalBudget, wordOf } from "./read-column.ts";

export function workspaceStore(query: Kysely<Tables>): WorkspaceRecords {
  return {
    async insert(workspace) {
      const taken = await slugsLike(query, workspace.slug);
      for (;;) {
        const slug = freeSlug(workspace.slug, taken);
        const stored = await insertWithSlug(query, { ...workspace, slug });
        if (stored !== undefined) return stored;
        taken.add(slug);
      }
    },
    async findBySlug(slug) {
      const row = await query.selectFrom("workspaces").selectAll().where("slug", "=", slug).executeTakeFirst();
      return row === undefined ? undefined : workspaceFromRow(row);
    },
    async find(id) {
      const row = await query.selectFrom("workspaces").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : workspaceFromRow(row);
    },
    async list({ before, limit, memberId, only }) {
      let select = query.selectFrom("workspaces").selectAll();
      if (only !== undefined) select = select.where("id", "=", only);
      if (memberId !== undefined) {
        const theirs = query.selectFrom("members").select("workspace_id").where("user_id", "=", memberId);
        select = select.where("id", "in", theirs);
      }
      if (before !== undefined) select = select.where("id", "<", before);
      return (await select.orderBy("id", "desc").limit(limit).execute()).map(workspaceFromRow);
    },
    async update(id, changes, at) {
      const columns = {
        ...(changes.name !== undefined && { name: changes.name }),
        ...(changes.slug !== undefined && { slug: changes.slug }),
        ...(changes.status !== undefined && { status: changes.status }),
        ...("statusReason" in changes && { status_reason: changes.statusReason ?? null }),
        ...("stackId" in changes && { stack_id: changes.stackId ?? null }),
        ...("budget" in changes && { budget: budgetColumn(changes.budget) }),
      };
      if (Object.keys(columns).length === 0) return true;
      return query.transaction().execute(async (transaction) => {
        const { slug } = changes;
        if (slug !== undefined && (await slugIsAnothers(transaction, id, slug))) return false;
        await transaction.updateTable("workspaces").set(columns).where("id", "=", id).execute();
        if (changes.status === "suspended") await endDevelopmentKeys(transaction, { workspaceId: id, at });
        return true;
      });
    },
  };
}

/** Undefined, storing nothing, when another workspace has the slug. */
export async function insertWithSlug(query: Kysely<Tables>, workspace: Workspace): Promise<Workspace | undefined> {
  const stored = await query
    .insertInto("workspaces")
    .values({
      id: workspace.id,
      name: workspace.name,
      slug: workspace.slug,
      status: workspace.status,
      stack_id: workspace.stackId ?? null,
      created_at: workspace.createdAt,
      budget: budgetColumn(workspace.budget),
      status_reason: workspace.statusReason ?? null,
    })
    .onConflict((conflict) => conflict.column("slug").where("slug", "<>", sql.lit("")).doNothing())
    .returning("id")
    .executeTakeFirst();
  return stored === undefined ? undefined : workspace;
}

const mostSlugs = 10_000;

/** Those that begin as this one does, as far as its numbers go. */
async function slugsLike(query: Kysely<Tables>, slug: string): Promise<Set<string>> {
  const stem = slug.slice(0, 30);
  const rows = await query
    .selectFrom("workspaces")
    .select("slug")
    .where("slug", ">=", stem)
    .where("slug", "<", `${stem}~`)
    .limit(mostSlugs)
    .execute();
  return new Set(rows.map((row) => row.slug));
}

async function slugIsAnothers(query: Kysely<Tables>, id: WorkspaceId, slug: string): Promise<boolean> {
  const row = await query.selectFrom("workspaces").select("id").where("slug", "=", slug).executeTakeFirst();
  return row !== undefined && row.id !== id;
}

export function workspaceFromRow(row: Selectable<Tables["workspaces"]>): Workspace {
  return {
    id: asId<WorkspaceId>(row.id),
    name: row.name,
    slug: row.slug,
    status: wordOf(workspaceStatuses, row.status),
    statusReason: row.status_reason ?? undefined,
    stackId: row.stack_id === null ? undefined : asId<StackId>(row.stack_id),
    budget: optionalBudget(row.budget),
    createdAt: Number(row.created_at),
  };
}
