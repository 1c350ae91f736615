// The worker's side of deployments in the database: claims by a lease, and changes that count only while it is held.

import { sql, type Kysely } from "kysely";
import type {
  Claimed,
  DeploymentChange,
  DeploymentWork,
  Failing,
  Serving,
  Standing,
} from "../agents/deployment-records.ts";
import { wishes } from "../agents/deployment.ts";
import { asId, type DeploymentId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";
import { deploymentFromRow } from "./deployment-rows.ts";
import { appendEvent } from "./event-store.ts";
import { optionalNumber, wordOf } from "./read-column.ts";

/** More than a rollout says; a runaway one must not fill the database. */
const mostSteps = 500;

type RolloutWork = Pick<DeploymentWork, "startRevision" | "putBack" | "serve" | "fail" | "addSteps">;

export function deploymentWorkStore(query: Kysely<Tables>): DeploymentWork {
  return { ...turnWork(query), ...rolloutWork(query) };
}

function turnWork(query: Kysely<Tables>): Omit<DeploymentWork, keyof RolloutWork> {
  const held = (id: DeploymentId, by: string) =>
    query.updateTable("deployments").where("id", "=", id).where("lease_by", "=", by);
  return {
    noteSuspensions: (now) => noteSuspensions(query, now),
    async due(now, limit) {
      const rows = await query
        .selectFrom("deployments")
        .select("id")
        .where("due_at", "<=", now)
        .where("lease_until", "<=", now)
        .orderBy("due_at")
        .limit(limit)
        .execute();
      return rows.map(({ id }) => asId<DeploymentId>(id));
    },
    async claim(id, { by, until }, now) {
      const row = await query
        .updateTable("deployments")
        .set({ lease_by: by, lease_until: until })
        .where("id", "=", id)
        .where("due_at", "<=", now)
        .where("lease_until", "<=", now)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const standing = await standingOf(query, id);
      if (standing === undefined) return undefined;
      return {
        ...standing,
        deployment: deploymentFromRow(row),
        statusSince: Number(row.status_since),
        running: Number(row.running) === 1,
        tries: Number(row.tries),
      };
    },
    async renew(id, { by, until }) {
      const row = await held(id, by).set({ lease_until: until }).returning("id").executeTakeFirst();
      return row === undefined ? undefined : standingOf(query, id);
    },
    release: (claimed, by, next) => release(query, claimed, by, next),
    async change(id, by, change, now) {
      const row = await held(id, by).set(columnsOf(change, now)).returning("id").executeTakeFirst();
      return row !== undefined;
    },
    bury: (id, by, now) => bury(query, id, by, now),
  };
}

function rolloutWork(query: Kysely<Tables>): RolloutWork {
  const revisionHeld = (id: DeploymentId, number: number, by: string) =>
    query
      .updateTable("deployment_revisions")
      .where("deployment_id", "=", id)
      .where("number", "=", number)
      .where("deployment_id", "in", (from) =>
        from.selectFrom("deployments").select("id").where("id", "=", id).where("lease_by", "=", by),
      );
  return {
    async startRevision(id, number, by, now) {
      const row = await revisionHeld(id, number, by)
        .set((columns) => ({
          status: "provisioning",
          started_at: columns.fn.coalesce("started_at", columns.val(now)),
        }))
        .where("status", "in", ["pending", "provisioning"])
        .returning("started_at")
        .executeTakeFirst();
      return optionalNumber(row?.started_at ?? null);
    },
    async putBack(id, number, by) {
      const row = await revisionHeld(id, number, by)
        .set({ status: "pending", started_at: null })
        .where("status", "=", "provisioning")
        .returning("number")
        .executeTakeFirst();
      return row !== undefined;
    },
    serve: (id, number, by, serving) => serve(query, id, number, by, serving),
    fail: (id, number, by, failing) => fail(query, id, number, by, failing),
    addSteps: (id, revision, steps) =>
      query.transaction().execute(async (transaction) => {
        const last = await transaction
          .selectFrom("deployment_steps")
          .select((columns) => columns.fn.max("number").as("number"))
          .where("deployment_id", "=", id)
          .where("revision", "=", revision)
          .executeTakeFirst();
        const first = Number(last?.number ?? 0) + 1;
        const rows = steps
          .map(({ at, kind, workload = null, message }, index) => ({
            number: first + index,
            at,
            kind,
            workload,
            message,
          }))
          .filter(({ number }) => number <= mostSteps)
          .map((step) => ({ deployment_id: id, revision, ...step }));
        if (rows.length > 0) await transaction.insertInto("deployment_steps").values(rows).execute();
      }),
  };
}

/** Looks at few rows: only deployments that are not as their workspace is. */
async function noteSuspensions(query: Kysely<Tables>, now: number): Promise<void> {
  const suspended = query.selectFrom("workspaces").select("id").where("status", "=", "suspended");
  await query
    .updateTable("deployments")
    .set({ due_at: now })
    .where("due_at", "is", null)
    .where("wish", "<>", "undeployed")
    .where((where) =>
      where.or([
        where.and([where("status", "<>", "suspended"), where("workspace_id", "in", suspended)]),
        where.and([where("status", "=", "suspended"), where("workspace_id", "not in", suspended)]),
      ]),
    )
    .execute();
}

async function standingOf(query: Kysely<Tables>, id: DeploymentId): Promise<Standing | undefined> {
  const row = await query
    .selectFrom("deployments")
    .innerJoin("workspaces", "workspaces.id", "deployments.workspace_id")
    .select(["wish", "revision", "workspaces.status as workspace_status"])
    .where("deployments.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    wish: wordOf(wishes, row.wish),
    revision: Number(row.revision),
    workspaceSuspended: row.workspace_status === "suspended",
  };
}

/** Something that was wished meanwhile is due at once. */
async function release(
  query: Kysely<Tables>,
  { deployment }: Claimed,
  by: string,
  { dueAt, tries }: { readonly dueAt: number | undefined; readonly tries: number },
): Promise<void> {
  const unchanged = sql<boolean>`version = ${deployment.version}`;
  await query
    .updateTable("deployments")
    .set((row) => ({
      due_at: row
        .case()
        .when(unchanged)
        .then(dueAt ?? null)
        .else(row.ref("due_at"))
        .end(),
      tries: row.case().when(unchanged).then(tries).else(0).end(),
      lease_by: null,
      lease_until: 0,
    }))
    .where("id", "=", deployment.id)
    .where("lease_by", "=", by)
    .execute();
}

function columnsOf(change: DeploymentChange, now: number) {
  const { status, running, wish, sealedValues } = change;
  return {
    updated_at: now,
    ...(status !== undefined && { status, status_since: now }),
    ...("statusReason" in change && { status_reason: change.statusReason ?? null }),
    ...(running !== undefined && { running: running ? 1 : 0 }),
    ...(wish !== undefined && {
      wish: sql<string>`case when version = ${wish.version} then ${wish.to} else wish end`,
    }),
    ...(sealedValues !== undefined && { sealed_values: sealedValues }),
  };
}

function serve(
  query: Kysely<Tables>,
  id: DeploymentId,
  number: number,
  by: string,
  { at: now, door, event }: Serving,
): Promise<boolean> {
  return query.transaction().execute(async (transaction) => {
    const row = await transaction
      .updateTable("deployments")
      .set({
        status: "active",
        status_reason: null,
        status_since: now,
        serving_revision: number,
        running: 1,
        door: door === undefined ? null : JSON.stringify(door),
        updated_at: now,
      })
      .where("id", "=", id)
      .where("lease_by", "=", by)
      .returning("id")
      .executeTakeFirst();
    if (row === undefined) return false;
    const revisions = () => transaction.updateTable("deployment_revisions").where("deployment_id", "=", id);
    await revisions().set({ status: "replaced", serving_to: now }).where("status", "=", "active").execute();
    await revisions().set({ status: "active", serving_from: now }).where("number", "=", number).execute();
    await appendEvent(transaction, event);
    return true;
  });
}

function fail(
  query: Kysely<Tables>,
  id: DeploymentId,
  number: number,
  by: string,
  { at: now, failure, change, event }: Failing,
): Promise<"failed" | "over" | "lost"> {
  return query.transaction().execute(async (transaction) => {
    const held = () => transaction.updateTable("deployments").where("id", "=", id).where("lease_by", "=", by);
    // Whoever adds a revision changes this row first too, so that from here on the revision stays as it is.
    const row = await held().set({ updated_at: now }).returning("id").executeTakeFirst();
    if (row === undefined) return "lost";
    const revision = await transaction
      .updateTable("deployment_revisions")
      .set({ status: "failed", failure: JSON.stringify(failure) })
      .where("deployment_id", "=", id)
      .where("number", "=", number)
      .where("status", "in", ["pending", "provisioning"])
      .returning("number")
      .executeTakeFirst();
    if (revision === undefined) return "over";
    await held().set(columnsOf(change, now)).execute();
    await appendEvent(transaction, event);
    return "failed";
  });
}

function bury(query: Kysely<Tables>, id: DeploymentId, by: string, now: number): Promise<boolean> {
  return query.transaction().execute(async (transaction) => {
    const row = await transaction
      .updateTable("deployments")
      .set({
        status: "undeployed",
        status_reason: null,
        status_since: now,
        running: 0,
        sealed_values: null,
        updated_at: now,
      })
      .where("id", "=", id)
      .where("lease_by", "=", by)
      .returning("id")
      .executeTakeFirst();
    if (row === undefined) return false;
    const revisions = () => transaction.updateTable("deployment_revisions").where("deployment_id", "=", id);
    await revisions().set({ serving_to: now, status: "replaced" }).where("status", "=", "active").execute();
    await revisions().set({ status: "superseded" }).where("status", "in", ["pending", "provisioning"]).execute();
    await revisions().set({ sealed_template: "", vault_names: "[]" }).execute();
    return true;
  });
}
