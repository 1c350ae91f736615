// Every variable that a blueprint implies, for every container. What people are asked for, what containers get, which
// entries contradict each other and what `ast spec explain` tells all derive from this one list.

import { isGatewayEntry, usesGateway, type Blueprint, type Container, type Input } from "./blueprint.ts";
import { askedBy, credentialVariables } from "./credential-variables.ts";
import type { MessagingService, Place } from "./environment-request.ts";
import { agentMessagingVariables, messagingVariables } from "./messaging.ts";
import { variablePart } from "./names.ts";
import { storeVariables } from "./store-variables.ts";
import type { Path } from "./raw-values.ts";
import { derived, type Variable, type VariableValue } from "./variable.ts";
import { dotted } from "./words.ts";
import {
  agentWorkload,
  containerEntries,
  ingestionWorkload,
  workloadNames,
  type ContainerEntry,
} from "./workload-names.ts";

export type DeclaredFor = {
  readonly place: Place;
  readonly messaging: MessagingService | undefined;
  /** Whether a person gave a value under this name. */
  readonly given: (name: string) => boolean;
};

/** Port of a container that names none. */
export const assumedPort = 8080;
const frontendPort = 80;

/** Later ones go before earlier ones of the same name. */
export function declareVariables(blueprint: Blueprint, { place, messaging, given }: DeclaredFor): Variable[] {
  const users = [agentWorkload, ...blueprint.ingestion.map(({ name }) => ingestionWorkload(name))];
  return [
    ...credentialVariables(blueprint, users),
    ...storeVariables(blueprint, users),
    ...containerEntries(blueprint).flatMap((entry) => addressVariables(entry, users)),
    ...modelVariables(blueprint, users),
    ...frontendVariables(blueprint, place),
    ...(messaging === undefined ? [] : agentMessagingVariables(messaging, agentWorkload)),
    ...(messaging === undefined ? [] : messagingVariables(blueprint, messaging, place, given)),
    ...writtenVariables(blueprint),
    ...inputVariables(blueprint),
    ...(usesGateway(blueprint) ? gatewayVariables(blueprint, users) : []),
  ];
}

/** Containers of one's own are told apart by section and name. */
function addressVariables(
  { workload, section, component, entry, runs }: ContainerEntry,
  users: readonly string[],
): Variable[] {
  if (runs.kind !== "container") return [];
  const prefix = `${component.toUpperCase()}_${variablePart(entry.name)}`;
  const port = runs.container.port ?? assumedPort;
  const values: Record<string, VariableValue> = {
    [`${prefix}_HOST`]: { kind: "host", workload },
    [`${prefix}_PORT`]: { kind: "fixed", value: String(port) },
  };
  if (section !== "knowledge") {
    values[`${prefix}_URL`] = { kind: "address", workload, scheme: "http", port, login: undefined };
  }
  return derived(values, users, [section, entry.name]);
}

function modelVariables(blueprint: Blueprint, users: readonly string[]): Variable[] {
  return blueprint.models.filter(isGatewayEntry).flatMap(({ name, models }) => {
    const values = { [`MODEL_${variablePart(name)}`]: { kind: "model", entry: name, options: models } as const };
    return derived(values, users, ["models", name]);
  });
}

/** The port that the agent's own pages are served on. */
export function portOfFrontend(blueprint: Blueprint, place: Place): number {
  return place === "local" ? (blueprint.dev.frontendPort ?? frontendPort) : frontendPort;
}

function frontendVariables(blueprint: Blueprint, place: Place): Variable[] {
  if (!blueprint.agent.interfaces.frontend) return [];
  const value = { kind: "fixed", value: String(portOfFrontend(blueprint, place)) } as const;
  return derived({ PORT: value }, [agentWorkload], ["agent", "interfaces", "frontend"]);
}

function writtenVariables(blueprint: Blueprint): Variable[] {
  const written = (workload: string, container: Container, path: Path) =>
    Object.entries(container.environment).map(([name, value]): Variable => ({
      name,
      workloads: [workload],
      path,
      value: { kind: "fixed", value },
      layer: "environment",
      identity: dotted(path),
    }));
  return [
    ...containerEntries(blueprint).flatMap(({ workload, section, entry, runs }) =>
      runs.kind === "container" ? written(workload, runs.container, [section, entry.name]) : [],
    ),
    ...blueprint.ingestion.flatMap(({ name, container }) =>
      written(ingestionWorkload(name), container, ["ingestion", name]),
    ),
  ];
}

/** Those of the whole file first, so that a container's own go before them. */
function inputVariables(blueprint: Blueprint): Variable[] {
  const lists = [
    { inputs: blueprint.agent.inputs, workload: agentWorkload, path: ["agent"] },
    ...containerEntries(blueprint).map(({ workload, section, entry }) => ({
      inputs: entry.inputs,
      workload,
      path: [section, entry.name],
    })),
    ...blueprint.ingestion.map(({ name, inputs }) => ({
      inputs,
      workload: ingestionWorkload(name),
      path: ["ingestion", name],
    })),
  ];
  const everywhere = workloadNames(blueprint);
  return [
    ...blueprint.inputs.map((input) => inputVariable(input, everywhere, ["inputs", input.entry ?? input.name])),
    ...lists.flatMap(({ inputs, workload, path }) =>
      inputs.map((input, index) => inputVariable(input, [workload], [...path, "inputs", index])),
    ),
  ];
}

function inputVariable(input: Input, workloads: readonly string[], path: Path): Variable {
  return {
    name: input.name,
    workloads,
    path,
    value: { kind: "given", names: [input.name], asked: askedBy(input) },
    layer: "input",
    identity: dotted(path),
  };
}

export const gatewayNames = { url: "ASTRO_GATEWAY_URL", apiKey: "ASTRO_GATEWAY_API_KEY" } as const;

function gatewayVariables(blueprint: Blueprint, workloads: readonly string[]): Variable[] {
  const entry = blueprint.models.find(isGatewayEntry);
  const path = entry === undefined ? ["agent", "astro_ai_gateway"] : ["models", entry.name];
  const parts = ["url", "apiKey"] as const;
  return parts.map((part) => ({
    name: gatewayNames[part],
    workloads,
    path,
    value: { kind: "gateway", part },
    layer: "gateway",
    identity: "gateway",
  }));
}
