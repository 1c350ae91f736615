// An agent as its astropods.yml describes it: checked, defaults filled in, entries in the order of the file.

import type { Gpu, Healthcheck } from "./workload.ts";

export type Blueprint = {
  /** The version that the file names, as written: `blueprint/v1`. */
  readonly spec: string;
  /** The account of `@account/name`; undefined when the name has none. */
  readonly scope: string | undefined;
  /** Without the scope. 2 to 63 characters. */
  readonly name: string;
  readonly agent: Agent;
  readonly models: readonly ModelEntry[];
  readonly knowledge: readonly Component[];
  readonly integrations: readonly Component[];
  readonly providers: readonly CustomProvider[];
  /** Go to every container. */
  readonly inputs: readonly Input[];
  readonly ingestion: readonly IngestionJob[];
  readonly dev: Dev;
  readonly sandbox: Sandbox | undefined;
  readonly connections: readonly Connection[];
  /** Deprecated: what the file wishes for its visibility in the registry. */
  readonly visibility: "public" | "private" | undefined;
};

export type Agent = {
  readonly source: Source;
  /** Whether several replicas may run side by side. */
  readonly distributed: boolean;
  readonly interfaces: { readonly frontend: boolean; readonly messaging: boolean };
  readonly healthcheck: Healthcheck | undefined;
  /** Go to the agent's container only. */
  readonly inputs: readonly Input[];
  /** The deprecated way to ask for the gateway; ask `usesGateway` instead. */
  readonly astroAiGateway: boolean;
  readonly skills: readonly Skill[];
  readonly annotations: { readonly runtime: string | undefined };
};

export type Source = { readonly kind: "image"; readonly image: string } | ({ readonly kind: "build" } & BuildConfig);

export type BuildConfig = {
  /** A folder, from that of the file. */
  readonly context: string;
  /** A file, from the context. */
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly secrets: readonly BuildSecret[];
};

/** What a build may read without keeping it; `env` is the variable that holds its value, undefined means one named like `id`. */
export type BuildSecret = { readonly id: string; readonly env: string | undefined };

/** Sections whose entries are either a provider or a container. */
export type ComponentSection = "models" | "knowledge" | "integrations";

export type Component = {
  readonly name: string;
  readonly kind: ProviderKind | ContainerKind;
  /** Go to this entry's own container only. */
  readonly inputs: readonly Input[];
};

/** As written; compare with `sameProvider`, since case does not matter. */
export type ProviderKind = { readonly kind: "provider"; readonly provider: string };
export type ContainerKind = { readonly kind: "container"; readonly container: Container };

export type ModelEntry = Component & {
  /** What a deployer may choose from, the first one by default; has a meaning for the gateway only. */
  readonly models: readonly string[];
};

export type Container = {
  readonly source: Source;
  readonly port: number | undefined;
  /** Where the container mounts a volume that outlives it; undefined means that it keeps nothing. */
  readonly volume: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly gpu: Gpu | undefined;
  readonly healthcheck: Healthcheck | undefined;
};

export type CustomProvider = {
  readonly name: string;
  readonly scope: readonly ComponentSection[];
  /** Their `name` is what follows the provider's name in the variable. */
  readonly variables: readonly Input[];
  readonly config: Readonly<Record<string, unknown>>;
};

export const datatypes = ["string", "boolean", "number", "array", "object"] as const;
export type Datatype = (typeof datatypes)[number];
export const displayKinds = ["short-text", "long-text", "select"] as const;
export type DisplayKind = (typeof displayKinds)[number];

export type Input = {
  /** What it is called in the section `inputs`; undefined for one of a list. */
  readonly entry: string | undefined;
  /** The environment variable. */
  readonly name: string;
  readonly datatype: Datatype;
  readonly secret: boolean;
  readonly optional: boolean;
  readonly description: string | undefined;
  readonly displayAs: DisplayKind | undefined;
  readonly options: readonly string[];
  /** Never empty: an empty default is none. */
  readonly default: string | undefined;
};

export type Trigger = "schedule" | "startup" | "manual" | "webhook";

export type IngestionJob = {
  readonly name: string;
  readonly container: Container;
  readonly trigger: Trigger;
  readonly inputs: readonly Input[];
};

/** How the agent runs on its developer's machine. */
export type Dev = {
  /** The port that the agent's frontend listens on locally; undefined means 80. */
  readonly frontendPort: number | undefined;
  readonly messaging: DevMessaging;
  /** Cron expressions by job. Nothing runs by them locally. */
  readonly schedules: Readonly<Record<string, string>>;
  /** Replaces the agent's start command, in a shell; undefined leaves the image's own. */
  readonly command: string | undefined;
  readonly messagingImage: string | undefined;
};

export type DevMessaging = {
  /** Empty: no messaging locally. */
  readonly adapters: readonly string[];
  /** Given to the messaging service as it stands; undefined when the file has none. */
  readonly slack: Readonly<Record<string, unknown>> | undefined;
  readonly logLevel: string | undefined;
};

export type Skill = { readonly name: string; readonly description: string | undefined };

export type Connection = {
  readonly provider: string;
  readonly reason: string;
  readonly scopes: readonly string[];
};

export type Sandbox = {
  readonly toolchain: "auto" | "always" | "never";
  readonly packages: readonly string[];
  readonly python: { readonly version: string | undefined; readonly packages: readonly string[] } | undefined;
  readonly node: { readonly version: string | undefined; readonly packages: readonly string[] } | undefined;
  readonly browser: "chromium" | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly setup: readonly string[];
};

/** The model provider that stands for this gateway. */
export const gatewayProvider = "gateway";

export function sameProvider(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export function isGatewayEntry(entry: Component): boolean {
  return entry.kind.kind === "provider" && sameProvider(entry.kind.provider, gatewayProvider);
}

/** In either form: a model entry of the provider `gateway`, or `agent.astro_ai_gateway`. */
export function usesGateway(blueprint: Blueprint): boolean {
  return blueprint.agent.astroAiGateway || blueprint.models.some(isGatewayEntry);
}
