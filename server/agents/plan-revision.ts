// From a revision to what the runtime is asked for: the build read, the key minted, every value known.

import { usesGateway, type Blueprint } from "../../blueprint/blueprint.ts";
import type { Workload } from "../../blueprint/workload.ts";
import type { Revision as RuntimeRevision, Runtime } from "../../runtimes/runtime.ts";
import { GatewayError } from "../contracts/errors.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import { accessOf } from "./agent-choices.ts";
import type { DeployServices, WorkloadPlan } from "./deploy-services.ts";
import type { Deployment, Door, Revision, RevisionTemplate } from "./deployment.ts";
import { revealValues } from "./given-variables.ts";
import { messagingFor, messagingWebPort } from "./messaging.ts";
import { openGenerated, openTemplate, sealGenerated } from "./revision-template.ts";
import { RolloutRefusal } from "./rollout-failure.ts";

export type PlannedRevision = {
  readonly revision: RuntimeRevision;
  readonly template: RevisionTemplate;
  readonly door: Door | undefined;
};

type Planning = {
  readonly workspace: Workspace;
  readonly deployment: Deployment;
  readonly revision: Revision;
  readonly startTimeoutMs: number;
};

/**
 * @param keepGenerated stores values that were made for the deployment, before any container gets them.
 * @throws RolloutRefusal, GatewayError
 */
export async function planRevision(
  services: DeployServices,
  runtime: Runtime,
  { workspace, deployment, revision, startTimeoutMs }: Planning,
  keepGenerated: (sealed: string) => Promise<void>,
): Promise<PlannedRevision> {
  const reader = await services.blueprints();
  const build = await services.builds.find(deployment.blueprintId, revision.buildId);
  const blueprint = reader.read(build.specContent);
  const template = openTemplate(services, deployment.id, revision.sealedTemplate);
  if (blueprint === undefined || template === undefined) {
    throw new RolloutRefusal("invalid_blueprint", `Build ${build.id} cannot be read.`, "Push the blueprint again.");
  }
  const messaging = messagingFor(blueprint, template.interfaces, services.places.messagingImage);
  const resolved = reader.resolveEnvironment({
    blueprint,
    place: "deployed",
    values: await valuesFor(services, workspace, template),
    gateway: await gatewayFor(services, workspace, deployment, blueprint),
    modelChoices: new Map(Object.entries(template.models)),
    offeredModels: services.offeredModels(),
    addresses: (workload) => ({ host: runtime.hostOf(deployment.label, workload) }),
    facts: factsOf(services, runtime, deployment, revision, blueprint),
    generated: await generatedFor(services, deployment, reader.generatedNames(blueprint), keepGenerated),
    messaging,
  });
  const [missing] = resolved.missing;
  if (missing !== undefined) {
    const names = resolved.missing.map(({ name }) => name).join(", ");
    throw new RolloutRefusal("missing_values", `No value for ${names}.`, "Redeploy with `--var NAME=value`.");
  }
  const [problem] = resolved.problems;
  if (problem !== undefined) {
    throw new RolloutRefusal("invalid_value", `${problem.name}: ${problem.message}`, "Redeploy with another value.");
  }
  const plan: WorkloadPlan = {
    place: "deployed",
    imageOf: pushedImage,
    environments: resolved.environments,
    schedules: new Map(Object.entries(template.schedules)),
    messaging,
  };
  const access = accessOf(template.interfaces);
  const workloads = reader.planWorkloads(blueprint, plan);
  const url = services.places.frontendUrl(deployment.label);
  return {
    template,
    door: access === "none" ? undefined : doorOf(workloads, access),
    revision: {
      project: deployment.label,
      number: revision.number,
      workloads,
      labels: labelsOf(deployment, revision),
      ...(url !== undefined && access !== "none" && { publicHost: new URL(url).hostname }),
      access,
      startTimeoutMs,
    },
  };
}

/** The agent's own pages before those of the messaging service. */
function doorOf(workloads: readonly Workload[], access: Door["access"]): Door | undefined {
  const frontend = workloads.find((workload) => workload.frontend);
  const workload = frontend ?? workloads.find(({ component }) => component === "messaging");
  if (workload === undefined) return undefined;
  return frontend === undefined
    ? { access, kind: "messaging", workload: workload.name, port: messagingWebPort }
    : { access, kind: "frontend", workload: workload.name, port: workload.ports[0] ?? 80 };
}

/** A push replaces what is built by its image. */
function pushedImage(workload: string, named: string | undefined): string {
  if (named !== undefined) return named;
  throw new RolloutRefusal("image_not_found", `${workload} names no image.`, "Push the blueprint with `ast push`.");
}

async function valuesFor(services: DeployServices, workspace: Workspace, { variables }: RevisionTemplate) {
  const { values, unknown } = await revealValues(services.vault, workspace.id, variables);
  const [first] = unknown;
  if (first === undefined) return values;
  const message = `${first.variable} refers to ${first.ref}, which the account's vault does not have.`;
  throw new RolloutRefusal("missing_values", message, `Make it with \`ast secrets create ${first.ref}\`.`);
}

/** Minted before anything is started: without a key no container of the revision comes up. */
async function gatewayFor(
  services: DeployServices,
  workspace: Workspace,
  deployment: Deployment,
  blueprint: Blueprint,
) {
  if (!usesGateway(blueprint)) return undefined;
  const { secret } = await services.keys.keyOf(workspace, deployment).catch((error: unknown) => {
    if (error instanceof GatewayError) throw error;
    services.reportFault(`the key of ${deployment.id}`, error);
    const hint = "Redeploy; if it keeps failing, tell the operator of the server.";
    throw new RolloutRefusal("key_not_minted", "The key for the gateway could not be made.", hint);
  });
  return { url: await services.places.gatewayUrl(), apiKey: secret };
}

function factsOf(
  services: DeployServices,
  runtime: Runtime,
  deployment: Deployment,
  revision: Revision,
  blueprint: Blueprint,
): Record<string, string> {
  const host = runtime.hostOf(deployment.label, "agent");
  const url = services.places.frontendUrl(deployment.label);
  return {
    ASTRO_AGENT_NAME: deployment.blueprintName,
    ASTRO_AGENT_BUILD: revision.buildId,
    ASTRO_AGENT_ID: deployment.id,
    ASTRO_AGENT_HOST: host,
    ASTRO_AGENT_URL: `http://${host}`,
    ...(url !== undefined && blueprint.agent.interfaces.frontend && { ASTRO_EXTERNAL_AGENT_URL: url }),
  };
}

/** What was made once stays, since databases keep the password that they were first started with. */
async function generatedFor(
  services: DeployServices,
  deployment: Deployment,
  names: readonly string[],
  keep: (sealed: string) => Promise<void>,
): Promise<ReadonlyMap<string, string>> {
  const generated = openGenerated(services, deployment);
  const missing = names.filter((name) => !generated.has(name));
  for (const name of missing) generated.set(name, Buffer.from(services.random(24)).toString("base64url"));
  if (missing.length > 0) await keep(sealGenerated(services, deployment.id, generated));
  return generated;
}

function labelsOf(deployment: Deployment, revision: Revision): Record<string, string> {
  return {
    "astrolabe.deployment": deployment.id,
    "astrolabe.workspace": deployment.workspaceId,
    "astrolabe.blueprint": deployment.blueprintName,
    "astrolabe.build": revision.buildId,
  };
}
