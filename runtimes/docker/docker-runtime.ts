// Runs agents on one machine's Docker or Podman.

import {
  RuntimeError,
  type Endpoint,
  type LogLine,
  type LogQuery,
  type Revision,
  type RolloutStep,
  type Runtime,
  type WorkloadState,
} from "../runtime.ts";
import { awaitRunning } from "./await-healthy.ts";
import type { LocalExtras } from "./container-options.ts";
import { pingEngine, type Engine } from "./engine.ts";
import { asRuntimeError, unlessMissing } from "./engine-error.ts";
import { removeContainer, removeNetwork, removeVolume, stopContainer } from "./pieces.ts";
import { projectLogs } from "./project-logs.ts";
import { readProject, servingContainers, type ProjectContainer } from "./project-state.ts";
import { publishedAddress } from "./published-port.ts";
import { rollOut } from "./roll-out.ts";
import { runContainer } from "./run-job.ts";
import { workloadStates } from "./workload-states.ts";

export type DockerRuntimeOptions = {
  /**
   * Asked at first use and after a failure, so that an engine may be started later.
   * @param limitMs how long it may take; absent: as `connectEngine` does.
   */
  readonly connect: (limitMs?: number) => Promise<Engine>;
  /** `name:address` lines for every container's hosts file. Absence: none. */
  readonly extraHosts?: (engine: Engine) => readonly string[] | Promise<readonly string[]>;
  /** `never` refuses images that the engine lacks. Default `missing`. */
  readonly pull?: "missing" | "never";
  /** Whether the engine starts containers again that end, and after it was started itself. Default true. */
  readonly restarts?: boolean;
  /** What a workload has besides on a developer's machine. */
  readonly extrasOf?: (workload: string) => LocalExtras | undefined;
  /** Whether a roll-out runs `startup` jobs at its end. Default true. */
  readonly runStartupJobs?: boolean;
};

const resumeMs = 60_000;
/** Others need them, so they start first. */
const startOrder = ["knowledge", "model", "integration", "messaging", "agent"];

export function createDockerRuntime(options: DockerRuntimeOptions): Runtime {
  return new DockerRuntime(options);
}

class DockerRuntime implements Runtime {
  readonly kind = "docker";
  readonly startsSchedules = false;
  readonly #options: DockerRuntimeOptions;
  /** One connection for all calls; an engine that was not there is looked for again. */
  #current: Engine | undefined;
  #connecting: Promise<Engine> | undefined;
  /** So that replicas take turns. */
  #asked = 0;

  constructor(options: DockerRuntimeOptions) {
    this.#options = options;
  }

