// Makes a deployment template: what a build needs, from what was sent and what the deployment had, checked field by field
// and signed when it is valid.

import { usesGateway, type Blueprint } from "../../blueprint/blueprint.ts";
import type { RequestedValue } from "../../blueprint/environment-request.ts";
import type { DeploymentTemplate, TemplateRequest } from "../contracts/agents-deployments.ts";
import { GatewayError } from "../contracts/errors.ts";
import { asId, type DeploymentId } from "../contracts/ids.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import {
  accessOf,
  chooseModels,
  chooseSchedules,
  jobsWithSchedule,
  usualInterfaces,
  type ChosenModel,
  type FieldProblem,
} from "./agent-choices.ts";
import type { DeployableBlueprint, DeployableBuild, DeployServices } from "./deploy-services.ts";
import type { Deployment, Revision, RevisionTemplate } from "./deployment.ts";
import { filledIn, mergeVariables, originOf, revealValues } from "./given-variables.ts";
import { noDeployment } from "./find-deployment.ts";
import { messagingFor } from "./messaging.ts";
import { openTemplate } from "./revision-template.ts";
import { signTemplate } from "./template-signature.ts";

export type MadeTemplate = {
  readonly template: DeploymentTemplate;
  readonly errors: readonly FieldProblem[];
  readonly warnings: readonly FieldProblem[];
  readonly requested: Requested;
  readonly signature: string | undefined;
};

type Requested = {
  readonly variables: readonly (RequestedValue & { readonly given: ReturnType<typeof originOf> })[];
  readonly models: readonly ChosenModel[];
  readonly schedules: readonly string[];
};

/** What a template goes on from: a deployment, and the revision whose values are kept. */
type Base = {
  readonly deployment: Deployment;
  readonly revision: Revision;
  readonly stored: RevisionTemplate;
};

/**
 * @param workspace where it is deployed to; the caller may deploy there, and may read the blueprint.
 * @throws GatewayError build_not_found, deployment_not_found, invalid_request
 */
export async function makeTemplate(
  services: DeployServices,
  workspace: Workspace,
  blueprint: DeployableBlueprint,
  request: TemplateRequest,
): Promise<MadeTemplate> {
  const base = await findBase(services, workspace, blueprint, request);
  const build = await services.builds.find(blueprint.id, wantedBuild(request, base));
  const parsed = (await services.blueprints()).read(build.specContent);
  if (parsed === undefined) {
    const hint = "Check the file with `ast spec validate` and push it again.";
    throw new GatewayError("invalid_request", `Build ${build.id} cannot be read by this server.`, {
      param: "build",
      hint,
    });
  }
  return check(services, workspace, { blueprint, build, parsed, base, request });
}

type Draft = {
  readonly blueprint: DeployableBlueprint;
  readonly build: DeployableBuild;
  readonly parsed: Blueprint;
  readonly base: Base | undefined;
  readonly request: TemplateRequest;
};

async function check(services: DeployServices, workspace: Workspace, draft: Draft): Promise<MadeTemplate> {
  const { blueprint, build, parsed, base, request } = draft;
  const errors: FieldProblem[] = [];
  const warnings: FieldProblem[] = [];
  const interfaces = request.interfaces ?? base?.stored.interfaces ?? usualInterfaces;
  const messaging = messagingFor(parsed, interfaces, services.places.messagingImage);
  const values = (await services.blueprints()).requestedValues(parsed, { messaging });
  if (parsed.agent.interfaces.messaging && messaging === undefined && accessOf(interfaces) !== "none") {
    warnings.push({ field: "interfaces.messaging", message: "This server runs no messaging service beside agents." });
  }
  const known = new Set(values.map(({ name }) => name));
  for (const name of Object.keys(request.variables ?? {})) {
    if (!known.has(name))
      warnings.push({ field: `variables.${name}`, message: "Nothing in the blueprint asks for it." });
  }
  const variables = mergeVariables(request.variables, base?.stored.variables, known);
  const models = chooseModels(
    parsed,
    services.offeredModels(),
    request.models ?? {},
    base?.stored.models ?? {},
    errors,
  );
  const schedules = await chooseSchedules(parsed, request.schedules ?? {}, base?.stored.schedules ?? {}, errors);
  const choices = new Map(models.flatMap(({ name, chosen }) => (chosen === "" ? [] : [[name, chosen] as const])));
  const stored = filledIn(variables, base?.stored.variables);
  errors.push(...(await valueProblems(services, workspace, { parsed, stored, choices, messaging })));
  const template: DeploymentTemplate = {
    version: 1,
    target: { display_name: base?.deployment.displayName ?? blueprint.name },
    account_id: workspace.id,
    blueprint: { id: blueprint.id, account: blueprint.account, name: blueprint.name },
    build_id: build.id,
    deployment_id: base?.deployment.id ?? null,
    based_on: base?.revision.number ?? null,
    reason: base === undefined ? "deploy" : request.revision === undefined ? "redeploy" : "rollback",
    interfaces,
    variables,
    models: Object.fromEntries(choices),
    schedules,
    issued_at: new Date(services.now()).toISOString(),
  };
  const signs = request.finalize === true && errors.length === 0;
  return {
    template,
    errors,
    warnings,
    requested: {
      variables: values.map((value) => ({ ...value, given: originOf(value, variables) })),
      models,
      schedules: jobsWithSchedule(parsed),
    },
    signature: signs ? signTemplate(services.signingKey, template) : undefined,
  };
}

