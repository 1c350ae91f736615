// The way to deployments for the rest of the server: cheap to have, and loaded at the first deployment, or at the start of
// a server that has some.

import type { DeployServices } from "./agents/deploy-services.ts";
import type { DoorServices } from "./agents/door-pass.ts";
import type { DeploymentLinks } from "./agents/deployment-links.ts";
import type { AgentsAtWork, AgentSurroundings } from "./agents-at-work.ts";
import { agentHosts, type AgentHosts } from "./http/front-door/agent-hosts.ts";

export type WiredAgents = {
  readonly deployments: () => Promise<DeployServices>;
  readonly doors: () => Promise<DoorServices | undefined>;
  /** What keys, vault and registry ask about deployments. */
  readonly links: DeploymentLinks;
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
    const row = await query.selectFrom("deployments").select("id").where("status", "<>", "undeployed").limit(1);
    return (await row.executeTakeFirst()) !== undefined;
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
    links: lazyLinks(async () => (await atWork()).links),
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

function lazyLinks(links: () => Promise<DeploymentLinks>): DeploymentLinks {
  return {
    deployedBuilds: async (...asked) => (await links()).deployedBuilds(...asked),
    countDeployments: async (...asked) => (await links()).countDeployments(...asked),
    usersOfVariables: async (...asked) => (await links()).usersOfVariables(...asked),
    names: async (...asked) => (await links()).names(...asked),
    revisionServingAt: async (...asked) => (await links()).revisionServingAt(...asked),
    keyRotated: async (...asked) => (await links()).keyRotated(...asked),
  };
}
