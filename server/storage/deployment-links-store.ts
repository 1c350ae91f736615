// What others ask about deployments, in the database: which builds they run, whose variables they use, what served when.

import type { Kysely } from "kysely";
import type { DeploymentLinks, NamedDeployment } from "../agents/deployment-links.ts";
import type { Tables } from "./database.ts";
import { textList } from "./read-column.ts";

/** Revisions that came up or may still, so that they can be run again. */
export const usableStatuses: readonly string[] = ["pending", "provisioning", "active", "replaced"];

export function deploymentLinksStore(query: Kysely<Tables>): Omit<DeploymentLinks, "keyRotated"> {
  return {
    servedBuilds: (blueprintId) => servedBuilds(query, blueprintId),
    async keptBuilds(blueprintId) {
      const rows = await query
        .selectFrom("deployments")
        .innerJoin("deployment_revisions as revision", "revision.deployment_id", "deployments.id")
        .select("revision.build_id")
        .distinct()
        .where("deployments.blueprint_id", "=", blueprintId)
        .where("deployments.wish", "<>", "undeployed")
        .where("revision.status", "in", usableStatuses)
        .execute();
      return new Set(rows.map((row) => row.build_id));
    },
    async countDeployments(blueprintIds) {
      if (blueprintIds.length === 0) return new Map();
      const rows = await query
        .selectFrom("deployments")
        .select(({ fn }) => ["blueprint_id", fn.countAll<bigint | number | string>().as("count")])
        .where("blueprint_id", "in", blueprintIds)
        .where("wish", "<>", "undeployed")
        .groupBy("blueprint_id")
        .execute();
      return new Map(rows.map((row) => [row.blueprint_id, Number(row.count)]));
    },
    async usersOfVariables(workspaceId, names) {
      const rows = await currentRevisions(query, workspaceId);
      const users = new Map<string, NamedDeployment[]>();
      for (const row of rows) {
        for (const name of textList(row.vault_names).filter((used) => names.includes(used))) {
          const own = users.get(name) ?? [];
          if (!own.some(({ id }) => id === row.id)) users.set(name, [...own, { id: row.id, name: row.display_name }]);
        }
      }
      return users;
    },
    async names(workspaceId, deploymentIds) {
      if (deploymentIds.length === 0) return new Map();
      const rows = await query
        .selectFrom("deployments")
        .select(["id", "display_name"])
        .where("workspace_id", "=", workspaceId)
        .where("id", "in", deploymentIds)
        .execute();
      return new Map(rows.map((row) => [row.id, row.display_name]));
    },
    async revisionServingAt(deploymentId, at) {
      const row = await query
        .selectFrom("deployment_revisions")
        .select(["number", "build_id"])
        .where("deployment_id", "=", deploymentId)
        .where("serving_from", "<=", at)
        .where((where) => where.or([where("serving_to", "is", null), where("serving_to", ">", at)]))
        .orderBy("number", "desc")
        .limit(1)
        .executeTakeFirst();
      return row && { revision: Number(row.number), buildId: row.build_id };
    },
  };
}

async function servedBuilds(query: Kysely<Tables>, blueprintId: string): Promise<ReadonlySet<string>> {
  const rows = await query
    .selectFrom("deployments")
    .innerJoin("deployment_revisions as revision", (join) =>
      join
        .onRef("revision.deployment_id", "=", "deployments.id")
        .onRef("revision.number", "=", "deployments.serving_revision"),
    )
    .select("revision.build_id")
    .distinct()
    .where("deployments.blueprint_id", "=", blueprintId)
    .where("deployments.wish", "<>", "undeployed")
    .execute();
  return new Set(rows.map((row) => row.build_id));
}

/** The newest and the serving revision of each deployment of the workspace that is not undeployed. */
function currentRevisions(query: Kysely<Tables>, workspaceId: string) {
  return query
    .selectFrom("deployments")
    .innerJoin("deployment_revisions as revision", (join) =>
      join
        .onRef("revision.deployment_id", "=", "deployments.id")
        .on((on) =>
          on.or([
            on("revision.number", "=", on.ref("deployments.revision")),
            on("revision.number", "=", on.ref("deployments.serving_revision")),
          ]),
        ),
    )
    .select(["deployments.id", "deployments.display_name", "revision.vault_names"])
    .where("deployments.workspace_id", "=", workspaceId)
    .where("deployments.wish", "<>", "undeployed")
    .orderBy("deployments.id")
    .execute();
}
