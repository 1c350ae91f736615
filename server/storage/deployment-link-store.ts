// What others ask of deployments: which builds and variables they use, and what they are called.

import type { Kysely } from "kysely";
import type { DeploymentLinkRecords } from "../agents/links-to-deployments.ts";
import type { NamedDeployment } from "../agents/deployment-links.ts";
import type { Tables } from "./database.ts";
import { textList } from "./read-column.ts";

/** A rollback of a live deployment may go to any revision that served. */
const rollbackStatuses: readonly string[] = ["pending", "provisioning", "active", "replaced"];

export function deploymentLinkStore(query: Kysely<Tables>): DeploymentLinkRecords {
  return {
    async deployedBuilds(blueprintId) {
      const rows = await query
        .selectFrom("deployments")
        .innerJoin("deployment_revisions as revision", "revision.deployment_id", "deployments.id")
        .where("blueprint_id", "=", blueprintId)
        .where("wish", "<>", "undeployed")
        .where("revision.status", "in", rollbackStatuses)
        .select("revision.build_id")
        .distinct()
        .execute();
      return new Set(rows.map((row) => row.build_id));
    },
    async countDeployments(blueprintIds) {
      if (blueprintIds.length === 0) return new Map();
      const rows = await query
        .selectFrom("deployments")
        .where("blueprint_id", "in", blueprintIds)
        .where("wish", "<>", "undeployed")
        .groupBy("blueprint_id")
        .select((columns) => ["blueprint_id", columns.fn.countAll().as("count")])
        .execute();
      return new Map(rows.map((row) => [row.blueprint_id, Number(row.count)]));
    },
    async usersOfVariables(workspaceId, names) {
      if (names.length === 0) return new Map();
      const rows = await query
        .selectFrom("deployments")
        .innerJoin("deployment_revisions as revision", "revision.deployment_id", "deployments.id")
        .where("workspace_id", "=", workspaceId)
        .where("wish", "<>", "undeployed")
        .where((where) =>
          where.or([
            where("revision.number", "=", where.ref("deployments.revision")),
            where("revision.number", "=", where.ref("deployments.serving_revision")),
          ]),
        )
        .select(["deployments.id", "display_name", "vault_names"])
        .orderBy("display_name")
        .execute();
      const users = new Map<string, Map<string, NamedDeployment>>();
      for (const { id, display_name: name, vault_names } of rows) {
        for (const variable of textList(vault_names).filter((used) => names.includes(used))) {
          const known = users.get(variable) ?? new Map<string, NamedDeployment>();
          users.set(variable, known.set(id, { id, name }));
        }
      }
      return new Map([...users].map(([variable, known]) => [variable, [...known.values()]]));
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
  };
}
