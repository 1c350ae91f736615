// Blueprints, their builds and the images of their readmes in the database.

import { sql, type Kysely, type Selectable } from "kysely";
import {
  visibilities,
  type BlueprintRecords,
  type BuildHeadline,
  type Registered,
  type Registration,
  type StoredBlueprint,
  type StoredBuild,
} from "../agents/blueprint-records.ts";
import type { ShownDiagnostic } from "../contracts/agents-limits.ts";
import { asId, type BlueprintId, type WorkspaceId } from "../contracts/ids.ts";
import { isObject, numberAt, parseJson, stringAt } from "../contracts/json.ts";
import type { Tables } from "./database.ts";
import { usableStatuses } from "./deployment-links-store.ts";
import { optionalNumber, wordOf } from "./read-column.ts";

export function blueprintStore(query: Kysely<Tables>): BlueprintRecords {
  return {
    find: (workspaceId, name) => findByName(query, workspaceId, name),
    async list(workspaceId, { archived, limit }) {
      let select = query.selectFrom("agent_blueprints").selectAll().where("workspace_id", "=", workspaceId);
      if (!archived) select = select.where("archived_at", "is", null);
      return (await select.orderBy("name").limit(limit).execute()).map(blueprintFromRow);
    },
    async count(workspaceId) {
      return Number((await counted(query, workspaceId).executeTakeFirstOrThrow()).count);
    },
    async archived(workspaceId, limit) {
      const rows = await query
        .selectFrom("agent_blueprints")
        .selectAll()
        .where("workspace_id", "=", workspaceId)
        .where("archived_at", "is not", null)
        .orderBy("archived_at")
        .limit(limit)
        .execute();
      return rows.map(blueprintFromRow);
    },
    purge: ({ id, workspaceId, name }) =>
      query.transaction().execute(async (transaction) => {
        await lockWorkspace(transaction, workspaceId);
        const still = await findByName(transaction, workspaceId, name);
        if (still?.id !== id || still.archivedAt === undefined) return;
        if ((await liveDeployments(transaction, id).limit(1).executeTakeFirst()) !== undefined) return;
        await transaction.deleteFrom("agent_builds").where("blueprint_id", "=", id).execute();
        await transaction.deleteFrom("agent_blueprints").where("id", "=", id).execute();
        await transaction
          .deleteFrom("agent_readme_images")
          .where("workspace_id", "=", workspaceId)
          .where("name", "=", name)
          .execute();
      }),
    create: (blueprint, mostBlueprints) =>
      query.transaction().execute(async (transaction) => {
        const { workspaceId } = blueprint;
        await lockWorkspace(transaction, workspaceId);
        if ((await findByName(transaction, workspaceId, blueprint.name)) !== undefined) return "exists";
        if ((await countInUse(transaction, workspaceId)) >= mostBlueprints) return "too_many_blueprints";
        await transaction.insertInto("agent_blueprints").values(rowOf(blueprint)).execute();
        return "done";
      }),
    register: (registration) => query.transaction().execute((transaction) => register(transaction, registration)),
    async setVisibility(id, visibility) {
      await query.updateTable("agent_blueprints").set({ visibility }).where("id", "=", id).execute();
    },
    async archive(id, at) {
      await query
        .updateTable("agent_blueprints")
        .set({ archived_at: at })
        .where("id", "=", id)
        .where("archived_at", "is", null)
        .execute();
    },
    ...buildsOf(query),
  };
}

function buildsOf(query: Kysely<Tables>): Pick<BlueprintRecords, "findBuild" | "builds" | "deleteBuilds"> {
  return {
    async findBuild(id, buildId) {
      let select = query.selectFrom("agent_builds").selectAll().where("blueprint_id", "=", id);
      if (buildId !== undefined) select = select.where("build_id", "=", buildId);
      const row = await select.orderBy("published_at", "desc").limit(1).executeTakeFirst();
      return row && { ...headlineFromRow(row), specContent: row.spec_content, readme: row.readme };
    },
    async builds(ids, limit) {
      if (ids.length === 0) return new Map();
      const ranked = query
        .selectFrom("agent_builds")
        .select(["blueprint_id", "build_id", "registry", "warnings", "published_at", "published_by"])
        .select(sql<number>`row_number() OVER (PARTITION BY blueprint_id ORDER BY published_at DESC)`.as("place"))
        .where("blueprint_id", "in", ids);
      const rows = await query
        .selectFrom(ranked.as("ranked"))
        .selectAll()
        .where("place", "<=", limit)
        .orderBy("published_at", "desc")
        .execute();
      return Map.groupBy(rows.map(headlineFromRow), ({ blueprintId }) => blueprintId);
    },
    async deleteBuilds(id, buildIds) {
      for (const buildId of buildIds) {
        await query
          .deleteFrom("agent_builds")
          .where("blueprint_id", "=", id)
          .where("build_id", "=", buildId)
          .where((where) => where.not(where.exists(liveDeployments(query, id, buildId))))
          .execute();
      }
    },
  };
}

/** Revisions that may be run again, of deployments that are not undeployed. @param buildId undefined: of any build */
function liveDeployments(query: Kysely<Tables>, blueprintId: string, buildId?: string) {
  const live = query
    .selectFrom("deployments")
    .innerJoin("deployment_revisions as revision", "revision.deployment_id", "deployments.id")
    .select("deployments.id")
    .where("deployments.blueprint_id", "=", blueprintId)
    .where("deployments.wish", "<>", "undeployed")
    .where("revision.status", "in", usableStatuses);
  return buildId === undefined ? live : live.where("revision.build_id", "=", buildId);
}

