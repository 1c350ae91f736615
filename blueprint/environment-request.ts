// What resolving an environment needs to be told, and what it answers with.

import type { Blueprint, Datatype, DisplayKind } from "./blueprint.ts";

/** Where the containers run: on the developer's machine, or as a deployment. */
export type Place = "local" | "deployed";

/** Where the file asks for something: `{ section: "models", entry: "default" }`, `{ section: "agent.inputs" }`. */
export type Origin = { readonly section: string; readonly entry?: string };

/** A credential or an input that a person has to give. */
export type RequestedValue = {
  /** The environment variable. */
  readonly name: string;
  readonly secret: boolean;
  readonly datatype: Datatype;
  readonly optional: boolean;
  readonly default?: string;
  readonly options?: readonly string[];
  readonly description?: string;
  readonly displayAs?: DisplayKind;
  readonly from: Origin;
  /** The workloads that get it, by name. */
  readonly containers: readonly string[];
};

export type EnvironmentRequest = {
  readonly blueprint: Blueprint;
  readonly place: Place;
  /** What people gave, by variable. An empty text counts as given only where nothing has to be given. */
  readonly values: ReadonlyMap<string, string>;
  /** `url` ends in `/v1`. Undefined when there is none: a problem if the blueprint uses the gateway. */
  readonly gateway?: { readonly url: string; readonly apiKey: string } | undefined;
  /** The model chosen for an entry of the gateway, by the entry's name. */
  readonly modelChoices: ReadonlyMap<string, string>;
  /** What an entry of the gateway without a list of its own may choose from. Empty: anything. */
  readonly offeredModels: readonly string[];
  /** Where the others reach a workload. */
  readonly addresses: (workload: string) => { readonly host: string };
  /** Set for the agent and its jobs as they stand: `ASTRO_AGENT_NAME` and the like. */
  readonly facts: Readonly<Record<string, string>>;
  /** One for each of `generatedNames(blueprint)`, kept for as long as the volumes are. */
  readonly generated: ReadonlyMap<string, string>;
  /** Which service stands between the agent and people's channels; undefined when none runs. */
  readonly messaging?: MessagingService | undefined;
};

export type MessagingService = {
  readonly image: string;
  /** `web`, `slack`. */
  readonly adapters: readonly string[];
};

export type ResolvedEnvironment = {
  /** By the name of the workload; every one of `workloadNames` is there. */
  readonly environments: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** What has to be given and was not. */
  readonly missing: readonly RequestedValue[];
  /** Values that cannot be used. A message never holds the value of a secret. */
  readonly problems: readonly { readonly name: string; readonly message: string }[];
};
