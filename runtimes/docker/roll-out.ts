// Brings a revision up beside the one that serves: images, a network of its own, its containers in the order in which
// they need each other; then it takes over, and the older one goes. A failure leaves things as they were.

import type { Workload } from "../../blueprint/workload.ts";
import { RuntimeError, type LogLine, type Revision, type RolloutStep } from "../runtime.ts";
import { awaitHealthy } from "./await-healthy.ts";
import type { LocalExtras } from "./container-options.ts";
import type { Engine } from "./engine.ts";
import { asRuntimeError } from "./engine-error.ts";
import type { LocalImage } from "./find-image.ts";
import { label, networkName, projectLabels, servingName, volumeName } from "./project-labels.ts";
import { readProject, type ProjectContainer, type ProjectState } from "./project-state.ts";
import { ensureImage } from "./pull-image.ts";
import { placeContainers, startContainer } from "./place-containers.ts";
import { leaveNetwork, removeContainer, removeNetwork, removeVolume, stopContainer } from "./pieces.ts";
import { runContainer } from "./run-job.ts";

export type RollOutSettings = {
  readonly engine: Engine;
  readonly extraHosts: readonly string[];
  readonly pull: "missing" | "never";
  /** Whether the engine starts containers again that end. */
  readonly restarts: boolean;
  readonly extrasOf: (workload: string) => LocalExtras | undefined;
  /** Whether `startup` jobs are run at the end. */
  readonly runStartupJobs: boolean;
};

export type RollOut = RollOutSettings & {
  readonly revision: Revision;
  readonly report: (step: RolloutStep) => void;
  /** Aborted by the caller, or when the revision's time is up. */
  readonly signal: AbortSignal;
};

/** What others need stands first; jobs are made last and not started. */
const order: readonly (readonly Workload["component"][])[] = [
  ["knowledge"],
  ["model", "integration", "messaging"],
  ["agent"],
  ["ingestion"],
];

/** @throws RuntimeError; the signal's reason when the caller aborts */
export async function rollOut(request: RollOut): Promise<void> {
  const before = await readProject(request.engine, request.revision.project);
  await removeLeftovers(request, before);
  const replaced: ProjectContainer[] = [];
  try {
    const images = await findImages(request);
    await makeNetwork(request);
    for (const components of order) {
      const stage = request.revision.workloads.filter((workload) => components.includes(workload.component));
      await allOrNone(request, stage, (within, workload) => bringUp(within, workload, images, replaced));
    }
    request.signal.throwIfAborted();
  } catch (error) {
    await undo(request, before, replaced);
    throw request.signal.aborted && !(error instanceof RuntimeError) ? abortReason(request) : error;
  }
  await switchOver(request);
  if (request.runStartupJobs) await runStartupJobs(request);
}

async function findImages({
  engine,
  revision,
  pull,
  report,
  signal,
}: RollOut): Promise<ReadonlyMap<string, LocalImage>> {
  const wanted = [...new Set(revision.workloads.map((workload) => workload.image))];
  const found = await Promise.all(
    wanted.map(async (image) => {
      const tell = (progress: string) => report({ kind: "pull", message: `pulling ${image}: ${progress}` });
      return [image, await ensureImage(engine, image, { pull, report: tell, signal })] as const;
    }),
  );
  return new Map(found);
}

async function makeNetwork({ engine, revision }: RollOut): Promise<void> {
  const name = networkName(revision.project, revision.number);
  const { networks } = await readProject(engine, revision.project);
  if (networks.some((network) => network.name === name)) return;
  try {
    await engine.docker.createNetwork({
      Name: name,
      Driver: "bridge",
      CheckDuplicate: true,
      Labels: projectLabels(revision),
      // Docker keeps bridges apart by itself.
      ...(engine.flavour === "podman" ? { Options: { isolate: "true" } } : {}),
    });
  } catch (error) {
    throw asRuntimeError(error, { what: `The network ${name} cannot be made` });
  }
}

async function bringUp(
  request: RollOut,
  workload: Workload,
  images: ReadonlyMap<string, LocalImage>,
  replaced: ProjectContainer[],
): Promise<void> {
  const { engine, report, signal } = request;
  const image = images.get(workload.image);
  if (image === undefined) throw new Error(`no image was looked for: ${workload.image}`);
  if (workload.volume !== undefined) await makeVolume(request, workload.volume.name);
  const ids = await placeContainers(request, workload, image, replaced);
  if (workload.run !== "always") return;
  report({ kind: "start", workload: workload.name, message: `starting ${workload.name}` });
  await Promise.all(
    ids.map(async (containerId) => {
      await startContainer(request, workload, containerId);
      await awaitHealthy({ engine, workload, containerId, signal, restarts: request.restarts });
    }),
  );
  report({ kind: "healthy", workload: workload.name, message: `${workload.name} is healthy` });
}