async function register(query: Kysely<Tables>, registration: Registration): Promise<Registered> {
  const { workspaceId, name, visibility, at, build } = registration;
  await lockWorkspace(query, workspaceId);
  const before = await findByName(query, workspaceId, name);
  const comesIntoUse = before === undefined || before.archivedAt !== undefined;
  if (comesIntoUse && (await countInUse(query, workspaceId)) >= registration.mostBlueprints) {
    return { outcome: "too_many_blueprints" };
  }
  const made = { id: registration.blueprintId, workspaceId, name, createdAt: at, archivedAt: undefined };
  const known = before ?? { ...made, visibility: "private" };
  const blueprint: StoredBlueprint = { ...known, archivedAt: undefined, visibility: visibility ?? known.visibility };
  if (before !== undefined && (await hasBuild(query, before.id, build.id))) return { outcome: "build_exists" };
  if (before === undefined) await query.insertInto("agent_blueprints").values(rowOf(blueprint)).execute();
  else {
    const columns = { visibility: blueprint.visibility, archived_at: null };
    await query.updateTable("agent_blueprints").set(columns).where("id", "=", blueprint.id).execute();
  }
  const publishedAt = Math.max(at, ((await newestTime(query, blueprint.id)) ?? 0) + 1);
  const stored: StoredBuild = { ...build, blueprintId: blueprint.id, publishedAt };
  await query.insertInto("agent_builds").values(buildRow(stored)).execute();
  return { outcome: "done", blueprint, build: stored };
}

/** Changes to the blueprints of one account run one after the other. */
async function lockWorkspace(query: Kysely<Tables>, id: WorkspaceId): Promise<void> {
  await query.updateTable("workspaces").set({ id }).where("id", "=", id).execute();
}

async function findByName(
  query: Kysely<Tables>,
  workspaceId: WorkspaceId,
  name: string,
): Promise<StoredBlueprint | undefined> {
  const row = await query
    .selectFrom("agent_blueprints")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("name", "=", name)
    .executeTakeFirst();
  return row && blueprintFromRow(row);
}

async function countInUse(query: Kysely<Tables>, workspaceId: WorkspaceId): Promise<number> {
  const { count } = await counted(query, workspaceId).where("archived_at", "is", null).executeTakeFirstOrThrow();
  return Number(count);
}

function counted(query: Kysely<Tables>, workspaceId: WorkspaceId) {
  return query
    .selectFrom("agent_blueprints")
    .select(({ fn }) => fn.countAll<bigint | number | string>().as("count"))
    .where("workspace_id", "=", workspaceId);
}

async function hasBuild(query: Kysely<Tables>, id: BlueprintId, buildId: string): Promise<boolean> {
  const row = await query
    .selectFrom("agent_builds")
    .select("build_id")
    .where("blueprint_id", "=", id)
    .where("build_id", "=", buildId)
    .executeTakeFirst();
  return row !== undefined;
}

async function newestTime(query: Kysely<Tables>, id: BlueprintId): Promise<number | undefined> {
  const row = await query
    .selectFrom("agent_builds")
    .select("published_at")
    .where("blueprint_id", "=", id)
    .orderBy("published_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && Number(row.published_at);
}

function rowOf(blueprint: StoredBlueprint): Tables["agent_blueprints"] {
  return {
    id: blueprint.id,
    workspace_id: blueprint.workspaceId,
    name: blueprint.name,
    visibility: blueprint.visibility,
    created_at: blueprint.createdAt,
    archived_at: blueprint.archivedAt ?? null,
  };
}

function blueprintFromRow(row: Selectable<Tables["agent_blueprints"]>): StoredBlueprint {
  return {
    id: asId<BlueprintId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    name: row.name,
    visibility: wordOf(visibilities, row.visibility),
    createdAt: Number(row.created_at),
    archivedAt: optionalNumber(row.archived_at),
  };
}

function buildRow(build: StoredBuild): Tables["agent_builds"] {
  return {
    blueprint_id: build.blueprintId,
    build_id: build.id,
    spec_content: build.specContent,
    readme: build.readme,
    registry: build.registry,
    warnings: JSON.stringify(build.warnings),
    published_at: build.publishedAt,
    published_by: build.publishedBy,
  };
}

type HeadlineRow = Omit<Selectable<Tables["agent_builds"]>, "spec_content" | "readme">;

function headlineFromRow(row: HeadlineRow): BuildHeadline {
  return {
    blueprintId: asId<BlueprintId>(row.blueprint_id),
    id: row.build_id,
    registry: row.registry,
    publishedAt: Number(row.published_at),
    publishedBy: row.published_by,
    warnings: warningsOf(row.warnings),
  };
}

/** @throws Error when the column holds anything else. */
function warningsOf(json: string): ShownDiagnostic[] {
  const value = parseJson(json);
  if (!Array.isArray(value)) throw new Error("The database holds warnings that cannot be read.");
  return value.filter(isObject).map((warning) => {
    const hint = stringAt(warning, "hint");
    return {
      severity: "warning",
      code: stringAt(warning, "code") ?? "",
      path: stringAt(warning, "path") ?? "",
      message: stringAt(warning, "message") ?? "",
      ...(hint === undefined ? {} : { hint }),
      line: numberAt(warning, "line") ?? 1,
      column: numberAt(warning, "column") ?? 1,
    };
  });
}
