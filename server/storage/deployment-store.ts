// Deployments and their revisions in the database, as the routes read and change them.

import type { Kysely, Transaction } from "kysely";
import type { AddOptions, DeploymentRecords, NewRevision } from "../agents/deployment-records.ts";
import type { Wish } from "../agents/deployment.ts";
import type { DeploymentId, WorkspaceId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";
import {
  deploymentFromRow,
  newDeploymentRow,
  newRevisionRow,
  revisionFromRow,
  stepFromRow,
} from "./deployment-rows.ts";

const mostSteps = 500;
/** What older rollouts did is forgotten. */
const revisionsWithSteps = 50;
/** While nothing is being rolled out. */
const settledStatuses = ["active", "failed", "stopped", "suspended"];

export function deploymentStore(query: Kysely<Tables>): DeploymentRecords {
  const one = (id: DeploymentId) => query.selectFrom("deployments").selectAll().where("id", "=", id);
  const live = (workspaceId: WorkspaceId) =>
    query.selectFrom("deployments").where("workspace_id", "=", workspaceId).where("wish", "<>", "undeployed");
  const revisionsOf = (id: DeploymentId) =>
    query.selectFrom("deployment_revisions").selectAll().where("deployment_id", "=", id);
  return {
    insert: (deployment, revision) =>
      query.transaction().execute(async (transaction) => {
        const row = newDeploymentRow(deployment);
        const inserted = await transaction
          .insertInto("deployments")
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .returning("id")
          .executeTakeFirst();
        if (inserted === undefined) return false;
        await transaction
          .insertInto("deployment_revisions")
          .values(newRevisionRow(deployment.id, deployment.revision, revision))
          .execute();
        return true;
      }),
    addRevision: (id, revision, options) => addRevision(query, id, revision, options),
    async setWish(id, wish, at) {
      const row = await wished(query, id, wish, at);
      if (row !== undefined) return deploymentFromRow(row);
      const found = await one(id).executeTakeFirst();
      return found === undefined ? undefined : deploymentFromRow(found);
    },
    async find(id) {
      const row = await one(id).executeTakeFirst();
      return row === undefined ? undefined : deploymentFromRow(row);
    },
    async findByLabel(label) {
      const row = await query.selectFrom("deployments").selectAll().where("label", "=", label).executeTakeFirst();
      return row === undefined ? undefined : deploymentFromRow(row);
    },
    async list(workspaceId, limit) {
      const rows = await live(workspaceId).selectAll().orderBy("id", "desc").limit(limit).execute();
      return rows.map(deploymentFromRow);
    },
    async count(workspaceId) {
      const count = live(workspaceId).select((columns) => columns.fn.countAll().as("count"));
      return Number((await count.executeTakeFirstOrThrow()).count);
    },
    async revision(id, number) {
      const row = await revisionsOf(id).where("number", "=", number).executeTakeFirst();
      return row === undefined ? undefined : revisionFromRow(row);
    },
    async revisions(id, limit) {
      return (await revisionsOf(id).orderBy("number", "desc").limit(limit).execute()).map(revisionFromRow);
    },
    history: (workspaceId, blueprintName, limit) => history(query, workspaceId, blueprintName, limit),
    async steps(id, revision) {
      const rows = await query
        .selectFrom("deployment_steps")
        .selectAll()
        .where("deployment_id", "=", id)
        .where("revision", "=", revision)
        .orderBy("number")
        .limit(mostSteps)
        .execute();
      return rows.map(stepFromRow);
    },
  };
}

function wished(query: Kysely<Tables>, id: DeploymentId, wish: Wish, at: number) {
  const leaving = wish === "undeployed" ? { status: "undeploying", status_reason: null, status_since: at } : {};
  return query
    .updateTable("deployments")
    .set((row) => ({
      wish,
      ...leaving,
      // Whoever wakes what should run already has seen that it does not.
      ...(wish === "running" && {
        running: row.case().when("status", "in", settledStatuses).then(0).else(row.ref("running")).end(),
      }),
      version: row("version", "+", 1),
      due_at: at,
      tries: 0,
      updated_at: at,
    }))
    .where("id", "=", id)
    .where("wish", "<>", "undeployed")
    .returningAll()
    .executeTakeFirst();
}

async function addRevision(
  query: Kysely<Tables>,
  id: DeploymentId,
  revision: NewRevision,
  options: AddOptions,
): Promise<number | "name_taken" | undefined> {
  try {
    return await query.transaction().execute((transaction) => insertRevision(transaction, id, revision, options));
  } catch (error) {
    // The only rule that this can break is that display names are unique; the engines say so in different words.
    if (options.displayName !== undefined && (await isTaken(query, id, options.displayName))) return "name_taken";
    throw error;
  }
}

async function insertRevision(
  transaction: Transaction<Tables>,
  id: DeploymentId,
  revision: NewRevision,
  { start, displayName }: AddOptions,
): Promise<number | undefined> {
  const at = revision.createdAt;
  const started = { wish: "running", status: "pending", status_reason: null, status_since: at };
  const row = await transaction
    .updateTable("deployments")
    .set((columns) => ({
      ...(start ? started : {}),
      ...(displayName === undefined ? {} : { display_name: displayName }),
      revision: columns("revision", "+", 1),
      version: columns("version", "+", 1),
      due_at: at,
      tries: 0,
      updated_at: at,
    }))
    .where("id", "=", id)
    .where("wish", "<>", "undeployed")
    .returning("revision")
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const number = Number(row.revision);
  await transaction
    .updateTable("deployment_revisions")
    .set({ status: "superseded" })
    .where("deployment_id", "=", id)
    .where("status", "in", ["pending", "provisioning"])
    .execute();
  await transaction
    .insertInto("deployment_revisions")
    .values(newRevisionRow(id, number, revision))
    .execute();
  await transaction
    .deleteFrom("deployment_steps")
    .where("deployment_id", "=", id)
    .where("revision", "<=", number - revisionsWithSteps)
    .execute();
  return number;
}

async function isTaken(query: Kysely<Tables>, id: DeploymentId, displayName: string): Promise<boolean> {
  const row = await query
    .selectFrom("deployments as other")
    .innerJoin("deployments as own", "own.workspace_id", "other.workspace_id")
    .select("other.id")
    .where("own.id", "=", id)
    .where("other.id", "<>", id)
    .where("other.display_name", "=", displayName)
    .where("other.wish", "<>", "undeployed")
    .executeTakeFirst();
  return row !== undefined;
}

async function history(query: Kysely<Tables>, workspaceId: WorkspaceId, blueprintName: string, limit: number) {
  const rows = await query
    .selectFrom("deployments")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("blueprint_name", "=", blueprintName)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const deployments = new Map(rows.map((row) => [row.id, deploymentFromRow(row)]));
  const revisions = await query
    .selectFrom("deployment_revisions")
    .selectAll()
    .where("deployment_id", "in", [...deployments.keys()])
    .orderBy("created_at", "desc")
    .orderBy("number", "desc")
    .limit(limit)
    .execute();
  return revisions.flatMap((row) => {
    const deployment = deployments.get(row.deployment_id);
    return deployment === undefined ? [] : [{ deployment, revision: revisionFromRow(row) }];
  });
}
