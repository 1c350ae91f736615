// The way to deployments for the rest of the server: cheap to have, and loaded at the first deployment, or at the start of
// a server that has some.

import type { DeployServices } from "./agents/deploy-services.ts";
import type { DoorServices } from "./agents/door-pass.ts";
import type { AgentsAtWork, AgentSurroundings } from "./agents-at-work.ts";
import { agentHosts, type AgentHosts } from "./http/front-door/agent-hosts.ts";

export type WiredAgents = {
  readonly deployments: () => Promise<DeployServices>;
  readonly doors: () => Promise<DoorServices | undefined>;
  /** A deployment's key has a new secret, which its containers need. */
  readonly keyRotated: (deploymentId: string) => Promise<void>;
  /** Which requests are for agents; undefined where none can be. */
  readonly hosts: AgentHosts | undefined;
  readonly atWork: () => Promise<AgentsAtWork>;
  /** Takes up what is to be done, now and whenever another server leaves something. */
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

/** How soon work that another server was told of is seen by one that has had none. */
const lookMs = 15_000;

export function wireAgents(surroundings: AgentSurroundings): WiredAgents {
  const { config, publicUrl, query, reportFault } = surroundings;
  const hosts = agentHosts(config.agents.domain, publicUrl);
  let opened: Promise<AgentsAtWork> | undefined;
  let looking: ReturnType<typeof setTimeout> | undefined;
  let isStarted = false;
  const atWork = (): Promise<AgentsAtWork> =>
    (opened ??= import("./agents-at-work.ts").then(({ agentsAtWork }) => {
      const agents = agentsAtWork(surroundings, hosts);
      if (isStarted) agents.start();
      return agents;
    }));
  const isAny = async (): Promise<boolean> => {
    const any = query.selectFrom("deployments").select("id").where("status", "<>", "undeployed").limit(1);
    return (await any.executeTakeFirst()) !== undefined;
  };
  const look = async (): Promise<void> => {
    if (opened !== undefined || !isStarted) return;
    if (await isAny()) await atWork();
    else looking = setTimeout(tryLook, lookMs);
  };
  const tryLook = (): void => {
    void look().catch((error: unknown) => {
      reportFault("deployments", error);
      looking = setTimeout(tryLook, lookMs);
    });
  };
  return {
    hosts,
    atWork,
    deployments: async () => (await atWork()).services,
    doors: async () => (await atWork()).door?.doors,
    keyRotated: async (deploymentId) => (await atWork()).keyRotated(deploymentId),
    start() {
      isStarted = true;
      if (config.agents.runtime === "none") return;
      if (opened === undefined) tryLook();
      else void opened.then((agents) => agents.start());
    },
    async stop() {
      isStarted = false;
      clearTimeout(looking);
      if (opened !== undefined) await (await opened).stop();
    },
  };
}
