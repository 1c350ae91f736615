// The containers of an agent, ready for a runtime: images, ports, volumes, and when each one runs.

import type { Blueprint, Container, IngestionJob, Source } from "./blueprint.ts";
import { assumedPort, portOfFrontend } from "./declare-variables.ts";
import type { MessagingService, Place } from "./environment-request.ts";
import { agentVolume, messagingPort, messagingWebPort, messagingWorkload } from "./messaging.ts";
import type { StoreProvider } from "./providers.ts";
import type { Workload } from "./workload.ts";
import { agentWorkload, containerEntries, ingestionWorkload, type ContainerEntry } from "./workload-names.ts";

export type PlanOptions = {
  readonly place: Place;
  /** `named` is the image that the file or the built-in provider names; undefined for what is built. */
  readonly imageOf: (workload: string, named: string | undefined) => string;
  /** As `resolveEnvironment` gives them. */
  readonly environments: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Cron expressions by job. A job without one runs when somebody asks; locally all of them do. */
  readonly schedules?: ReadonlyMap<string, string>;
  readonly messaging?: MessagingService | undefined;
  /** How many of an agent that may run side by side; others have one. By default 1. */
  readonly replicas?: number;
};

/** Port of a webhook that names none. */
const webhookPort = 3001;

/** The agent first. */
export function planWorkloads(blueprint: Blueprint, options: PlanOptions): readonly Workload[] {
  return [
    agentPlan(blueprint, options),
    ...containerEntries(blueprint).map((entry) => entryPlan(entry, options)),
    ...blueprint.ingestion.map((job) => jobPlan(job, options)),
    ...(options.messaging === undefined ? [] : [messagingPlan(options.messaging, options)]),
  ];
}

function agentPlan(blueprint: Blueprint, options: PlanOptions): Workload {
  const { agent, dev } = blueprint;
  const { frontend } = agent.interfaces;
  const listens = frontend || agent.healthcheck?.path !== undefined;
  const command = options.place === "local" ? dev.command : undefined;
  return {
    name: agentWorkload,
    component: "agent",
    image: imageFor(agentWorkload, agent.source, options),
    ...(command === undefined ? {} : { command: ["sh", "-c", command] }),
    environment: environmentOf(agentWorkload, options),
    ports: listens ? [portOfFrontend(blueprint, options.place)] : [],
    ...(sharesNothing(blueprint, options) ? {} : { volume: agentVolume }),
    ...(agent.healthcheck === undefined ? {} : { healthcheck: agent.healthcheck }),
    replicas: agent.distributed ? Math.max(1, options.replicas ?? 1) : 1,
    run: "always",
    frontend,
  };
}

/** Replicas side by side cannot count on one folder, so they are given none. */
function sharesNothing({ agent }: Blueprint, { place, messaging }: PlanOptions): boolean {
  return agent.distributed && place === "deployed" && messaging === undefined;
}

function entryPlan({ workload, component, runs }: ContainerEntry, options: PlanOptions): Workload {
  const own =
    runs.kind === "store" ? storePlan(workload, runs, options) : containerPlan(workload, runs.container, options);
  return { name: workload, component, ...own, replicas: 1, run: "always", frontend: false };
}

type ContainerPlan = Pick<Workload, "image" | "environment" | "ports" | "volume" | "healthcheck" | "gpu">;

function storePlan(workload: string, store: StoreProvider, options: PlanOptions): ContainerPlan {
  return {
    image: options.imageOf(workload, store.image),
    environment: environmentOf(workload, options),
    ports: store.ports,
    volume: { name: `${workload}-data`, path: store.volume },
    healthcheck: store.healthcheck,
  };
}

function containerPlan(
  workload: string,
  container: Container,
  options: PlanOptions,
  port = assumedPort,
): ContainerPlan {
  const { volume, healthcheck, gpu } = container;
  return {
    image: imageFor(workload, container.source, options),
    environment: environmentOf(workload, options),
    ports: [container.port ?? port],
    ...(volume === undefined ? {} : { volume: { name: `${workload}-data`, path: volume } }),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    ...(gpu === undefined ? {} : { gpu }),
  };
}

/** Only webhooks are reached by others, unless the job names a port. */
function jobPlan({ name, container, trigger }: IngestionJob, options: PlanOptions): Workload {
  const workload = ingestionWorkload(name);
  const plan = containerPlan(workload, container, options, webhookPort);
  const listens = trigger === "webhook" || container.port !== undefined;
  return {
    name: workload,
    component: "ingestion",
    ...plan,
    ports: listens ? plan.ports : [],
    replicas: 1,
    run: runOf(name, trigger, options),
    frontend: false,
  };
}

function runOf(name: string, trigger: IngestionJob["trigger"], { place, schedules }: PlanOptions): Workload["run"] {
  if (trigger === "webhook") return "always";
  if (trigger !== "schedule") return trigger;
  const cron = place === "local" ? undefined : schedules?.get(name);
  return cron === undefined ? "manual" : { cron };
}

function messagingPlan({ image, adapters }: MessagingService, options: PlanOptions): Workload {
  return {
    name: messagingWorkload,
    component: "messaging",
    image: options.imageOf(messagingWorkload, image),
    environment: environmentOf(messagingWorkload, options),
    ports: [messagingPort, ...(adapters.includes("web") ? [messagingWebPort] : [])],
    volume: agentVolume,
    replicas: 1,
    run: "always",
    frontend: false,
  };
}

function imageFor(workload: string, source: Source, { imageOf }: PlanOptions): string {
  return imageOf(workload, source.kind === "image" ? source.image : undefined);
}

function environmentOf(workload: string, { environments }: PlanOptions): Readonly<Record<string, string>> {
  return environments.get(workload) ?? {};
}
