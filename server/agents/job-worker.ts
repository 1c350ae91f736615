// Runs jobs of deployments: those that somebody asked for, and those whose time has come where the engine keeps no clock.

import { RuntimeError } from "../../runtimes/runtime.ts";
import { newId } from "../contracts/ids.ts";
import type { DeployServices } from "./deploy-services.ts";
import type { Schedule } from "./deployment-records.ts";
import type { Deployment, JobRun } from "./deployment.ts";
import { leaseMs } from "./lease.ts";

const mostAtOnce = 8;
const dueAtOnce = 50;
const renewalMs = 5_000;
const longestRunMs = 24 * 3_600_000;
const keptLines = 5;
const longestMessage = 2_000;

type Outcome = Pick<JobRun, "status" | "exitCode" | "message">;

export class JobWorker {
  readonly #services: DeployServices;
  readonly #name: string;
  readonly #stopping: AbortSignal;
  readonly #runs = new Set<Promise<void>>();

  constructor(services: DeployServices, name: string, stopping: AbortSignal) {
    this.#services = services;
    this.#name = name;
    this.#stopping = stopping;
  }

  async idle(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all(this.#runs);
  }

  /** Turns schedules that are due into runs, and starts the runs that there is room for. */
  async round(): Promise<void> {
    const { jobs, now } = this.#services;
    for (const due of await jobs.dueSchedules(now(), dueAtOnce)) await this.#schedule(due);
    const room = mostAtOnce - this.#runs.size;
    if (room <= 0) return;
    for (const run of await jobs.open(now(), room)) {
      if (this.#stopping.aborted) return;
      const by = `${this.#name}/${run.id}`;
      if (!(await jobs.claim(run.id, { by, until: now() + leaseMs }, now()))) continue;
      const running = this.#run(run, by)
        .catch((error: unknown) => this.#services.reportFault(`job run ${run.id}`, error))
        .finally(() => this.#runs.delete(running));
      this.#runs.add(running);
    }
  }

  /** A time that was missed, while no server ran, counts once. */
  async #schedule(due: Schedule & { readonly deploymentId: Deployment["id"] }): Promise<void> {
    const { jobs, records, now } = this.#services;
    const { nextTime } = await import("./cron-times.ts");
    const at = now();
    const deployment = await records.find(due.deploymentId);
    const isServing = deployment?.status === "active" || deployment?.status === "provisioning";
    const run = isServing ? newJobRun(due.deploymentId, due.job, "schedule", at) : undefined;
    await jobs.advance(due.deploymentId, due, nextTime(due.cron, at) ?? Number.MAX_SAFE_INTEGER, run);
  }

  async #run(run: JobRun, by: string): Promise<void> {
    const { jobs, records, now } = this.#services;
    if (run.status === "running") {
      const message = "The server ended while it ran; whether it finished is not known.";
      return jobs.end(run.id, { status: "failed", exitCode: undefined, message }, now());
    }
    const deployment = await records.find(run.deploymentId);
    if (deployment?.servingRevision === undefined || deployment.wish !== "running") {
      const message = "The deployment does not run.";
      return jobs.end(run.id, { status: "failed", exitCode: undefined, message }, now());
    }
    const renewing = setInterval(() => {
      void jobs.renew(run.id, { by, until: now() + leaseMs }).catch(() => false);
    }, renewalMs);
    try {
      const outcome = await this.#runToEnd(deployment, run);
      if (outcome !== undefined) await jobs.end(run.id, outcome, now());
    } finally {
      clearInterval(renewing);
    }
  }

  /** Undefined when the server stops before it ends. */
  async #runToEnd({ label }: Deployment, { job }: JobRun): Promise<Outcome | undefined> {
    const lines: string[] = [];
    const keep = ({ text }: { readonly text: string }): void => {
      lines.push(text);
      if (lines.length > keptLines) lines.shift();
    };
    const clock = AbortSignal.timeout(longestRunMs);
    try {
      if (this.#services.runtime === undefined) return undefined;
      const runtime = await this.#services.runtime();
      const { exitCode } = await runtime.runJob(
        label,
        workloadOfJob(job),
        keep,
        AbortSignal.any([clock, this.#stopping]),
      );
      if (exitCode === 0) return { status: "succeeded", exitCode, message: undefined };
      return { status: "failed", exitCode, message: lines.join("\n").slice(-longestMessage) };
    } catch (error) {
      if (this.#stopping.aborted) return undefined;
      const message = clock.aborted
        ? "It ran for more than 24 hours and was ended."
        : error instanceof RuntimeError
          ? `${error.message} ${error.hint}`
          : "Something went wrong inside the server.";
      if (!(error instanceof RuntimeError) && !clock.aborted) this.#services.reportFault(`job ${job}`, error);
      return { status: "failed", exitCode: undefined, message };
    }
  }
}

/** As blueprint/ names the workload of an `ingestion` entry. */
export function workloadOfJob(job: string): string {
  return `ingestion-${job}`;
}

export function newJobRun(
  deploymentId: JobRun["deploymentId"],
  job: string,
  trigger: JobRun["trigger"],
  at: number,
): JobRun {
  return {
    id: newId("run"),
    deploymentId,
    job,
    trigger,
    status: "waiting",
    exitCode: undefined,
    message: undefined,
    createdAt: at,
    startedAt: undefined,
    endedAt: undefined,
  };
}
