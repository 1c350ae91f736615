// Routes for blueprints: what an account has, what is public, and their builds.

import {
  blueprintSchema,
  blueprintsSchema,
  buildDetailSchema,
  buildsSchema,
  createBlueprintSchema,
  listBlueprintsQuerySchema,
  registerBuildSchema,
  registeredBuildSchema,
  updateBlueprintSchema,
} from "../../contracts/agents-registry.ts";
import type { Visibility } from "../../agents/blueprint-records.ts";
import {
  createBlueprint,
  findBuild,
  listBlueprints,
  listBuilds,
  readableBlueprint,
  registerBuild,
} from "../../agents/builds.ts";
import { withImages } from "../../agents/readme.ts";
import type { Workspace } from "../../workspaces/workspace.ts";
import { authorOf, builders, mayReadAll, signedIn } from "../control/access.ts";
import { accountRoute, noBody, noQuery } from "../control/declared-route.ts";
import type { ControlServices } from "../control/services.ts";
import { isoTime } from "../control/shown-values.ts";
import { imagePrefix, showBlueprint, showBuild } from "./shown-blueprints.ts";

const tag = "Agents: blueprints";
const buildsInLists = 10;
const list = "/api/v1/agents/:account";
const one = "/api/v1/agents/:account/:name";

const readingRoutes = [
  accountRoute({
    method: "GET",
    path: list,
    auth: signedIn,
    tag,
    summary: "List blueprints",
    description: `By name, each with its newest ${buildsInLists} builds. Those who are no members see the public ones.`,
    query: listBlueprintsQuerySchema,
    body: noBody,
    status: 200,
    response: blueprintsSchema,
    handle: async ({ workspace, query, caller, role, services }) => {
      const { registry } = services.agents;
      const isMember = mayReadAll(caller, role);
      const archived = isMember && query.archived === "true";
      const found = await listBlueprints(registry, workspace.id, { archived, builds: buildsInLists });
      const seen = found.filter(({ blueprint }) => isMember || blueprint.visibility === "public");
      const counts = await registry.deployments.countDeployments(seen.map(({ blueprint }) => blueprint.id));
      const agents = seen.map(({ blueprint, builds }) => {
        const deployments = counts.get(blueprint.id) ?? 0;
        return showBlueprint({ workspace, blueprint, builds, newest: undefined, deployments });
      });
      return { agents, count: agents.length };
    },
  }),
  accountRoute({
    method: "GET",
    path: one,
    auth: signedIn,
    tag,
    summary: "Get a blueprint",
    description: "With all its builds. Those who are no members get public ones.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: blueprintSchema,
    errors: ["blueprint_not_found"],
    handle: ({ workspace, param, caller, role, services }) =>
      read(services, workspace, param("name"), mayReadAll(caller, role)),
  }),
  accountRoute({
    method: "GET",
    path: `${one}/builds`,
    auth: signedIn,
    tag,
    summary: "List builds of a blueprint",
    description: "Newest first.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: buildsSchema,
    errors: ["blueprint_not_found"],
    handle: async ({ workspace, param, caller, role, services }) => {
      const { registry } = services.agents;
      const { id } = await readableBlueprint(registry, workspace.id, param("name"), mayReadAll(caller, role));
      const deployed = await registry.deployments.servedBuilds(id);
      return { builds: (await listBuilds(registry, id)).map((build) => showBuild(build, deployed)) };
    },
  }),
  accountRoute({
    method: "GET",
    path: `${one}/builds/:build`,
    auth: signedIn,
    tag,
    summary: "Get a build",
    description: "With the text of its astropods.yml. `latest` is the newest.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: buildDetailSchema,
    errors: ["blueprint_not_found", "build_not_found"],
    handle: async ({ workspace, param, caller, role, services }) => {
      const { registry } = services.agents;
      const { id } = await readableBlueprint(registry, workspace.id, param("name"), mayReadAll(caller, role));
      const build = await findBuild(registry, id, param("build"));
      const deployed = await registry.deployments.servedBuilds(id);
      return { ...showBuild(build, deployed), spec_content: build.specContent, readme: build.readme };
    },
  }),
];