type GivenValues = {
  readonly parsed: Blueprint;
  readonly stored: RevisionTemplate["variables"];
  readonly choices: ReadonlyMap<string, string>;
  readonly messaging: ReturnType<typeof messagingFor>;
};

/** Resolves the environment as the rollout would, with a stand-in for what only the rollout knows. */
async function valueProblems(
  services: DeployServices,
  workspace: Workspace,
  { parsed, stored, choices, messaging }: GivenValues,
): Promise<FieldProblem[]> {
  const { resolveEnvironment, generatedNames } = await services.blueprints();
  const { values, unknown } = await revealValues(services.vault, workspace.id, stored);
  const resolved = resolveEnvironment({
    blueprint: parsed,
    place: "deployed",
    values: new Map([...values, ...unknown.map(({ variable }) => [variable, "-"] as const)]),
    ...(usesGateway(parsed) && { gateway: { url: "http://gateway/v1", apiKey: "-" } }),
    modelChoices: choices,
    offeredModels: services.offeredModels(),
    addresses: (host) => ({ host }),
    facts: {},
    generated: new Map(generatedNames(parsed).map((name) => [name, "-"])),
    messaging,
  });
  const undecided = new Set(unknown.map(({ variable }) => variable));
  return [
    ...unknown.map(({ variable, ref }) => ({
      field: `variables.${variable}`,
      message: `The account's vault has no ${ref}: make it with \`ast secrets create ${ref}\`.`,
    })),
    ...resolved.missing.map(({ name }) => ({ field: `variables.${name}`, message: "It needs a value." })),
    ...resolved.problems
      .filter(({ name }) => !undecided.has(name))
      .map(({ name, message }) => ({ field: `variables.${name}`, message })),
  ];
}

async function findBase(
  { records, sealingKey }: DeployServices,
  workspace: Workspace,
  blueprint: DeployableBlueprint,
  { deployment_id: id, revision: number }: TemplateRequest,
): Promise<Base | undefined> {
  if (id === undefined || id === "") {
    if (number === undefined) return undefined;
    throw new GatewayError("invalid_request", "`revision` needs `deployment_id`.", { param: "revision" });
  }
  const deployment = await records.find(asId<DeploymentId>(id));
  if (deployment === undefined || deployment.workspaceId !== workspace.id || deployment.wish === "undeployed") {
    throw noDeployment(id);
  }
  if (deployment.blueprintId !== blueprint.id) {
    const message = `${deployment.displayName} runs the blueprint ${deployment.blueprintName}, not ${blueprint.name}.`;
    throw new GatewayError("invalid_request", message, { param: "deployment_id" });
  }
  const revision = await records.revision(deployment.id, number ?? deployment.revision);
  const stored = revision && openTemplate({ sealingKey }, deployment.id, revision.sealedTemplate);
  if (revision === undefined || stored === undefined) {
    throw new GatewayError("invalid_request", `${deployment.displayName} has no revision ${number}.`, {
      param: "revision",
    });
  }
  return { deployment, revision, stored };
}

function wantedBuild({ build, revision }: TemplateRequest, base: Base | undefined): string {
  if (build !== undefined && build !== "") return build;
  return revision !== undefined && base !== undefined ? base.revision.buildId : "latest";
}
