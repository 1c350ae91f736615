// Runs of deployments' jobs, and the schedules that the server keeps, in the database.

import type { Kysely } from "kysely";
import type { JobRecords, Schedule } from "../agents/deployment-records.ts";
import type { JobRun } from "../agents/deployment.ts";
import { asId, type DeploymentId, type JobRunId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";
import { jobRunFromRow, jobRunRow } from "./deployment-rows.ts";

/** What is looked at to find the last runs of every job. */
const mostRunsRead = 500;
/** How long it is told how a run ended. */
const keptMs = 30 * 86_400_000;
const openStatuses: readonly string[] = ["waiting", "running"];

export function jobStore(query: Kysely<Tables>): JobRecords {
  return { ...runRecords(query), ...scheduleRecords(query) };
}

type ScheduleRecords = Pick<JobRecords, "setSchedules" | "schedules" | "dueSchedules" | "advance">;

function runRecords(query: Kysely<Tables>): Omit<JobRecords, keyof ScheduleRecords> {
  return {
    async insert(run) {
      await query.insertInto("job_runs").values(jobRunRow(run)).execute();
    },
    async runs(id, perJob) {
      const rows = await query
        .selectFrom("job_runs")
        .selectAll()
        .where("deployment_id", "=", id)
        .orderBy("id", "desc")
        .limit(mostRunsRead)
        .execute();
      const seen = new Map<string, number>();
      return rows.map(jobRunFromRow).filter(({ job }) => {
        const count = (seen.get(job) ?? 0) + 1;
        seen.set(job, count);
        return count <= perJob;
      });
    },
    async open(now, limit) {
      const rows = await query
        .selectFrom("job_runs")
        .selectAll()
        .where("status", "in", openStatuses)
        .where("lease_until", "<=", now)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(jobRunFromRow);
    },
    async claim(id, { by, until }, now) {
      const row = await query
        .updateTable("job_runs")
        .set((columns) => ({
          status: "running",
          lease_by: by,
          lease_until: until,
          started_at: columns.fn.coalesce("started_at", columns.val(now)),
        }))
        .where("id", "=", id)
        .where("status", "in", openStatuses)
        .where("lease_until", "<=", now)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
    async renew(id, { by, until }) {
      const row = await query
        .updateTable("job_runs")
        .set({ lease_until: until })
        .where("id", "=", id)
        .where("lease_by", "=", by)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
    end: (id, result, now) => endRun(query, id, result, now),
  };
}

/** Runs of long ago leave with it. */
async function endRun(
  query: Kysely<Tables>,
  id: JobRunId,
  { status, exitCode, message }: Pick<JobRun, "status" | "exitCode" | "message">,
  now: number,
): Promise<void> {
  await query
    .deleteFrom("job_runs")
    .where("deployment_id", "=", (from) => from.selectFrom("job_runs").select("deployment_id").where("id", "=", id))
    .where("ended_at", "<", now - keptMs)
    .execute();
  await query
    .updateTable("job_runs")
    .set({ status, exit_code: exitCode ?? null, message: message ?? null, lease_by: null, ended_at: now })
    .where("id", "=", id)
    .where("status", "in", openStatuses)
    .execute();
}

function scheduleRecords(query: Kysely<Tables>): ScheduleRecords {
  return {
    setSchedules: (id, schedules) =>
      query.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("job_schedules").where("deployment_id", "=", id).execute();
        const rows = schedules.map(({ job, cron, nextAt }) => ({ deployment_id: id, job, cron, next_at: nextAt }));
        if (rows.length > 0) await transaction.insertInto("job_schedules").values(rows).execute();
      }),
    async schedules(id) {
      const rows = await query.selectFrom("job_schedules").selectAll().where("deployment_id", "=", id).execute();
      return rows.map(scheduleOf);
    },
    async dueSchedules(now, limit) {
      const rows = await query
        .selectFrom("job_schedules")
        .selectAll()
        .where("next_at", "<=", now)
        .orderBy("next_at")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...scheduleOf(row), deploymentId: asId<DeploymentId>(row.deployment_id) }));
    },
    advance: (id, schedule, nextAt, run) => advance(query, id, schedule, nextAt, run),
  };
}

function scheduleOf(row: { job: string; cron: string; next_at: bigint | number }): Schedule {
  return { job: row.job, cron: row.cron, nextAt: Number(row.next_at) };
}

/** Of several servers one moves the schedule on, under the condition that nobody has. */
function advance(
  query: Kysely<Tables>,
  id: DeploymentId,
  { job, nextAt: from }: Schedule,
  nextAt: number,
  run: (JobRun & { readonly id: JobRunId }) | undefined,
): Promise<boolean> {
  return query.transaction().execute(async (transaction) => {
    const row = await transaction
      .updateTable("job_schedules")
      .set({ next_at: nextAt })
      .where("deployment_id", "=", id)
      .where("job", "=", job)
      .where("next_at", "=", from)
      .returning("job")
      .executeTakeFirst();
    if (row === undefined) return false;
    if (run !== undefined) await transaction.insertInto("job_runs").values(jobRunRow(run)).execute();
    return true;
  });
}
