// Brings an agent up on this machine: values, key, images, ports, containers; and takes all of it down again when
// anything of that fails.

import { generatedNames } from "../../blueprint/store-variables.ts";
import { usesGateway } from "../../blueprint/blueprint.ts";
import type { EnvironmentRequest } from "../../blueprint/environment-request.ts";
import { localMessaging } from "../../blueprint/messaging.ts";
import { planWorkloads } from "../../blueprint/plan-workloads.ts";
import { resolveEnvironment } from "../../blueprint/resolve-environment.ts";
import type { Workload } from "../../blueprint/workload.ts";
import { createDockerRuntime } from "../../runtimes/docker/docker-runtime.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { hostAddress, type HostAddress } from "../../runtimes/docker/host-address.ts";
import type { Runtime } from "../../runtimes/runtime.ts";
import type { Context } from "../context.ts";
import { buildImages, buildsOf, withEnvironment } from "./build-images.ts";
import { gatewayPair, type GatewayPair } from "./gateway-pair.ts";
import { endDetached, openGatewayWay, type GatewayWay } from "./gateway-relay.ts";
import type { LocalProject } from "./local-project.ts";
import { checkValues } from "./missing-values.ts";
import { choosePorts, type PublishedPort } from "./ports.ts";
import { rollingOut } from "./rolling-out.ts";
import { forgetRunning, readRunning, writeRunning } from "./running-file.ts";
import { sourceFolder, type SourceFolder } from "./source-folder.ts";

export type StartRequest = {
  readonly context: Context;
  readonly project: LocalProject;
  readonly values: ReadonlyMap<string, string>;
  readonly engine: Engine;
  readonly rebuild: boolean;
  readonly pull: "missing" | "never";
  /** Whether it goes on without this command. */
  readonly background: boolean;
  /** Whether the agent's own source folder is shown to its container. */
  readonly mountsSource: boolean;
};

export type Started = {
  readonly runtime: Runtime;
  readonly workloads: readonly Workload[];
  readonly ports: readonly PublishedPort[];
  readonly source: SourceFolder | undefined;
  /** Takes everything away again, but for data. */
  readonly end: () => Promise<void>;
};

const startTimeoutMs = 15 * 60_000;
/** For a check before there is a key; never given to anybody. */
const placeholderGateway = { url: "http://gateway.invalid/v1", apiKey: "none" };

/** @throws Problem, RuntimeError; then nothing is left behind but images and data */
export async function startProject(request: StartRequest): Promise<Started> {
  const { context, project, engine } = request;
  const { blueprint } = project;
  const needsGateway = usesGateway(blueprint);
  checkValues(resolveEnvironment(environmentRequest(request, needsGateway ? placeholderGateway : undefined)), project);
  const pair = needsGateway ? await gatewayPair(context.api, request.values) : undefined;
  if (pair !== undefined) tellPair(context, pair);
  const imageOf = (workload: string) => `localhost/${project.project}-${workload}:dev`;
  await buildImages({
    engine,
    folder: project.folder,
    builds: buildsOf(blueprint),
    imageOf,
    values: withEnvironment(context.env, request.values),
    fresh: request.rebuild,
    output: context.output,
    signal: context.signal,
  });
  const host = await hostAddress(engine);
  await stopProject(engine, project, { volumes: false });
  const way =
    pair && (await openGatewayWay(pair.url, host, { detached: request.background, environment: context.env }));
  try {
    return await bringUp(request, { host, pair, way, imageOf });
  } catch (error) {
    await way?.close();
    await stopProject(engine, project, { volumes: false });
    throw error;
  }
}

type Prepared = {
  readonly host: HostAddress;
  readonly pair: GatewayPair | undefined;
  readonly way: GatewayWay | undefined;
  readonly imageOf: (workload: string) => string;
};

async function bringUp(request: StartRequest, { host, pair, way, imageOf }: Prepared): Promise<Started> {
  const { context, project, engine } = request;
  const gateway = pair && way && { url: way.url, apiKey: pair.apiKey };
  const workloads = planWorkloads(project.blueprint, {
    place: "local",
    imageOf: (workload, named) => named ?? imageOf(workload),
    environments: resolveEnvironment(environmentRequest(request, gateway)).environments,
    messaging: localMessaging(project.blueprint),
  });
  const ports = await choosePorts(workloads);
  const source = request.mountsSource ? await sourceFolder(engine, project, imageOf("agent")) : undefined;
  const runtime = createDockerRuntime({
    connect: async () => engine,
    extraHosts: () => host.extraHosts,
    pull: request.pull,
    restarts: request.background,
    extrasOf: (workload) => ({
      publish: ports.filter((port) => port.workload === workload),
      folders: workload === "agent" && source !== undefined ? [source] : [],
    }),
  });
  writeRunning(project.folder, {
    project: project.project,
    ...(way?.detached === undefined ? {} : { relay: way.detached }),
  });
  const revision = {
    project: project.project,
    number: 1,
    workloads,
    labels: { "astrolabe.local": "yes" },
    access: "public" as const,
    startTimeoutMs,
  };
  await rollingOut(context.output, (report) => runtime.rollOut(revision, report, context.signal));
  const end = async () => {
    await stopProject(engine, project, { volumes: false });
    await way?.close();
  };
  return { runtime, workloads, ports, source, end };
}

/**
 * Takes down what runs of a project. No error when nothing does.
 * @returns whether there was anything
 */
export async function stopProject(
  engine: Engine,
  project: Pick<LocalProject, "folder" | "project">,
  options: { readonly volumes: boolean },
): Promise<boolean> {
  const running = readRunning(project.folder);
  const runtime = createDockerRuntime({ connect: async () => engine });
  const found = await runtime.workloads(project.project);
  await runtime.remove(project.project, options);
  if (running?.relay !== undefined) endDetached(running.relay);
  forgetRunning(project.folder);
  return found.length > 0;
}

function environmentRequest(
  { project, values }: Pick<StartRequest, "project" | "values">,
  gateway: { readonly url: string; readonly apiKey: string } | undefined,
): EnvironmentRequest {
  const { blueprint } = project;
  return {
    blueprint,
    place: "local",
    values,
    gateway,
    modelChoices: new Map(),
    offeredModels: [],
    addresses: (workload) => ({ host: workload }),
    facts: { ASTRO_AGENT_NAME: blueprint.name },
    // The same on every start, since a store keeps the password that it was first started with. Only this machine's
    // containers reach it.
    generated: new Map(generatedNames(blueprint).map((name) => [name, "localdev"])),
    messaging: localMessaging(blueprint),
  };
}

function tellPair({ output }: Context, { expiresAt }: GatewayPair): void {
  output.step(
    expiresAt === undefined
      ? "The gateway is called with the key in your values"
      : `Your development key for the gateway is ready, until ${expiresAt.slice(0, 16).replace("T", " ")} UTC`,
  );
}
