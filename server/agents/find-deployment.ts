// Finding a deployment, or saying that there is none.

import { GatewayError } from "../contracts/errors.ts";
import { asId, type DeploymentId } from "../contracts/ids.ts";
import type { Deployment } from "./deployment.ts";
import type { DeploymentRecords } from "./deployment-records.ts";

export function noDeployment(id: string): GatewayError {
  return new GatewayError("deployment_not_found", `There is no deployment ${id.slice(0, 64)}.`);
}

/** Also one that is undeployed. @throws GatewayError deployment_not_found */
export async function findDeployment(records: Pick<DeploymentRecords, "find">, id: string): Promise<Deployment> {
  const deployment = await records.find(asId<DeploymentId>(id));
  if (deployment === undefined) throw noDeployment(id);
  return deployment;
}

/** @throws GatewayError deployment_not_found, also for one that is being undeployed */
export function requireStanding(deployment: Deployment): void {
  if (deployment.wish === "undeployed") throw noDeployment(deployment.id);
}
