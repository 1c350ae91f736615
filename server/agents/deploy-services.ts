// What deployments work with: their records, the registry, the vault, the keys, and what runs containers.

import type { Blueprint } from "../../blueprint/blueprint.ts";
import type { EnvironmentRequest, RequestedValue, ResolvedEnvironment } from "../../blueprint/environment-request.ts";
import type { Workload } from "../../blueprint/workload.ts";
import type { Runtime } from "../../runtimes/runtime.ts";
import type { DeploymentId, WorkspaceId } from "../contracts/ids.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { Deployment } from "./deployment.ts";
import type { DeploymentRecords, DeploymentWork, JobRecords } from "./deployment-records.ts";
import type { RandomBytes } from "./sealed-value.ts";

/** What is known of astropods.yml, loaded at first use. */
export type BlueprintReader = {
  /** Undefined when it is not valid. */
  readonly read: (source: string) => Blueprint | undefined;
  readonly requestedValues: (
    blueprint: Blueprint,
    options: { readonly messaging: EnvironmentRequest["messaging"] },
  ) => readonly RequestedValue[];
  /** Values that are made once for a deployment, such as passwords of databases. */
  readonly generatedNames: (blueprint: Blueprint) => readonly string[];
  readonly resolveEnvironment: (request: EnvironmentRequest) => ResolvedEnvironment;
  readonly planWorkloads: (blueprint: Blueprint, plan: WorkloadPlan) => readonly Workload[];
};

export type WorkloadPlan = {
  readonly place: "deployed";
  /** @param named the image that the blueprint names; undefined for one that it builds. */
  readonly imageOf: (workload: string, named: string | undefined) => string;
  readonly environments: ResolvedEnvironment["environments"];
  /** Crons by job. */
  readonly schedules: ReadonlyMap<string, string>;
  readonly messaging: EnvironmentRequest["messaging"];
};

/** A build as it is deployed. */
export type DeployableBuild = { readonly id: string; readonly specContent: string };

export type DeployableBlueprint = {
  readonly id: string;
  readonly name: string;
  /** Of the account that it belongs to. */
  readonly account: string;
};

export type BuildSource = {
  /** @param buildId `latest` is the newest. @throws GatewayError build_not_found */
  find(blueprintId: string, buildId: string): Promise<DeployableBuild>;
};

export type Vault = {
  /** The values of these variables; a name that the vault does not have is missing. */
  reveal(workspaceId: WorkspaceId, names: readonly string[]): Promise<ReadonlyMap<string, string>>;
};

export type DeploymentKeys = {
  /** Made once, the same ever after. @throws GatewayError account_suspended, and whatever minting can fail with */
  keyOf(workspace: Workspace, deployment: Deployment): Promise<{ readonly secret: string }>;
  /** What is shown of it; undefined when it has none. */
  shown(id: DeploymentId): Promise<{ readonly id: string; readonly prefix: string } | undefined>;
  /** Repeating it changes nothing. */
  revoke(id: DeploymentId): Promise<void>;
};

/** How agents are reached and reach the gateway. */
export type AgentPlaces = {
  /** `https://label.agents.example.com`: where people find a deployment. Undefined: on this server they do not. */
  readonly frontendUrl: (label: string) => string | undefined;
  /** What containers call, with `/v1`. Resolves once somebody answers there. */
  readonly gatewayUrl: () => Promise<string>;
  /** Undefined: no messaging service runs beside agents. */
  readonly messagingImage: string | undefined;
};

export type DeployServices = {
  readonly records: DeploymentRecords;
  readonly work: DeploymentWork;
  readonly jobs: JobRecords;
  readonly blueprints: () => Promise<BlueprintReader>;
  readonly builds: BuildSource;
  readonly vault: Vault;
  readonly keys: DeploymentKeys;
  readonly findWorkspace: (id: WorkspaceId) => Promise<Workspace | undefined>;
  /** Loaded at first use; undefined on a server that runs no agents. @throws RuntimeError unavailable */
  readonly runtime: (() => Promise<Runtime>) | undefined;
  readonly places: AgentPlaces;
  /** Ids of the models that an entry of the gateway without a list of its own may choose from. */
  readonly offeredModels: () => readonly string[];
  /** `deriveKey(master, "deployments")`: what seals templates and generated values. */
  readonly sealingKey: Uint8Array;
  /** `deriveKey(master, "deployment-templates")`: what signs templates. */
  readonly signingKey: Uint8Array;
  readonly random: RandomBytes;
  /** Unix milliseconds, whole. */
  readonly now: () => number;
  /** Tells the worker that there is something to do. */
  readonly wake: () => void;
  /** Tells the front door that a deployment serves elsewhere, or no longer. */
  readonly changed: () => void;
  readonly reportFault: (where: string, error: unknown) => void;
};
