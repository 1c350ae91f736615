// What keys, vault and registry ask about deployments, answered.

import { asId, type DeploymentId } from "../contracts/ids.ts";
import { rollOutNewKey } from "./change-deployment.ts";
import type { DeployServices } from "./deploy-services.ts";
import type { DeploymentLinks } from "./deployment-links.ts";

/** What only storage can tell; server/storage/deployment-link-store.ts implements it. */
export type DeploymentLinkRecords = Pick<
  DeploymentLinks,
  "deployedBuilds" | "countDeployments" | "usersOfVariables" | "names"
>;

export function deploymentLinks(services: DeployServices, records: DeploymentLinkRecords): DeploymentLinks {
  return {
    deployedBuilds: (blueprintId) => records.deployedBuilds(blueprintId),
    countDeployments: (blueprintIds) => records.countDeployments(blueprintIds),
    usersOfVariables: (workspaceId, names) => records.usersOfVariables(workspaceId, names),
    names: (workspaceId, ids) => records.names(workspaceId, ids),
    async revisionServingAt(deploymentId, at) {
      const serving = await services.records.servingAt(asId<DeploymentId>(deploymentId), at);
      return serving && { revision: serving.number, buildId: serving.buildId };
    },
    async keyRotated(deploymentId) {
      const deployment = await services.records.find(asId<DeploymentId>(deploymentId));
      if (deployment !== undefined) await rollOutNewKey(services, deployment, "key rotation");
    },
  };
}
