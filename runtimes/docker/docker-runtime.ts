// Runs agents on one machine's Docker or Podman.

import { RuntimeError, type Runtime } from "../runtime.ts";
import { awaitRunning } from "./await-healthy.ts";
import type { LocalExtras } from "./container-options.ts";
import type { Engine } from "./engine.ts";
import { asRuntimeError, unlessMissing } from "./engine-error.ts";
import { removeContainer, removeNetwork, removeVolume, stopContainer } from "./pieces.ts";
import { projectLogs } from "./project-logs.ts";
import { readProject, servingContainers, type ProjectContainer } from "./project-state.ts";
import { publishedAddress } from "./published-port.ts";
import { rollOut } from "./roll-out.ts";
import { runContainer } from "./run-job.ts";
import { workloadStates } from "./workload-states.ts";

export type DockerRuntimeOptions = {
  /** Asked at first use and after a failure, so that an engine may be started later. */
  readonly connect: (signal?: AbortSignal) => Promise<Engine>;
  /** `name:address` lines for every container's hosts file. Absence: none. */
  readonly extraHosts?: (engine: Engine) => readonly string[];
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
  const engineOf = rememberEngine(options);
  const serving = async (project: string): Promise<{ engine: Engine; containers: readonly ProjectContainer[] }> => {
    const engine = await engineOf();
    return { engine, containers: servingContainers(await readProject(engine, project)) };
  };
  return {
    kind: "docker",
    startsSchedules: false,
    check: async (signal) => void (await engineOf(signal)),

    async rollOut(revision, report, signal) {
      const engine = await engineOf(signal);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(revision.startTimeoutMs)]);
      const { pull = "missing", restarts = true, extrasOf = () => undefined, runStartupJobs = true } = options;
      const extraHosts = options.extraHosts?.(engine) ?? [];
      const settings = { engine, extraHosts, pull, restarts, extrasOf, runStartupJobs };
      await rollOut({ ...settings, revision, report, signal: limit });
    },

    async stop(project) {
      const { engine, containers } = await serving(project);
      const running = containers.toSorted((one, other) => rank(other) - rank(one));
      for (const group of grouped(running)) await Promise.all(group.map(({ id }) => stopContainer(engine, id)));
    },

    async resume(project) {
      const { engine, containers } = await serving(project);
      const always = containers.filter((container) => container.run === "always");
      if (always.length === 0) throw notFound(project);
      const sorted = always.toSorted((one, other) => rank(one) - rank(other));
      for (const group of grouped(sorted)) await Promise.all(group.map((container) => start(engine, container)));
    },

    async restart(project, workload) {
      const { engine, containers } = await serving(project);
      const own = containers.filter((container) => container.workload === workload);
      if (own.length === 0) throw notFound(project, workload);
      for (const container of own) {
        await stopContainer(engine, container.id);
        await start(engine, container);
      }
    },

    remove: async (project, { volumes }) => removeProject(await engineOf(), project, volumes),
    workloads: async (project) => workloadStates(await engineOf(), project),

    async runJob(project, workload, report, signal) {
      const { engine, containers } = await serving(project);
      const job = containers.find((container) => container.workload === workload && container.run !== "always");
      if (job === undefined) throw notFound(project, workload);
      return runContainer(engine, { id: job.id, name: workload }, report, signal);
    },

    async *logs(project, query, signal) {
      yield* projectLogs(await engineOf(signal), project, query, signal);
    },

    async endpoint(project, workload, port) {
      const { engine, containers } = await serving(project);
      const running = containers.filter((one) => one.workload === workload && one.state === "running");
      const chosen = running[Math.floor(Math.random() * running.length)];
      const details = chosen && (await unlessMissing(engine.docker.getContainer(chosen.id).inspect()));
      return details && publishedAddress(engine, details, port);
    },

    hostOf: (_project, workload) => workload,
  };
}

/** One connection for all calls; an engine that was not there is looked for again. */
function rememberEngine({ connect }: DockerRuntimeOptions): (signal?: AbortSignal) => Promise<Engine> {
  let connected: Promise<Engine> | undefined;
  return async (signal) => {
    signal?.throwIfAborted();
    connected ??= connect();
    const current = connected;
    try {
      return await current;
    } catch (error) {
      if (connected === current) connected = undefined;
      throw error;
    }
  };
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
