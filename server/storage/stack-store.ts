// Custom stacks and their published versions in the database.

import type { Kysely, Selectable } from "kysely";
import { asId, type StackId, type WorkspaceId } from "../contracts/ids.ts";
import { parseJson } from "../contracts/json.ts";
import { policySchema } from "../contracts/policy.ts";
import type { StackVersion } from "../stacks/stack.ts";
import type { CustomStack, StackChanges, StackRecords } from "../stacks/stack-records.ts";
import type { Tables } from "./database.ts";
import { optionalNumber, wordOf } from "./read-column.ts";

export function stackStore(query: Kysely<Tables>): StackRecords {
  return { ...stackRows(query), ...versionRows(query) };
}

function stackRows(
  query: Kysely<Tables>,
): Pick<StackRecords, "insert" | "findBySlug" | "findById" | "list" | "slugs" | "update"> {
  const ofWorkspace = (workspaceId: WorkspaceId) =>
    query.selectFrom("stacks").selectAll().where("workspace_id", "=", workspaceId);
  return {
    async insert(stack) {
      const written = await query
        .insertInto("stacks")
        .values(rowOf(stack))
        .onConflict((conflict) => conflict.columns(["workspace_id", "slug"]).doNothing())
        .returning("id")
        .executeTakeFirst();
      return written !== undefined;
    },
    async findBySlug(workspaceId, slug) {
      const row = await ofWorkspace(workspaceId).where("slug", "=", slug).executeTakeFirst();
      return row === undefined ? undefined : stackFromRow(row);
    },
    async findById(workspaceId, id) {
      const row = await ofWorkspace(workspaceId).where("id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : stackFromRow(row);
    },
    async list(workspaceId, { after, limit }) {
      let select = ofWorkspace(workspaceId);
      if (after !== undefined) select = select.where("slug", ">", after);
      return (await select.orderBy("slug").limit(limit).execute()).map(stackFromRow);
    },
    async slugs(workspaceId, ids) {
      if (ids.length === 0) return new Map();
      const rows = await ofWorkspace(workspaceId).where("id", "in", ids).execute();
      return new Map(rows.map((row) => [asId<StackId>(row.id), row.slug]));
    },
    async update(id, changes, { at, by, ifRevision }) {
      const { name, description, draft } = changes;
      const edits = name !== undefined || description !== undefined || draft !== undefined;
      let update = query
        .updateTable("stacks")
        .set({ ...changedColumns(changes), updated_at: at, updated_by: by ?? null })
        .where("id", "=", id);
      if (edits) update = update.set((stack) => ({ revision: stack("revision", "+", 1) }));
      if (ifRevision !== undefined) update = update.where("revision", "=", ifRevision);
      const written = await update.returning("revision").executeTakeFirst();
      return written === undefined ? undefined : Number(written.revision);
    },
  };
}

function versionRows(query: Kysely<Tables>): Pick<StackRecords, "publish" | "findVersion" | "listVersions"> {
  const ofStack = (id: StackId) => query.selectFrom("stack_versions").selectAll().where("stack_id", "=", id);
  return {
    publish: (id, { policy, note, activate }, { at, by, ifRevision }) =>
      query.transaction().execute(async (transaction) => {
        // Writing first locks the stack, so that two publishers cannot take the same number.
        let lock = transaction
          .updateTable("stacks")
          .set({ updated_at: at, updated_by: by ?? null })
          .where("id", "=", id);
        if (ifRevision !== undefined) lock = lock.where("revision", "=", ifRevision);
        if ((await lock.returning("id").executeTakeFirst()) === undefined) return undefined;
        const last = await transaction
          .selectFrom("stack_versions")
          .select((select) => select.fn.max("version").as("version"))
          .where("stack_id", "=", id)
          .executeTakeFirst();
        const version = (optionalNumber(last?.version ?? null) ?? 0) + 1;
        await transaction
          .insertInto("stack_versions")
          .values({
            stack_id: id,
            version,
            policy: JSON.stringify(policy),
            note,
            published_at: at,
            published_by: by ?? null,
          })
          .execute();
        if (activate) {
          await transaction.updateTable("stacks").set({ active_version: version }).where("id", "=", id).execute();
        }
        return { stackId: id, version, policy, note, publishedAt: at, publishedBy: by };
      }),
    async findVersion(id, version) {
      const row = await ofStack(id).where("version", "=", version).executeTakeFirst();
      return row === undefined ? undefined : versionFromRow(row);
    },
    async listVersions(id, { before, limit }) {
      let select = ofStack(id);
      if (before !== undefined) select = select.where("version", "<", before);
      return (await select.orderBy("version", "desc").limit(limit).execute()).map(versionFromRow);
    },
  };
}

function changedColumns(changes: StackChanges) {
  return {
    ...(changes.name !== undefined && { name: changes.name }),
    ...(changes.description !== undefined && { description: changes.description }),
    ...(changes.status !== undefined && { status: changes.status }),
    ...(changes.draft !== undefined && { draft: JSON.stringify(changes.draft) }),
    ...(changes.activeVersion !== undefined && { active_version: changes.activeVersion }),
  };
}

function rowOf(stack: CustomStack): Tables["stacks"] {
  return {
    id: stack.id,
    workspace_id: stack.workspaceId,
    slug: stack.slug,
    name: stack.name,
    description: stack.description,
    status: stack.status,
    draft: JSON.stringify(stack.draft),
    active_version: stack.activeVersion ?? null,
    cloned_from: stack.clonedFrom ?? null,
    created_at: stack.createdAt,
    updated_at: stack.updatedAt,
    revision: stack.revision,
    updated_by: stack.updatedBy ?? null,
  };
}

/** Policies were checked when they were written; parsing again fills in fields that were added since. */
function stackFromRow(row: Selectable<Tables["stacks"]>): CustomStack {
  return {
    id: asId<StackId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    slug: row.slug,
    name: row.name,
    description: row.description,
    status: wordOf(["active", "archived"], row.status),
    draft: policySchema.parse(parseJson(row.draft)),
    activeVersion: optionalNumber(row.active_version),
    clonedFrom: row.cloned_from ?? undefined,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    revision: Number(row.revision),
    updatedBy: row.updated_by ?? undefined,
  };
}

function versionFromRow(row: Selectable<Tables["stack_versions"]>): StackVersion {
  return {
    stackId: asId<StackId>(row.stack_id),
    version: Number(row.version),
    policy: policySchema.parse(parseJson(row.policy)),
    publishedAt: Number(row.published_at),
    note: row.note,
    publishedBy: row.published_by ?? undefined,
  };
}