  async check(signal?: AbortSignal, limitMs?: number): Promise<void> {
    const engine = this.#current;
    try {
      if (engine !== undefined) return await pingEngine(engine, signal, limitMs);
    } catch {
      // It may only have been started anew, or listen elsewhere now.
      if (this.#current === engine) this.#current = undefined;
    }
    // Whoever has little time does not wait for an attempt that has more.
    if (limitMs === undefined) await this.#engine(signal);
    else this.#current = await this.#options.connect(limitMs);
  }

  async rollOut(revision: Revision, report: (step: RolloutStep) => void, signal: AbortSignal): Promise<void> {
    const engine = await this.#engine(signal);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(revision.startTimeoutMs)]);
    const { pull = "missing", restarts = true, extrasOf = () => undefined, runStartupJobs = true } = this.#options;
    const extraHosts = (await this.#options.extraHosts?.(engine)) ?? [];
    const settings = { engine, extraHosts, pull, restarts, extrasOf, runStartupJobs };
    await rollOut({ ...settings, revision, report, signal: limit });
  }

  async stop(project: string): Promise<void> {
    const { engine, containers } = await this.#serving(project);
    const sorted = containers.toSorted((one, other) => rank(other) - rank(one));
    for (const group of grouped(sorted)) await Promise.all(group.map(({ id }) => stopContainer(engine, id)));
  }

  async resume(project: string): Promise<void> {
    const { engine, containers } = await this.#serving(project);
    const always = containers.filter((container) => container.run === "always");
    if (always.length === 0) throw notFound(project);
    const sorted = always.toSorted((one, other) => rank(one) - rank(other));
    for (const group of grouped(sorted)) await Promise.all(group.map((container) => start(engine, container)));
  }

  async restart(project: string, workload: string): Promise<void> {
    const { engine, containers } = await this.#serving(project);
    const own = containers.filter((container) => container.workload === workload);
    if (own.length === 0) throw notFound(project, workload);
    for (const container of own) {
      await stopContainer(engine, container.id);
      await start(engine, container);
    }
  }

  async remove(project: string, { volumes }: { readonly volumes: boolean }): Promise<void> {
    await removeProject(await this.#engine(), project, volumes);
  }

  async workloads(project: string): Promise<readonly WorkloadState[]> {
    return workloadStates(await this.#engine(), project);
  }

  async runJob(
    project: string,
    workload: string,
    report: (line: LogLine) => void,
    signal: AbortSignal,
  ): Promise<{ readonly exitCode: number }> {
    const { engine, containers } = await this.#serving(project);
    const job = containers.find((container) => container.workload === workload && container.run !== "always");
    if (job === undefined) throw notFound(project, workload);
    return runContainer(engine, { id: job.id, name: workload }, report, signal);
  }

  async *logs(project: string, query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
    yield* projectLogs(await this.#engine(signal), project, query, signal);
  }

  async endpoint(project: string, workload: string, port: number): Promise<Endpoint | undefined> {
    const { engine, containers } = await this.#serving(project);
    const running = containers.filter((one) => one.workload === workload && one.state === "running");
    const chosen = running[this.#asked++ % Math.max(1, running.length)];
    const details = chosen && (await unlessMissing(engine.docker.getContainer(chosen.id).inspect()));
    return details && publishedAddress(engine, details, port);
  }

  hostOf(_project: string, workload: string): string {
    return workload;
  }

  async #serving(project: string): Promise<{ engine: Engine; containers: readonly ProjectContainer[] }> {
    const engine = await this.#engine();
    return { engine, containers: servingContainers(await readProject(engine, project)) };
  }

  async #engine(signal?: AbortSignal): Promise<Engine> {
    signal?.throwIfAborted();
    if (this.#current !== undefined) return this.#current;
    const connecting = (this.#connecting ??= this.#options.connect());
    try {
      return (this.#current = await connecting);
    } finally {
      if (this.#connecting === connecting) this.#connecting = undefined;
    }
  }
}

function rank(container: ProjectContainer): number {
  return startOrder.indexOf(container.component);
}

function grouped(sorted: readonly ProjectContainer[]): readonly (readonly ProjectContainer[])[] {
  return [...Map.groupBy(sorted, rank).values()];
}

async function start(engine: Engine, { id, name, workload }: ProjectContainer): Promise<void> {
  try {
    const container = engine.docker.getContainer(id);
    if (!(await container.inspect()).State.Running) await container.start();
  } catch (error) {
    throw asRuntimeError(error, { what: `${name} cannot be started`, workload });
  }
  await awaitRunning(engine, id, workload, AbortSignal.timeout(resumeMs));
}

async function removeProject(engine: Engine, project: string, volumes: boolean): Promise<void> {
  const state = await readProject(engine, project);
  const sorted = state.containers.toSorted((one, other) => rank(other) - rank(one));
  for (const group of grouped(sorted)) {
    await Promise.all(
      group.map(async ({ id, state: running }) => {
        if (running === "running") await stopContainer(engine, id);
        await removeContainer(engine, id);
      }),
    );
  }
  await Promise.all(state.networks.map(({ name }) => removeNetwork(engine, name)));
  const marks = state.marks.map(({ name }) => name);
  await Promise.all([...marks, ...(volumes ? state.volumes : [])].map((name) => removeVolume(engine, name)));
}

function notFound(project: string, workload?: string): RuntimeError {
  const what = workload === undefined ? `Nothing of ${project} is there.` : `${project} has no workload ${workload}.`;
  return new RuntimeError("not_found", what, {
    hint: "Deploy it, or start it, first.",
    ...(workload === undefined ? {} : { workload }),
  });
}
