// What people do to a deployment that is there: pause and wake it, go back, roll it out anew, restart a part, take it away.

import { GatewayError } from "../contracts/errors.ts";
import { RuntimeError, type Runtime } from "../../runtimes/runtime.ts";
import type { RevisionReason } from "../contracts/agents-deployments.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { DeployServices } from "./deploy-services.ts";
import type { Deployment, Revision, Wish } from "./deployment.ts";
import { noDeployment, requireStanding } from "./find-deployment.ts";
import { requireActive } from "./gateway-keys.ts";
import { requireRuntime, requireSignOfLife } from "./sign-of-life.ts";
import { openTemplate, sealTemplate, vaultNamesOf } from "./revision-template.ts";

const mostRevisionsSearched = 200;

/** Keeps what is there and ends its containers. @throws GatewayError deployment_not_found */
export function stopDeployment(services: DeployServices, deployment: Deployment): Promise<Deployment> {
  requireStanding(deployment);
  return wish(services, deployment, "stopped");
}

/**
 * Also for one whose containers somebody else took away.
 * @throws GatewayError account_suspended, deployment_not_found, service_unavailable
 */
export async function wakeDeployment(
  services: DeployServices,
  workspace: Workspace,
  deployment: Deployment,
): Promise<Deployment> {
  requireStanding(deployment);
  requireActive(workspace);
  await requireSignOfLife(services);
  return wish(services, deployment, "running");
}

/**
 * Ends its key, then takes its containers and data away. Repeating it changes nothing. What was asked for counts also
 * when the engine cannot be reached: the worker goes on until it is done.
 */
export async function undeploy(services: DeployServices, deployment: Deployment): Promise<Deployment> {
  if (deployment.wish === "undeployed") return deployment;
  await services.keys.revoke(deployment.id);
  return wish(services, deployment, "undeployed");
}

async function wish({ records, now, wake }: DeployServices, { id }: Deployment, wanted: Wish): Promise<Deployment> {
  const changed = await records.setWish(id, wanted, now());
  if (changed === undefined || (wanted !== "undeployed" && changed.wish === "undeployed")) throw noDeployment(id);
  wake();
  return changed;
}

/**
 * A new revision that runs what an older one ran.
 * @param number undefined: the one that served before the current one.
 * @throws GatewayError account_suspended, build_not_found, service_unavailable; invalid_request when there is no such
 *   revision
 */
export async function rollBack(
  services: DeployServices,
  workspace: Workspace,
  deployment: Deployment,
  number: number | undefined,
  by: string,
): Promise<number> {
  requireStanding(deployment);
  requireActive(workspace);
  const target = await rollbackTarget(services, deployment, number);
  await services.builds.find(deployment.blueprintId, target.buildId);
  await requireSignOfLife(services);
  return addAgain(services, deployment, target, { reason: "rollback", by, start: true });
}

async function rollbackTarget(
  { records }: DeployServices,
  deployment: Deployment,
  number: number | undefined,
): Promise<Revision> {
  if (number !== undefined) {
    const named = await records.revision(deployment.id, number);
    if (named !== undefined) return named;
    throw new GatewayError("invalid_request", `${deployment.displayName} has no revision ${number}.`, {
      param: "revision",
    });
  }
  const revisions = await records.revisions(deployment.id, mostRevisionsSearched);
  const current = deployment.servingRevision ?? deployment.revision;
  const before = revisions.find((revision) => revision.number < current && revision.servingFrom !== undefined);
  if (before !== undefined) return before;
  throw new GatewayError("invalid_request", "No revision served before this one: there is nothing to go back to.", {
    param: "revision",
  });
}

/**
 * A new revision that runs what the newest one runs, with the vault's values of now.
 * @throws GatewayError account_suspended, service_unavailable
 */
export async function redeploy(
  services: DeployServices,
  workspace: Workspace,
  deployment: Deployment,
  by: string,
): Promise<number> {
  requireStanding(deployment);
  requireActive(workspace);
  const newest = await services.records.revision(deployment.id, deployment.revision);
  if (newest === undefined) throw noDeployment(deployment.id);
  await requireSignOfLife(services);
  return addAgain(services, deployment, newest, { reason: "redeploy", by, start: true });
}

/** The containers need the key's new secret. One that stands still gets it when it is woken. */
export async function rollOutNewKey(services: DeployServices, deployment: Deployment, by: string): Promise<void> {
  if (deployment.wish === "undeployed") return;
  const number = deployment.servingRevision ?? deployment.revision;
  const serving = await services.records.revision(deployment.id, number);
  if (serving === undefined) return;
  await addAgain(services, deployment, serving, { reason: "key_rotation", by, start: false });
}

type Again = { readonly reason: RevisionReason; readonly by: string; readonly start: boolean };

async function addAgain(
  services: DeployServices,
  deployment: Deployment,
  revision: Revision,
  { reason, by, start }: Again,
): Promise<number> {
  const stored = openTemplate(services, deployment.id, revision.sealedTemplate);
  if (stored === undefined) throw noDeployment(deployment.id);
  const added = await services.records.addRevision(
    deployment.id,
    {
      buildId: revision.buildId,
      reason,
      fromRevision: reason === "rollback" ? revision.number : undefined,
      sealedTemplate: sealTemplate(services, deployment.id, stored),
      vaultNames: vaultNamesOf(stored),
      createdBy: by,
      createdAt: services.now(),
    },
    { start, displayName: undefined },
  );
  if (typeof added !== "number") throw noDeployment(deployment.id);
  services.wake();
  return added;
}

/**
 * Starts one workload anew.
 * @param instance the name of one of its containers or pods, or of the workload itself
 * @throws GatewayError account_suspended; conflict while it is paused; not_found when nothing of that name runs;
 * service_unavailable
 */
export async function restartWorkload(
  services: DeployServices,
  workspace: Workspace,
  deployment: Deployment,
  instance: string,
): Promise<string> {
  requireStanding(deployment);
  requireActive(workspace);
  if (deployment.status === "stopped") {
    throw new GatewayError("conflict", `${deployment.displayName} is paused.`, { hint: "Resume it instead." });
  }
  const runtime = await runtimeOf(services);
  return withRuntime(async () => {
    const states = await runtime.workloads(deployment.label);
    const state = states.find((one) => one.instance === instance) ?? states.find((one) => one.name === instance);
    if (state === undefined) {
      throw new GatewayError("not_found", `${deployment.displayName} has no container ${instance.slice(0, 100)}.`, {
        hint: "`ast agent get` lists what runs.",
      });
    }
    await runtime.restart(deployment.label, state.name);
    return state.name;
  });
}

/** @throws GatewayError service_unavailable on a server that runs no agents, and while the engine cannot be reached */
export function runtimeOf(services: Pick<DeployServices, "runtime">): Promise<Runtime> {
  return withRuntime(requireRuntime(services));
}

/** What a runtime says to people, as an answer. @throws GatewayError */
export async function withRuntime<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    const code =
      error.code === "not_found" ? "not_found" : error.code === "conflict" ? "conflict" : "service_unavailable";
    throw new GatewayError(code, error.message, { hint: error.hint, cause: error });
  }
}
