// How a project's containers are doing, in the words of the runtime.

import type Docker from "dockerode";
import type { WorkloadState } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import { unlessMissing } from "./engine-error.ts";
import { readProject, servingContainers, type ProjectContainer } from "./project-state.ts";

export async function workloadStates(engine: Engine, project: string): Promise<readonly WorkloadState[]> {
  const containers = servingContainers(await readProject(engine, project));
  const states = await Promise.all(
    containers.map(async (container) => {
      const details = await unlessMissing(engine.docker.getContainer(container.id).inspect());
      return details === undefined ? [] : [stateOf(container, details)];
    }),
  );
  return states.flat();
}

function stateOf(container: ProjectContainer, details: Docker.ContainerInspectInfo): WorkloadState {
  const startedAt = Date.parse(details.State.StartedAt);
  const { state, message } = judge(container, details);
  return {
    name: container.workload,
    component: container.component,
    image: container.image,
    instance: container.name,
    revision: container.revision,
    state,
    ...(message === undefined ? {} : { message }),
    restarts: details.RestartCount ?? 0,
    ...(startedAt > 0 ? { startedAt } : {}),
  };
}

function judge(
  container: ProjectContainer,
  { State: state }: Docker.ContainerInspectInfo,
): Pick<WorkloadState, "state" | "message"> {
  if (state.Restarting) return { state: "failed", message: `It keeps ending, with exit code ${state.ExitCode}.` };
  if (state.Running) {
    const health = state.Health?.Status;
    if (health === "starting") return { state: "starting" };
    return health === "unhealthy" ? { state: "failed", message: "Its health check fails." } : { state: "running" };
  }
  if (state.OOMKilled) return { state: "failed", message: "It ended, since it needs more memory than it may have." };
  const isJob = container.run !== "always";
  const endedBadly = state.ExitCode !== 0 && !["created", "configured", "initialized"].includes(state.Status);
  // One that serves is started again by the engine whenever it ends, so one that stands still was stopped.
  return isJob && endedBadly
    ? { state: "failed", message: `The last run ended with exit code ${state.ExitCode}.` }
    : { state: "stopped" };
}