const writingRoutes = [
  accountRoute({
    method: "POST",
    path: list,
    auth: builders,
    tag,
    summary: "Create a blueprint",
    description: "An empty one, to push to.",
    query: noQuery,
    body: createBlueprintSchema,
    status: 201,
    response: blueprintSchema,
    errors: ["conflict"],
    handle: async ({ workspace, body, services }) => {
      const blueprint = await createBlueprint(services.agents.registry, workspace.id, body.name, body.visibility);
      return showBlueprint({ workspace, blueprint, builds: [], newest: undefined, deployments: 0 });
    },
  }),
  accountRoute({
    method: "POST",
    path: `${one}/register`,
    auth: builders,
    tag,
    summary: "Register a build",
    description:
      "Adds a build to the blueprint, which is made where there is none. Its images have been pushed before. The oldest " +
      "builds beyond 100 go, none that is deployed.",
    query: noQuery,
    body: registerBuildSchema,
    status: 201,
    response: registeredBuildSchema,
    errors: ["invalid_blueprint", "conflict"],
    handle: async ({ workspace, param, body, caller, services }) => {
      const name = param("name");
      const readme = withImages(body.readme, body.readme_assets, imagePrefix(services, workspace, name));
      const { build_id: id, spec_content: specContent, registry, visibility } = body;
      const input = { id, specContent, readme, registry, visibility, by: authorOf(caller) };
      const registered = await registerBuild(services.agents.registry, workspace.id, name, input);
      const { blueprint, build, pruned } = registered;
      return {
        account: workspace.slug,
        name: blueprint.name,
        build_id: build.id,
        published_at: isoTime(build.publishedAt),
        visibility: blueprint.visibility,
        validation_warnings: [...build.warnings],
        hints: build.warnings.map(({ line, message, hint }) => `Line ${line}: ${message}${hint ? ` ${hint}` : ""}`),
        pruned_builds: [...pruned],
      };
    },
  }),
  changeVisibility("PATCH", one, "Update a blueprint"),
  changeVisibility("PUT", `${one}/visibility`, "Set the visibility of a blueprint"),
  archive("DELETE", one, "Delete a blueprint"),
  archive("POST", `${one}/archive`, "Archive a blueprint"),
];

export const blueprintRoutes = [...readingRoutes, ...writingRoutes];

function changeVisibility(method: "PATCH" | "PUT", path: typeof one | `${typeof one}/visibility`, summary: string) {
  return accountRoute({
    method,
    path,
    auth: builders,
    tag,
    summary,
    description: "A public blueprint can be read, and deployed into an account of their own, by everybody signed in.",
    query: noQuery,
    body: updateBlueprintSchema,
    status: 200,
    response: blueprintSchema,
    errors: ["blueprint_not_found"],
    handle: async ({ workspace, param, body, services }) => {
      const visibility: Visibility = body.visibility;
      const { records } = services.agents.registry;
      const { id } = await readableBlueprint({ records }, workspace.id, param("name"), true);
      await records.setVisibility(id, visibility);
      return read(services, workspace, param("name"), true);
    },
  });
}

function archive(method: "DELETE" | "POST", path: typeof one | `${typeof one}/archive`, summary: string) {
  return accountRoute({
    method,
    path,
    auth: builders,
    tag,
    summary,
    description:
      "Archives it: it is not listed and cannot be deployed, and comes back with the next push. What runs goes on.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: blueprintSchema,
    errors: ["blueprint_not_found"],
    handle: async ({ workspace, param, services }) => {
      const { records, now } = services.agents.registry;
      const { id } = await readableBlueprint({ records }, workspace.id, param("name"), true);
      await records.archive(id, now());
      return read(services, workspace, param("name"), true);
    },
  });
}

async function read(services: ControlServices, workspace: Workspace, name: string, isMember: boolean) {
  const { registry } = services.agents;
  const blueprint = await readableBlueprint(registry, workspace.id, name, isMember);
  const [builds, newest, counts] = await Promise.all([
    listBuilds(registry, blueprint.id),
    registry.records.findBuild(blueprint.id, undefined),
    registry.deployments.countDeployments([blueprint.id]),
  ]);
  return showBlueprint({ workspace, blueprint, builds, newest, deployments: counts.get(blueprint.id) ?? 0 });
}
