// Routes that deploy: a template first, which says what is missing, then the signed template itself.

import {
  deployAnswerSchema,
  deploymentTemplateSchema,
  templateAnswerSchema,
  templateRequestSchema,
} from "../../contracts/agents-deployments.ts";
import { readableBlueprint } from "../../agents/builds.ts";
import { deploy } from "../../agents/deploy.ts";
import { makeTemplate, type MadeTemplate } from "../../agents/make-template.ts";
import { asId, type WorkspaceId } from "../../contracts/ids.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { authorOf, builders, mayReadAll, signedIn, type Caller } from "../control/access.ts";
import { admitTo, noAccount } from "../control/authorize.ts";
import { accountRoute, controlRoute, noQuery } from "../control/declared-route.ts";
import type { ControlServices } from "../control/services.ts";
import { getWorkspace } from "../../workspaces/manage-workspaces.ts";
import type { Workspace } from "../../workspaces/workspace.ts";

const tag = "Agents: deployments";

export const templateRoutes = [
  accountRoute({
    method: "POST",
    path: "/api/v1/agents/:account/:name/deployment-template",
    auth: signedIn,
    tag,
    summary: "Make a deployment template",
    description:
      "Says what a build needs and what of it is wrong or missing, and changes nothing. What is not given stays as it " +
      "was. With `finalize` a valid template is signed. Takes a role that may deploy in the account that it is for.",
    query: noQuery,
    body: templateRequestSchema,
    status: 200,
    response: templateAnswerSchema,
    audited: false,
    errors: ["blueprint_not_found", "build_not_found", "deployment_not_found"],
    handle: async ({ workspace: owner, role, caller, param, body, services }) => {
      const target = await targetOf(services, owner, body.account, caller);
      const blueprint = await readableBlueprint(
        services.agents.registry,
        owner.id,
        param("name"),
        mayReadAll(caller, role),
      );
      if (blueprint.archivedAt !== undefined && body.deployment_id === undefined) {
        throw new GatewayError("blueprint_not_found", `The blueprint ${blueprint.name} is archived.`, {
          hint: "Push it again to take it out of the archive.",
        });
      }
      const deployable = { id: blueprint.id, name: blueprint.name, account: owner.slug };
      return show(await makeTemplate(await services.deployments(), target, deployable, body));
    },
  }),
  controlRoute({
    method: "POST",
    path: "/api/v1/deploy",
    auth: signedIn,
    tag,
    summary: "Deploy a template",
    description:
      "Takes a template with its signature in `X-Template-Signature`; only `target` may have been changed. Answers at " +
      "once: `GET /api/v1/deployments/:deployment` tells how it goes on.",
    query: noQuery,
    body: deploymentTemplateSchema,
    status: 200,
    response: deployAnswerSchema,
    errors: [
      "account_not_found",
      "account_suspended",
      "access_pending",
      "build_not_found",
      "deployment_not_found",
      "conflict",
      "service_unavailable",
    ],
    handle: async ({ body, caller, request, services }) => {
      const id = asId<WorkspaceId>(body.account_id);
      await admitTo(id, builders, caller, services.members.records, () => noAccount(id));
      const workspace = await getWorkspace(services.workspaces, id);
      const work = await services.deployments();
      const signature = request.headers.get("x-template-signature") ?? undefined;
      const { deployment, revision, buildId } = await deploy(work, workspace, body, signature, authorOf(caller));
      return {
        status: deployment.status,
        deployment_id: deployment.id,
        name: deployment.blueprintName,
        build_id: buildId,
        revision,
        workspace_id: workspace.id,
      };
    },
  }),
];

/** Where it is deployed to. @throws GatewayError account_not_found for strangers, forbidden */
async function targetOf(
  services: ControlServices,
  owner: Workspace,
  named: string | undefined,
  caller: Caller,
): Promise<Workspace> {
  const { records } = services.workspaces;
  const target =
    named === undefined || named === "" || named === owner.slug
      ? owner
      : named.startsWith("ws_")
        ? await records.find(asId<WorkspaceId>(named))
        : await records.findBySlug(named);
  if (target === undefined) throw noAccount(named);
  await admitTo(target.id, builders, caller, services.members.records, () => noAccount(named ?? owner.slug));
  return target;
}

function show({ template, errors, warnings, requested, signature }: MadeTemplate) {
  return {
    template,
    validation: { valid: errors.length === 0, errors: [...errors], warnings: [...warnings] },
    requested: {
      variables: requested.variables.map(({ given, ...value }) => ({
        name: value.name,
        secret: value.secret,
        datatype: value.datatype,
        optional: value.optional,
        default: value.default ?? null,
        options: [...(value.options ?? [])],
        description: value.description ?? null,
        display_as: value.displayAs ?? null,
        containers: [...value.containers],
        given,
      })),
      models: requested.models.map(({ name, options, chosen }) => ({ name, options: [...options], chosen })),
      schedules: [...requested.schedules],
    },
    variables: Object.fromEntries(
      requested.variables.map(({ name, secret, optional, containers, ...value }) => [
        name,
        {
          targets: [...containers],
          secret,
          optional,
          ...(value.default === undefined ? {} : { default: value.default }),
          ...(value.description === undefined ? {} : { description: value.description }),
        },
      ]),
    ),
    ...(signature === undefined ? {} : { signature }),
  };
}
