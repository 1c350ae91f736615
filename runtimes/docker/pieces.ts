// The engine's single pieces, each done so that doing it again is no error.

import type { Engine } from "./engine.ts";
import { isMissing, statusOf } from "./engine-error.ts";

/** The engine says 304 when it is done already, 404 when the thing is gone, 409 while it is being removed. */
async function unlessDone(work: Promise<unknown>, alsoDone: readonly number[] = []): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (![304, 404, ...alsoDone].includes(statusOf(error) ?? 0)) throw error;
  }
}

/** Asks it to end, and ends it after its grace. Kept by the engine, with its logs. */
export function stopContainer(engine: Engine, id: string): Promise<void> {
  return unlessDone(engine.docker.getContainer(id).stop());
}

/** At once, with the volumes that have no name. */
export function removeContainer(engine: Engine, id: string): Promise<void> {
  return unlessDone(engine.docker.getContainer(id).remove({ force: true, v: true }), [409]);
}

export async function removeNetwork(engine: Engine, name: string): Promise<void> {
  await unlessDone(engine.docker.getNetwork(name).remove());
}

/** A volume that is in use stays. */
export async function removeVolume(engine: Engine, name: string): Promise<void> {
  await unlessDone(engine.docker.getVolume(name).remove(), [409]);
}

/** @param alias the name by which the others in that network find it. */
export async function joinNetwork(engine: Engine, network: string, id: string, alias: string): Promise<void> {
  try {
    await engine.docker.getNetwork(network).connect({ Container: id, EndpointConfig: { Aliases: [alias] } });
  } catch (error) {
    const already = /already (?:exists|connected|attached)|is already/i.test(String(error));
    if (!already) throw error;
  }
}

export async function leaveNetwork(engine: Engine, network: string, id: string): Promise<void> {
  try {
    await engine.docker.getNetwork(network).disconnect({ Container: id, Force: true });
  } catch (error) {
    if (!isMissing(error) && !/is not connected/i.test(String(error))) throw error;
  }
}
