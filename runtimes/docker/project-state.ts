// What the engine has of a project: its containers, networks, volumes and which revision serves.

import { z } from "zod";
import { workloadComponents, type WorkloadComponent } from "../../blueprint/workload.ts";
import type { Engine } from "./engine.ts";
import { asRuntimeError } from "./engine-error.ts";
import { label, ofProject } from "./project-labels.ts";

export type ProjectContainer = {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly workload: string;
  readonly component: WorkloadComponent;
  readonly revision: number;
  readonly run: "always" | "startup" | "manual" | "schedule";
  readonly made: string;
  /** As the engine says it: `created`, `running`, `restarting`, `exited`, `dead`, `paused`. */
  readonly state: string;
  /** Names of the networks it is in. */
  readonly networks: readonly string[];
  /** Its data may be used by one container at a time, so revisions share it. */
  readonly shared: boolean;
};

export type ProjectState = {
  readonly containers: readonly ProjectContainer[];
  readonly networks: readonly { readonly name: string; readonly revision: number }[];
  /** Volumes with data. */
  readonly volumes: readonly string[];
  /** Marks of revisions that serve or served, the highest number first. */
  readonly marks: readonly { readonly name: string; readonly revision: number }[];
  /** Undefined when none ever came up. */
  readonly serving: number | undefined;
};

const labels = z.looseObject({
  [label.workload]: z.string().default(""),
  [label.component]: z.enum(workloadComponents).catch("agent"),
  [label.revision]: z.coerce.number().catch(0),
  [label.run]: z.enum(["always", "startup", "manual", "schedule"]).catch("always"),
  [label.made]: z.string().default(""),
});

export async function readProject(engine: Engine, project: string): Promise<ProjectState> {
  const filters = ofProject(project);
  try {
    const [containers, networks, volumes] = await Promise.all([
      engine.docker.listContainers({ all: true, filters }),
      engine.docker.listNetworks({ filters }),
      engine.docker.listVolumes({ filters }),
    ]);
    const kept = (volumes.Volumes ?? []).map((volume) => ({ name: volume.Name, labels: volume.Labels ?? {} }));
    const marks = kept
      .filter((volume) => label.serving in volume.labels)
      .map((volume) => ({ name: volume.name, revision: Number(volume.labels[label.serving]) }))
      .toSorted((one, other) => other.revision - one.revision);
    return {
      containers: containers.map(readContainer).toSorted((one, other) => one.name.localeCompare(other.name)),
      networks: networks.map((network) => ({
        name: network.Name,
        revision: labels.parse(network.Labels ?? {})[label.revision],
      })),
      volumes: kept.filter((volume) => !(label.serving in volume.labels)).map((volume) => volume.name),
      marks,
      serving: marks[0]?.revision,
    };
  } catch (error) {
    throw asRuntimeError(error, { what: `The containers of ${project} could not be listed` });
  }
}

type Listed = Awaited<ReturnType<Engine["docker"]["listContainers"]>>[number];

function readContainer(container: Listed): ProjectContainer {
  const known = labels.parse(container.Labels);
  return {
    id: container.Id,
    name: (container.Names[0] ?? container.Id).replace(/^\//, ""),
    image: container.Image,
    workload: known[label.workload],
    component: known[label.component],
    revision: known[label.revision],
    run: known[label.run],
    made: known[label.made],
    state: container.State,
    networks: Object.keys(container.NetworkSettings?.Networks ?? {}),
    shared: label.shared in container.Labels,
  };
}

/**
 * What serves: the revision's own containers, and those with data that a later revision found unchanged. Before any
 * revision came up it is the newest that is there.
 */
export function servingContainers(state: ProjectState): readonly ProjectContainer[] {
  const number = state.serving ?? Math.max(0, ...state.containers.map((container) => container.revision));
  return state.containers.filter((container) => container.revision === number || isKept(container, number));
}

function isKept(container: ProjectContainer, number: number): boolean {
  return container.shared && container.revision < number;
}