/** The first failure ends the work on the others, and is thrown when all of them have ended. */
async function allOrNone(
  request: RollOut,
  workloads: readonly Workload[],
  work: (request: RollOut, workload: Workload) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const within = { ...request, signal: AbortSignal.any([request.signal, failed.signal]) };
  const failures: unknown[] = [];
  const one = async (workload: Workload) => {
    try {
      await work(within, workload);
    } catch (error) {
      failures.push(error);
      failed.abort(error);
    }
  };
  await Promise.all(workloads.map(one));
  if (failures.length > 0) throw failures[0];
}

async function makeVolume({ engine, revision }: RollOut, volume: string): Promise<void> {
  const name = volumeName(revision.project, volume);
  await engine.docker.createVolume({ Name: name, Labels: { [label.project]: revision.project } });
}

/** What an interrupted roll-out of another revision left. */
async function removeLeftovers({ engine, revision }: RollOut, state: ProjectState): Promise<void> {
  if (state.serving === undefined) return;
  const wanted = (number: number) => number === revision.number || number <= (state.serving ?? 0);
  const left = state.containers.filter((container) => !wanted(container.revision));
  await Promise.all(left.map((container) => removeContainer(engine, container.id)));
  await Promise.all(
    state.networks.filter(({ revision: number }) => !wanted(number)).map(({ name }) => removeNetwork(engine, name)),
  );
}

/** Everything of the new revision goes, what it had replaced runs again. A revision that serves already is left as it is. */
async function undo(request: RollOut, before: ProjectState, replaced: readonly ProjectContainer[]): Promise<void> {
  const { engine, revision } = request;
  if (before.serving === revision.number) return;
  const now = await readProject(engine, revision.project);
  const made = now.containers.filter((container) => container.revision === revision.number);
  await Promise.all(made.map((container) => removeContainer(engine, container.id)));
  const network = networkName(revision.project, revision.number);
  const kept = now.containers.filter((container) => !made.includes(container) && container.networks.includes(network));
  await Promise.all(kept.map((container) => leaveNetwork(engine, network, container.id)));
  await Promise.all(
    replaced.map((container) =>
      engine.docker
        .getContainer(container.id)
        .start()
        .catch(() => undefined),
    ),
  );
  await removeNetwork(engine, network);
  const newVolumes = now.volumes.filter((volume) => !before.volumes.includes(volume));
  await Promise.all(newVolumes.map((volume) => removeVolume(engine, volume)));
}

async function switchOver({ engine, revision, report }: RollOut): Promise<void> {
  const { project, number } = revision;
  await engine.docker.createVolume({
    Name: servingName(project, number),
    Labels: { [label.project]: project, [label.serving]: String(number) },
  });
  report({ kind: "switch", message: `revision ${number} serves` });
  const state = await readProject(engine, project);
  await removeOlder(engine, revision, state);
  const older = state.marks.filter((mark) => mark.revision !== number);
  await Promise.all(older.map((mark) => removeVolume(engine, mark.name)));
}

/** Containers of older revisions, but for those whose data the new one uses unchanged; then their networks. */
async function removeOlder(engine: Engine, revision: Revision, state: ProjectState): Promise<void> {
  const current = networkName(revision.project, revision.number);
  const older = state.containers.filter((container) => container.revision !== revision.number);
  const kept = older.filter((container) => container.shared && container.networks.includes(current));
  await Promise.all(
    older
      .filter((container) => !kept.includes(container))
      .map(async ({ id }) => {
        await stopContainer(engine, id);
        await removeContainer(engine, id);
      }),
  );
  const staying = state.containers.filter((container) => !older.includes(container) || kept.includes(container));
  for (const { name } of state.networks.filter((network) => network.name !== current)) {
    const inside = staying.filter(({ networks }) => networks.includes(name));
    await Promise.all(inside.map(({ id }) => leaveNetwork(engine, name, id)));
    await removeNetwork(engine, name);
  }
}

async function runStartupJobs({ engine, revision, report, signal }: RollOut): Promise<void> {
  const { containers } = await readProject(engine, revision.project);
  const jobs = containers.filter(
    ({ run, state, revision: number }) =>
      run === "startup" && number === revision.number && ["created", "configured", "initialized"].includes(state),
  );
  for (const { id, workload } of jobs) {
    report({ kind: "job", workload, message: `${workload} runs once, as it does at every start` });
    const output: LogLine[] = [];
    const keep = (line: LogLine) => void (output.push(line) > 5 && output.shift());
    const { exitCode } = await runContainer(engine, { id, name: workload }, keep, signal);
    const last = output.map(({ text }) => text).join(" | ");
    report(
      exitCode === 0
        ? { kind: "job", workload, message: `${workload} is done` }
        : { kind: "warning", workload, message: `${workload} ended with exit code ${exitCode}: ${last}` },
    );
  }
}

function abortReason({ signal, revision }: RollOut): unknown {
  const reason: unknown = signal.reason;
  if (!(reason instanceof DOMException && reason.name === "TimeoutError")) return reason;
  const seconds = Math.round(revision.startTimeoutMs / 1000);
  return new RuntimeError("unhealthy", `The revision was not ready within ${seconds} seconds.`, {
    hint: "Pulling large images takes long the first time: try again, or pull them before.",
  });
}
