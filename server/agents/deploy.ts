// Takes a signed template: makes the deployment, or adds a revision to it, and leaves the rest to the worker.

import type { DeploymentTemplate } from "../contracts/agents-deployments.ts";
import { GatewayError } from "../contracts/errors.ts";
import { asId, newId, type DeploymentId } from "../contracts/ids.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { DeployableBuild, DeployServices } from "./deploy-services.ts";
import type { Deployment, Door, RevisionTemplate } from "./deployment.ts";
import type { NewRevision } from "./deployment-records.ts";
import { accessOf } from "./agent-choices.ts";
import { messagingFor, messagingWebPort } from "./messaging.ts";
import { noDeployment } from "./find-deployment.ts";
import { requireActive } from "./gateway-keys.ts";
import { filledIn } from "./given-variables.ts";
import { makeLabel } from "./label.ts";
import { openTemplate, sealTemplate, vaultNamesOf } from "./revision-template.ts";
import { requireSignOfLife } from "./sign-of-life.ts";
import { requireSigned } from "./template-signature.ts";

/** Of one account, running or stopped: each is containers on somebody's machines. */
const mostDeployments = 100;

export type Deployed = { readonly deployment: Deployment; readonly revision: number; readonly buildId: string };

/**
 * @param workspace the one that the template names; the caller may deploy there.
 * @param by who asks: an email, or `operator`.
 * @throws GatewayError invalid_request for a template that was not signed here, account_suspended, access_pending,
 *   build_not_found, deployment_not_found, conflict when the name is in use or the account is full, service_unavailable
 *   when nothing could be started now
 */
export async function deploy(
  services: DeployServices,
  workspace: Workspace,
  template: DeploymentTemplate,
  signature: string | undefined,
  by: string,
): Promise<Deployed> {
  requireSigned(services.signingKey, template, signature, services.now());
  requireActive(workspace);
  const build = await services.builds.find(template.blueprint.id, template.build_id);
  const existing = template.deployment_id === null ? undefined : await ownDeployment(services, workspace, template);
  const id = existing?.id ?? newId("dep");
  const revision = await revisionOf(services, id, template, by);
  await requireSignOfLife(services);
  const deployed =
    existing === undefined
      ? await insert(services, workspace, template, {
          id,
          revision,
          door: await expectedDoor(services, build, template),
        })
      : await addTo(services, existing, template, revision);
  services.wake();
  return { ...deployed, buildId: build.id };
}

async function ownDeployment(
  { records }: DeployServices,
  workspace: Workspace,
  template: DeploymentTemplate,
): Promise<Deployment> {
  const id = template.deployment_id ?? "";
  const deployment = await records.find(asId<DeploymentId>(id));
  if (deployment === undefined || deployment.workspaceId !== workspace.id) throw noDeployment(id);
  return deployment;
}

async function revisionOf(
  services: DeployServices,
  id: DeploymentId,
  template: DeploymentTemplate,
  by: string,
): Promise<NewRevision> {
  const { interfaces, models, schedules } = template;
  const before = template.based_on === null ? undefined : await storedBy(services, id, template.based_on);
  const stored: RevisionTemplate = { interfaces, models, schedules, variables: filledIn(template.variables, before) };
  return {
    buildId: template.build_id,
    reason: template.reason,
    fromRevision: template.reason === "rollback" ? (template.based_on ?? undefined) : undefined,
    sealedTemplate: sealTemplate(services, id, stored),
    vaultNames: vaultNamesOf(stored),
    createdBy: by,
    createdAt: services.now(),
  };
}

async function storedBy(services: DeployServices, id: DeploymentId, number: number) {
  const revision = await services.records.revision(id, number);
  return revision && openTemplate(services, id, revision.sealedTemplate)?.variables;
}

async function insert(
  services: DeployServices,
  workspace: Workspace,
  template: DeploymentTemplate,
  {
    id,
    revision,
    door,
  }: { readonly id: DeploymentId; readonly revision: NewRevision; readonly door: Door | undefined },
): Promise<Omit<Deployed, "buildId">> {
  if ((await services.records.count(workspace.id)) >= mostDeployments) {
    throw new GatewayError("conflict", `An account has at most ${mostDeployments} deployments.`, {
      hint: "Undeploy one that is no longer needed.",
    });
  }
  const at = revision.createdAt;
  const displayName = template.target.display_name;
  const deployment: Deployment = {
    id,
    workspaceId: workspace.id,
    blueprintId: template.blueprint.id,
    blueprintName: template.blueprint.name,
    displayName,
    label: makeLabel(displayName, services.random),
    status: "pending",
    statusReason: undefined,
    wish: "running",
    revision: 1,
    servingRevision: undefined,
    door,
    sealedValues: undefined,
    version: 1,
    createdBy: revision.createdBy,
    createdAt: at,
    updatedAt: at,
  };
  if (!(await services.records.insert(deployment, revision))) throw nameTaken(displayName);
  return { deployment, revision: 1 };
}

/** Where its front door will lead once it runs, so that people can be told while it does not. */
async function expectedDoor(
  { blueprints, places }: DeployServices,
  { specContent }: DeployableBuild,
  { interfaces }: DeploymentTemplate,
): Promise<Door | undefined> {
  const access = accessOf(interfaces);
  const blueprint = (await blueprints()).read(specContent);
  if (blueprint === undefined || access === "none") return undefined;
  if (blueprint.agent.interfaces.frontend) return { access, kind: "frontend", workload: "agent", port: 80 };
  if (messagingFor(blueprint, interfaces, places.messagingImage) === undefined) return undefined;
  return { access, kind: "messaging", workload: "messaging", port: messagingWebPort };
}

async function addTo(
  services: DeployServices,
  deployment: Deployment,
  template: DeploymentTemplate,
  revision: NewRevision,
): Promise<Omit<Deployed, "buildId">> {
  const displayName = template.target.display_name;
  const added = await services.records.addRevision(deployment.id, revision, { start: true, displayName });
  if (added === undefined) throw noDeployment(deployment.id);
  if (added === "name_taken") throw nameTaken(displayName);
  return { deployment: { ...deployment, displayName, status: "pending" }, revision: added };
}

function nameTaken(name: string): GatewayError {
  return new GatewayError("conflict", `The account has a deployment called ${name}.`, {
    hint: "Choose another name with `--name`, or redeploy the one that is there.",
  });
}
