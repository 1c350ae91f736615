// What runs agents, whatever the engine: Docker and Podman in `docker/`, a cluster in `kubernetes/`. A project is one agent
// with all of its workloads; a revision is what of it should run.

import type { Workload, WorkloadComponent } from "../blueprint/workload.ts";

export type Runtime = {
  readonly kind: "docker" | "kubernetes";
  /** Whether it starts workloads with a cron itself; otherwise the caller does at their times, by `runJob`. */
  readonly startsSchedules: boolean;

  /**
   * Resolves when the engine can be used. Throws RuntimeError `unavailable` with what was tried and what to do.
   * @param limitMs how long the engine may take to answer; absent: as long as other calls wait for it.
   */
  check(signal?: AbortSignal, limitMs?: number): Promise<void>;

  /**
   * Brings a revision up beside the one that serves, waits until it is healthy, switches over and takes the old one away.
   * Then runs its `startup` jobs once; one that fails is reported and does not fail the roll-out. Stores (knowledge, model
   * and integration workloads with a volume) are replaced instead of doubled, and only when they changed. When it throws,
   * everything of the new revision is gone
   * again and the old one serves. Repeating the revision that serves, or one that was interrupted, continues it.
   */
  rollOut(revision: Revision, report: (step: RolloutStep) => void, signal: AbortSignal): Promise<void>;

  /** Ends every workload and keeps what `resume` needs. No error when the project does not exist or stands still. */
  stop(project: string): Promise<void>;
  /** Starts what `stop` ended and waits until it runs. Throws `not_found` when nothing of the project is left. */
  resume(project: string): Promise<void>;
  /** Starts the workload's instances anew with the environment they had. Throws `not_found`. */
  restart(project: string, workload: string): Promise<void>;
  /** Takes everything of the project away; its data only when asked to. No error when nothing is left. */
  remove(project: string, options: { readonly volumes: boolean }): Promise<void>;

  /** One item per instance, those of the revision that serves, sorted by name; empty for an unknown project. */
  workloads(project: string): Promise<readonly WorkloadState[]>;

  /**
   * Runs a workload whose `run` is not `always` to its end and hands over its output. Aborting ends the job and throws the
   * signal's reason. Throws `not_found`, and `conflict` while the same job runs.
   */
  runJob(
    project: string,
    workload: string,
    report: (line: LogLine) => void,
    signal: AbortSignal,
  ): Promise<{ readonly exitCode: number }>;

  /** Lines in order of time, over all instances of the workload. Aborting ends the sequence without an error. Throws `not_found`. */
  logs(project: string, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine>;

  /** Where this process reaches a port of the workload now; `undefined` when nothing of it runs or it cannot be reached. */
  endpoint(project: string, workload: string, port: number): Promise<Endpoint | undefined>;

  /** The name by which the project's other workloads reach this one, in every revision. Does not ask the engine. */
  hostOf(project: string, workload: string): string;
};

export type Revision = {
  /** A DNS label of at most 40 characters. */
  readonly project: string;
  /** From 1 upwards; a later revision has a higher number. */
  readonly number: number;
  readonly workloads: readonly Workload[];
  /** Put on everything that is made for the revision; values are no secrets. */
  readonly labels: Readonly<Record<string, string>>;
  /** The host name under which the frontend is to be found, for runtimes that route by it themselves. */
  readonly publicHost?: string;
  readonly access: "members" | "public" | "none";
  /** How long all of it may take to become healthy, images included. */
  readonly startTimeoutMs: number;
};

/** Progress of a roll-out, for people to read. Never holds an environment value. */
export type RolloutStep = {
  readonly kind: "pull" | "create" | "start" | "wait" | "healthy" | "switch" | "remove" | "job" | "warning";
  /** Absent when it concerns the whole revision. */
  readonly workload?: string;
  /** A sentence without a full stop: `agent answers on port 80`. */
  readonly message: string;
};

export type WorkloadState = {
  readonly name: string;
  readonly component: WorkloadComponent;
  readonly image: string;
  /** The container's or pod's name. */
  readonly instance: string;
  readonly revision: number;
  /** `starting` until its first sign of health; a job that is not running is `stopped`, or `failed` by its last exit code. */
  readonly state: "running" | "starting" | "stopped" | "failed";
  /** What is wrong, for people. */
  readonly message?: string;
  readonly restarts: number;
  /** Unix milliseconds; absent when it never started. */
  readonly startedAt?: number;
};

export type LogQuery = {
  readonly workload: string;
  /** Only one of its instances, by name. */
  readonly instance?: string;
  /** Unix milliseconds; absence means from the beginning. */
  readonly since?: number;
  /** The last so many lines per instance; absence means all. */
  readonly tail?: number;
  /** Goes on with new lines, through restarts and roll-outs, until it is aborted. */
  readonly follow: boolean;
};

export type LogLine = {
  /** Unix milliseconds. */
  readonly at: number;
  readonly stream: "stdout" | "stderr";
  /** Without its line break; at most 16 KiB, longer lines come in several pieces. */
  readonly text: string;
  readonly instance: string;
};

export type Endpoint = { readonly host: string; readonly port: number };

export type RuntimeErrorCode =
  | "unavailable" // the engine cannot be reached or refuses us
  | "image_not_found" // nor may it be pulled
  | "unhealthy" // it runs, and its health check does not pass in time
  | "exited" // it ended, or keeps ending
  | "conflict" // something else is in the way: a running job, a taken port, a name
  | "not_found" // no such project or workload
  | "failed"; // the engine refused for another reason

/** A failure of a runtime in words for people. Neither message nor hint ever holds an environment value. */
export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode;
  /** What to do about it: a sentence. */
  readonly hint: string;
  /** The workload that it is about. */
  readonly workload: string | undefined;
  /** The last lines that the workload or the build wrote, oldest first; may be empty. Written by the agent, so shown only to its owners. */
  readonly lastLines: readonly string[];

  constructor(
    code: RuntimeErrorCode,
    message: string,
    details: {
      readonly hint: string;
      readonly workload?: string;
      readonly lastLines?: readonly string[];
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.name = "RuntimeError";
    this.code = code;
    this.hint = details.hint;
    this.workload = details.workload;
    this.lastLines = details.lastLines ?? [];
  }
}
