// Which containers a blueprint comes to, by the names under which they find each other.

import type { Blueprint, Component, ComponentSection, Container } from "./blueprint.ts";
import type { MessagingService } from "./environment-request.ts";
import { messagingWorkload } from "./messaging.ts";
import { workloadName } from "./names.ts";
import { builtInProvider, type StoreProvider } from "./providers.ts";
import type { Path } from "./raw-values.ts";
import type { WorkloadComponent } from "./workload.ts";

export const agentWorkload = "agent";

const componentOf = { models: "model", knowledge: "knowledge", integrations: "integration" } as const;

/** An entry that is run as a container: one of its own, or a store that is built in. */
export type ContainerEntry = {
  readonly workload: string;
  readonly component: WorkloadComponent;
  readonly section: ComponentSection;
  readonly entry: Component;
  readonly runs: { readonly kind: "container"; readonly container: Container } | StoreProvider;
};

export function containerEntries(blueprint: Blueprint): ContainerEntry[] {
  const sections = ["models", "knowledge", "integrations"] as const;
  return sections.flatMap((section) =>
    blueprint[section].flatMap((entry): ContainerEntry[] => {
      const runs = containerOf(section, entry);
      const component = componentOf[section];
      return runs === undefined
        ? []
        : [{ workload: workloadName(component, entry.name), component, section, entry, runs }];
    }),
  );
}

function containerOf(section: ComponentSection, { kind }: Component): ContainerEntry["runs"] | undefined {
  if (kind.kind === "container") return kind;
  const provider = builtInProvider(section, kind.provider);
  return provider?.kind === "store" ? provider : undefined;
}

export function ingestionWorkload(job: string): string {
  return workloadName("ingestion", job);
}

/** Every container, the agent first, with the part of the file that it comes from. */
export function workloadPlaces(blueprint: Blueprint, messaging?: MessagingService): { name: string; path: Path }[] {
  return [
    { name: agentWorkload, path: ["agent"] },
    ...containerEntries(blueprint).map(({ workload, section, entry }) => ({
      name: workload,
      path: [section, entry.name],
    })),
    ...blueprint.ingestion.map(({ name }) => ({ name: ingestionWorkload(name), path: ["ingestion", name] })),
    ...(messaging === undefined ? [] : [{ name: messagingWorkload, path: ["agent", "interfaces"] }]),
  ];
}

/** Every container by name, the agent first. */
export function workloadNames(blueprint: Blueprint, messaging?: MessagingService): string[] {
  return workloadPlaces(blueprint, messaging).map(({ name }) => name);
}
