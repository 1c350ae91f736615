// Puts together what deployments work with: records, registry, vault and keys, the runtime, the worker, the front door.

import { randomBytes } from "node:crypto";
import type { Runtime } from "../runtimes/runtime.ts";
import { engineConnector, runtimeLoader } from "./agent-runtime.ts";
import type { DeploymentKeys, DeployServices } from "./agents/deploy-services.ts";
import { rollOutNewKey } from "./agents/change-deployment.ts";
import { DeployWorker } from "./agents/deploy-worker.ts";
import { findBuild } from "./agents/builds.ts";
import { loadBlueprints } from "./agents/load-blueprints.ts";
import { keyOfDeployment, revokeKeyOfDeployment } from "./agents/gateway-keys.ts";
import { reveal } from "./agents/vault.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Config } from "./config.ts";
import { asId, type BlueprintId, type DeploymentId } from "./contracts/ids.ts";
import { gatewayForAgents } from "./gateway-for-agents.ts";
import type { AgentHosts } from "./http/front-door/agent-hosts.ts";
import { FrontDoor } from "./http/front-door/front-door.ts";
import type { ControlServices } from "./http/control/services.ts";
import { showPrefix } from "./http/control/shown-keys.ts";
import { deriveKey } from "./keys/master-secret.ts";
import { agentDoorStore } from "./storage/agent-door-store.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { deploymentStore } from "./storage/deployment-store.ts";
import { deploymentWorkStore } from "./storage/deployment-work-store.ts";
import { jobStore } from "./storage/job-store.ts";

export type AgentSurroundings = {
  readonly config: Pick<Config, "agents" | "kubernetes" | "host" | "trustedProxies">;
  readonly publicUrl: string;
  readonly master: Uint8Array;
  readonly query: OpenDatabase["query"];
  readonly catalogue: Pick<Catalogue, "models">;
  /** Of the control plane, which is there once the server is wired. */
  readonly control: () => Pick<ControlServices, "agents" | "workspaces">;
  /** Where the server listens. */
  readonly address: () => { readonly host: string; readonly port: number };
  /** Unix milliseconds with fractions. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
  /** For tests: what runs containers in the place of an engine. */
  readonly runtime?: Runtime | undefined;
};

export type AgentsAtWork = {
  readonly services: DeployServices;
  /** Rolls the deployment out with its key's new secret. */
  readonly keyRotated: (deploymentId: string) => Promise<void>;
  /** Undefined where no host names lead to agents. */
  readonly door: FrontDoor | undefined;
  readonly worker: DeployWorker;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

export function agentsAtWork(surroundings: AgentSurroundings, hosts: AgentHosts | undefined): AgentsAtWork {
  const { query, master, config, reportFault } = surroundings;
  const now = (): number => Math.floor(surroundings.now());
  const engine = engineConnector(config.agents);
  const gateway = gatewayForAgents({
    agents: config.agents,
    publicUrl: surroundings.publicUrl,
    address: surroundings.address(),
    connect: engine,
  });
  const services: DeployServices = {
    records: deploymentStore(query),
    work: deploymentWorkStore(query),
    jobs: jobStore(query),
    blueprints: loadBlueprints,
    builds: {
      find: (blueprintId, buildId) =>
        findBuild(surroundings.control().agents.registry, asId<BlueprintId>(blueprintId), buildId),
    },
    vault: { reveal: (workspaceId, names) => reveal(surroundings.control().agents.vault, workspaceId, names) },
    keys: deploymentKeys(surroundings),
    findWorkspace: (id) => surroundings.control().workspaces.records.find(id),
    runtime: runtimeLoader(surroundings, engine),
    places: {
      frontendUrl: (label) => hosts?.urlOf(label),
      gatewayUrl: gateway.url,
      messagingImage: config.agents.messagingImage,
    },
    offeredModels: () => surroundings.catalogue.models.filter(({ kind }) => kind === "generate").map(({ id }) => id),
    sealingKey: deriveKey(master, "deployments"),
    signingKey: deriveKey(master, "deployment-templates"),
    random: (count) => randomBytes(count),
    now,
    wake: () => worker.wake(),
    changed: () => door?.forget(),
    reportFault,
  };
  const worker = new DeployWorker({ services, name: crypto.randomUUID() });
  const door =
    hosts &&
    new FrontDoor({
      services,
      records: agentDoorStore(query),
      hosts,
      publicUrl: surroundings.publicUrl,
      trustedProxies: config.trustedProxies,
      sealingKey: deriveKey(master, "agent-doors"),
    });
  return {
    services,
    door,
    worker,
    async keyRotated(deploymentId) {
      const deployment = await services.records.find(asId<DeploymentId>(deploymentId));
      if (deployment !== undefined) await rollOutNewKey(services, deployment, "key rotation");
    },
    start: () => (services.runtime === undefined ? undefined : worker.start()),
    async stop() {
      door?.close();
      await worker.stop();
      await gateway.close();
    },
  };
}

function deploymentKeys({ control }: AgentSurroundings): DeploymentKeys {
  const keys = () => control().agents.gatewayKeys;
  return {
    keyOf: (workspace, deployment) => {
      const { id: deploymentId, blueprintName: agent, displayName: name } = deployment;
      return keyOfDeployment(keys(), { workspace, deploymentId, agent, name });
    },
    async shown(deploymentId) {
      const held = await keys().records.current({ kind: "deployment", deploymentId });
      return held && { id: held.key.id, prefix: showPrefix(held.key) };
    },
    revoke: (id) => revokeKeyOfDeployment(keys(), id),
  };
}
