// A runtime for tests whose containers are functions of this process that really listen. It passes the suite that every
// runtime passes (runtimes/runtime.contract.ts); tests make it fail where an engine would.

import type { Workload } from "../../blueprint/workload.ts";
import {
  RuntimeError,
  type LogLine,
  type LogQuery,
  type Revision,
  type RolloutStep,
  type Runtime,
  type WorkloadState,
} from "../../runtimes/runtime.ts";
import { MemoryContainer, type Program } from "./memory-container.ts";

export type MemoryRuntime = Runtime & {
  /** While set every call throws it, as an engine that is gone does. */
  failure: RuntimeError | undefined;
  /** Awaited by every rollout once its containers are up, before it switches over. */
  beforeSwitch: ((revision: Revision, signal: AbortSignal) => Promise<void>) | undefined;
  /** What was asked of it, in order: `rollOut label 2`. */
  readonly calls: string[];
  /** The environment that an instance of the serving revision has. */
  readonly environmentOf: (project: string, workload: string) => Readonly<Record<string, string>> | undefined;
  /** Ends containers of a project behind the server's back. */
  readonly endContainers: (project: string) => Promise<void>;
};

type Project = {
  serving: Revision | undefined;
  readonly containers: Map<string, MemoryContainer>;
  readonly jobs: Map<string, MemoryContainer>;
  readonly running: Set<string>;
  readonly volumes: Map<string, Map<string, string>>;
  readonly followers: Set<() => void>;
};

/** @param programs by image; an image without one cannot be had. */
export function memoryRuntime(programs: Readonly<Record<string, Program>>): MemoryRuntime {
  const projects = new Map<string, Project>();
  const calls: string[] = [];
  const check = (call: string): void => {
    calls.push(call);
    if (runtime.failure !== undefined) throw runtime.failure;
  };
  const known = (name: string): Project => {
    const project = projects.get(name);
    if (project?.serving === undefined) throw missing(`There is no project ${name}.`);
    return project;
  };
  const ask = (project: Project) => async (host: string) => project.containers.get(host)?.port;
  const create = (project: Project, workload: Workload, instance: string, revision: number): MemoryContainer => {
    const program = programs[workload.image];
    if (program === undefined) {
      const hint = "Push it first.";
      throw new RuntimeError("image_not_found", `There is no image ${workload.image}.`, {
        hint,
        workload: workload.name,
      });
    }
    const volume = workload.volume && volumeOf(project, workload.volume.name);
    const notify = (): void => {
      for (const follower of project.followers) follower();
    };
    return new MemoryContainer({ program, workload, instance, revision, volume, ask: ask(project), notify });
  };
  const runtime: MemoryRuntime = {
    kind: "docker",
    startsSchedules: false,
    failure: undefined,
    beforeSwitch: undefined,
    calls,
    async check() {
      check("check");
    },
    async rollOut(revision, report, signal) {
      check(`rollOut ${revision.project} ${revision.number}`);
      const project = projects.get(revision.project) ?? newProject();
      projects.set(revision.project, project);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(revision.startTimeoutMs)]);
      const before = new Map(project.containers);
      const started = new Map<string, MemoryContainer>();
      try {
        for (const workload of inOrder(revision.workloads.filter(({ run }) => run === "always"))) {
          const current = project.containers.get(workload.name);
          const isKept = workload.volume !== undefined || project.serving?.number === revision.number;
          if (isKept && current?.isSame(workload) === true && current.isRunning) {
            started.set(workload.name, current);
            continue;
          }
          const container = create(project, workload, instanceOf(revision, workload.name), revision.number);
          started.set(workload.name, container);
          // Others find the new one while the revision comes up.
          if (workload.name !== "agent") project.containers.set(workload.name, container);
          report({ kind: "start", workload: workload.name, message: `${workload.name} starts` });
          await container.untilHealthy(limit);
          report({ kind: "healthy", workload: workload.name, message: `${workload.name} is well` });
        }
        await runtime.beforeSwitch?.(revision, limit);
        limit.throwIfAborted();
      } catch (error) {
        await undo(project, before, started);
        signal.throwIfAborted();
        throw error;
      }
      const old = [...project.containers.values()].filter((one) => started.get(one.name) !== one);
      const replaced = project.serving;
      project.containers.clear();
      for (const [name, container] of started) project.containers.set(name, container);
      project.serving = revision;
      report({ kind: "switch", message: `revision ${revision.number} serves` });
      await Promise.all(old.map((one) => one.end()));
      for (const job of revision.workloads.filter(({ run }) => run === "startup")) {
        if (replaced?.number === revision.number) continue;
        await runOnce(project, create(project, job, instanceOf(revision, job.name), revision.number), report);
      }
    },
    async stop(name) {
      check(`stop ${name}`);
      await Promise.all([...(projects.get(name)?.containers.values() ?? [])].map((one) => one.end()));
    },
    async resume(name) {
      check(`resume ${name}`);
      const project = known(name);
      for (const container of project.containers.values()) {
        if (!container.isRunning) await container.startAgain();
      }
    },
    async restart(name, workload) {
      check(`restart ${name} ${workload}`);
      const container = known(name).containers.get(workload);
      if (container === undefined) throw missing(`There is no workload ${workload}.`);
      await container.end();
      await container.startAgain();
    },
    async remove(name, { volumes }) {
      check(`remove ${name}`);
      const project = projects.get(name);
      await Promise.all([...(project?.containers.values() ?? [])].map((one) => one.end()));
      if (volumes) projects.delete(name);
      else if (project !== undefined) project.serving = undefined;
    },
    async workloads(name) {
      check(`workloads ${name}`);
      const project = projects.get(name);
      return [...(project?.containers.values() ?? [])]
        .map(stateOf)
        .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    },
    async runJob(name, workload, report, signal) {
      check(`runJob ${name} ${workload}`);
      const project = known(name);
      const job = project.serving?.workloads.find((one) => one.name === workload && one.run !== "always");
      if (job === undefined) throw missing(`There is no job ${workload}.`);
      if (project.running.has(workload)) {
        throw new RuntimeError("conflict", `${workload} runs already.`, { hint: "Wait until it has ended." });
      }
      project.running.add(workload);
      try {
        const container = create(project, job, `${name}-${workload}`, project.serving?.number ?? 0);
        project.jobs.set(workload, container);
        const aborted = new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        });
        const exitCode = await Promise.race([container.untilEnded(), aborted]);
        for (const line of container.lines) report(line);
        return { exitCode };
      } finally {
        project.running.delete(workload);
      }
    },
    logs: (name, query, signal) => {
      check(`logs ${name} ${query.workload}`);
      return linesOf(known(name), query, signal);
    },
    async endpoint(name, workload) {
      const container = projects.get(name)?.containers.get(workload);
      return container?.port === undefined ? undefined : { host: "127.0.0.1", port: container.port };
    },
    hostOf: (_project, workload) => workload,
    environmentOf: (name, workload) => projects.get(name)?.containers.get(workload)?.workload.environment,
    async endContainers(name) {
      const project = projects.get(name);
      await Promise.all([...(project?.containers.values() ?? [])].map((one) => one.end()));
    },
  };
  return runtime;
}

