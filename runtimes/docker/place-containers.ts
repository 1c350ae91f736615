// Puts a workload's containers in place without starting them: those that are already as they should be are kept, data
// goes from the old container to the new one.

import type Docker from "dockerode";
import type { Workload } from "../../blueprint/workload.ts";
import { containerOptions, madeFrom, type ContainerRequest } from "./container-options.ts";
import type { Engine } from "./engine.ts";
import { asRuntimeError, engineMessage } from "./engine-error.ts";
import type { LocalImage } from "./find-image.ts";
import { joinNetwork, removeContainer, stopContainer } from "./pieces.ts";
import { openFolder } from "./open-folder.ts";
import { containerName, hasOpenVolume, isShared, networkName } from "./project-labels.ts";
import { readProject, type ProjectContainer } from "./project-state.ts";
import type { RollOut } from "./roll-out.ts";

/**
 * Ids of the workload's containers, one for each replica.
 * @param replaced takes the containers that had to end, since only one may have the data
 */
export async function placeContainers(
  request: RollOut,
  workload: Workload,
  image: LocalImage,
  replaced: ProjectContainer[],
): Promise<readonly string[]> {
  const { engine, revision } = request;
  const state = await readProject(engine, revision.project);
  const wanted = containerRequest(request, workload, image);
  const existing = state.containers.filter((container) => container.workload === workload.name);
  if (isShared(workload)) {
    const same = existing.find((container) => container.made === madeFrom(wanted));
    const others = existing.filter((container) => container !== same);
    await stopAll(engine, others, replaced);
    if (same !== undefined) return [await keep(request, workload, same)];
    await removeOwn(engine, others, revision.number);
    const id = await create(engine, wanted, 1);
    for (const network of new Set(others.filter(serves(state.serving)).flatMap(({ networks }) => networks))) {
      await joinNetwork(engine, network, id, workload.name);
    }
    return [id];
  }
  const own = existing.filter((container) => container.revision === revision.number);
  const same = own.filter((container) => container.made === madeFrom(wanted));
  await removeOwn(
    engine,
    own.filter((container) => !same.includes(container)),
    revision.number,
  );
  const ids: string[] = [];
  for (let replica = 1; replica <= workload.replicas; replica++) {
    const name = containerName(revision.project, workload.name, revision.number, replica);
    ids.push(same.find((container) => container.name === name)?.id ?? (await create(engine, wanted, replica)));
  }
  return ids;
}

/** @throws RuntimeError, without values of the environment */
export async function startContainer({ engine }: RollOut, workload: Workload, id: string): Promise<void> {
  try {
    const container = engine.docker.getContainer(id);
    if (!(await container.inspect()).State.Running) await container.start();
  } catch (error) {
    throw asRuntimeError(error, {
      what: `${workload.name} cannot be started`,
      workload: workload.name,
      secrets: Object.values(workload.environment),
    });
  }
}

function containerRequest(request: RollOut, workload: Workload, image: LocalImage): ContainerRequest {
  const { engine, revision, extraHosts, restarts } = request;
  return { engine, revision, workload, image, extraHosts, restarts, extras: request.extrasOf(workload.name) };
}

function serves(serving: number | undefined): (container: ProjectContainer) => boolean {
  return (container) => serving !== undefined && container.revision <= serving;
}

async function keep({ engine, revision }: RollOut, workload: Workload, same: ProjectContainer): Promise<string> {
  const network = networkName(revision.project, revision.number);
  if (!same.networks.includes(network)) await joinNetwork(engine, network, same.id, workload.name);
  return same.id;
}

async function stopAll(
  engine: Engine,
  containers: readonly ProjectContainer[],
  replaced: ProjectContainer[],
): Promise<void> {
  for (const container of containers) {
    if (container.state !== "running") continue;
    await stopContainer(engine, container.id);
    replaced.push(container);
  }
}

async function removeOwn(engine: Engine, containers: readonly ProjectContainer[], revision: number): Promise<void> {
  const own = containers.filter((container) => container.revision === revision);
  await Promise.all(own.map((container) => removeContainer(engine, container.id)));
}

async function create(engine: Engine, request: ContainerRequest, replica: number): Promise<string> {
  const { workload } = request;
  try {
    const container = await createWithInit(engine, containerOptions(request, replica));
    if (workload.volume !== undefined && hasOpenVolume(workload.component)) {
      await openFolder(container, workload.volume.path);
    }
    return container.id;
  } catch (error) {
    throw asRuntimeError(error, {
      what: `The container of ${workload.name} cannot be made`,
      workload: workload.name,
      secrets: Object.values(workload.environment),
    });
  }
}

/** Podman needs a program for it that some machines lack. */
async function createWithInit(engine: Engine, options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  try {
    return await engine.docker.createContainer(options);
  } catch (error) {
    if (!/init binary|container-init|catatonit/i.test(engineMessage(error))) throw error;
    return engine.docker.createContainer({ ...options, HostConfig: { ...options.HostConfig, Init: false } });
  }
}