async function runOnce(project: Project, job: MemoryContainer, report: (step: RolloutStep) => void): Promise<void> {
  project.jobs.set(job.name, job);
  const exitCode = await job.untilEnded();
  report({ kind: "job", workload: job.name, message: `${job.name} ended with ${exitCode}` });
}

/** What a failed revision started is ended, and what was there is there again. */
async function undo(project: Project, before: Project["containers"], started: Project["containers"]): Promise<void> {
  project.containers.clear();
  for (const [name, container] of before) project.containers.set(name, container);
  await Promise.all([...started].map(([name, one]) => (before.get(name) === one ? undefined : one.end())));
}

async function* linesOf(project: Project, query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
  const { workload, since = 0, tail, follow } = query;
  const source = () => project.containers.get(workload) ?? project.jobs.get(workload);
  if (source() === undefined) throw missing(`There is no workload ${workload}.`);
  let current = source();
  const past = (current?.lines ?? []).filter(({ at }) => at >= since);
  let seen = current?.lines.length ?? 0;
  yield* tail === undefined ? past : past.slice(-tail);
  while (follow && !signal.aborted) {
    if (source() !== current) [current, seen] = [source(), 0];
    const fresh = (current?.lines ?? []).slice(seen);
    seen += fresh.length;
    yield* fresh;
    if (fresh.length === 0) await somethingNew(project, signal);
  }
}

function somethingNew({ followers }: Project, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      followers.delete(wake);
      resolve();
    };
    followers.add(wake);
    signal.addEventListener("abort", wake, { once: true });
    setTimeout(wake, 50);
  });
}

function stateOf(container: MemoryContainer): WorkloadState {
  const { name, workload, instance, revision, isRunning, startedAt } = container;
  const { component, image } = workload;
  const state = isRunning ? "running" : "stopped";
  return { name, component, image, instance, revision, state, restarts: 0, startedAt };
}

function newProject(): Project {
  return {
    serving: undefined,
    containers: new Map(),
    jobs: new Map(),
    running: new Set(),
    volumes: new Map(),
    followers: new Set(),
  };
}

function volumeOf({ volumes }: Project, name: string): Map<string, string> {
  const volume = volumes.get(name) ?? new Map<string, string>();
  volumes.set(name, volume);
  return volume;
}

/** Others need them, so they start first. */
function inOrder(workloads: readonly Workload[]): readonly Workload[] {
  return workloads.toSorted((one, other) => Number(one.name === "agent") - Number(other.name === "agent"));
}

function instanceOf({ project, number }: Revision, workload: string): string {
  return `${project}-${workload}-${number}`;
}

function missing(message: string): RuntimeError {
  return new RuntimeError("not_found", message, { hint: "Deploy it first." });
}
