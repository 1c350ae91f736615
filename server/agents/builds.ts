// The registry: blueprints of an account and their builds. A build is what is deployed; it never changes, and goes only to
// make room for newer ones, never while a deployment runs it.

import { blueprintNamePattern, blueprintNameRule, type ShownDiagnostic } from "../contracts/agents-limits.ts";
import { GatewayError, invalidField } from "../contracts/errors.ts";
import { newId, type BlueprintId, type WorkspaceId } from "../contracts/ids.ts";
import type {
  BlueprintRecords,
  BuildHeadline,
  NewBuild,
  Registration,
  StoredBlueprint,
  StoredBuild,
  Visibility,
} from "./blueprint-records.ts";
import type { DeploymentLinks } from "./deployment-links.ts";

/** Says what is wrong with the text of astropods.yml as the blueprint of that name, and what is only doubtful. */
export type CheckSpec = (source: string, name: string) => Promise<readonly ShownDiagnostic[]>;

export type RegistryServices = {
  readonly records: BlueprintRecords;
  readonly checkSpec: CheckSpec;
  readonly deployments: DeploymentLinks;
  /** Unix milliseconds. */
  readonly now: () => number;
};

const mostBlueprints = 200;
/** With archived ones; those that were archived first make room for new ones. */
const mostBlueprintsEver = 400;
/** Builds kept of one blueprint, besides those that are deployed. */
const mostBuilds = 100;
/** Builds that are deployed and cannot go, of one blueprint: more than this takes no new one. */
const mostBuildsEver = 400;

export type BuildToRegister = Pick<NewBuild, "id" | "specContent" | "readme" | "registry"> & {
  readonly visibility: Visibility | undefined;
  readonly by: string;
};

export type RegisteredBuild = {
  readonly blueprint: StoredBlueprint;
  readonly build: StoredBuild;
  readonly pruned: readonly string[];
};

/**
 * Adds a build to a blueprint, which is made or taken out of the archive where needed.
 * @throws GatewayError invalid_blueprint with every diagnostic; conflict for a build id that was used, and when the account
 *   or the blueprint is full
 */
export async function registerBuild(
  services: RegistryServices,
  workspaceId: WorkspaceId,
  name: string,
  input: BuildToRegister,
): Promise<RegisteredBuild> {
  requireName(name);
  const warnings = await requireValid(services.checkSpec, input.specContent, name);
  const { id, specContent, readme, registry, visibility, by: publishedBy } = input;
  const before = await services.records.find(workspaceId, name);
  const pruned = before === undefined ? [] : await makeRoom(services, before.id);
  const registration: Registration = {
    workspaceId,
    name,
    blueprintId: newId("bp"),
    visibility,
    build: { id, specContent, readme, registry, publishedBy, warnings },
    mostBlueprints,
    at: services.now(),
  };
  const registered = await services.records.register(registration);
  if (registered.outcome === "done") {
    if (before === undefined) await purgeArchived(services, workspaceId);
    return { ...registered, pruned };
  }
  if (registered.outcome === "too_many_blueprints") throw tooManyBlueprints();
  throw new GatewayError("conflict", `${name} has a build ${id} already; builds never change.`, {
    hint: "Push again: every push makes a build id of its own.",
  });
}

/** Deletes what was archived first when there are too many blueprints, but nothing that is deployed. */
async function purgeArchived({ records, deployments }: RegistryServices, workspaceId: WorkspaceId): Promise<void> {
  if ((await records.count(workspaceId)) <= mostBlueprintsEver) return;
  const archived = await records.archived(workspaceId, mostBlueprintsEver);
  const deployed = await deployments.countDeployments(archived.map(({ id }) => id));
  const spare = archived.find(({ id }) => (deployed.get(id) ?? 0) === 0);
  if (spare !== undefined) await records.purge(spare);
}

/** Deletes the oldest builds beyond the number kept, none that is deployed. @returns their ids */
async function makeRoom({ records, deployments }: RegistryServices, id: BlueprintId): Promise<readonly string[]> {
  const builds = (await records.builds([id], mostBuildsEver + 1)).get(id) ?? [];
  if (builds.length < mostBuilds) return [];
  const deployed = await deployments.keptBuilds(id);
  const spare = builds.slice(mostBuilds - 1).filter((build) => !deployed.has(build.id));
  if (builds.length - spare.length >= mostBuildsEver) {
    throw new GatewayError("conflict", `${builds.length - spare.length} builds of this blueprint are deployed.`, {
      hint: "Undeploy some of its deployments: only builds that nothing runs make room for new ones.",
    });
  }
  const ids = spare.map((build) => build.id);
  await records.deleteBuilds(id, ids);
  return ids;
}

async function requireValid(checkSpec: CheckSpec, source: string, name: string): Promise<readonly ShownDiagnostic[]> {
  const diagnostics = await checkSpec(source, name);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return diagnostics;
  const places = errors.length === 1 ? "one place" : `${errors.length} places`;
  throw new GatewayError("invalid_blueprint", `The text of astropods.yml is wrong in ${places}.`, {
    param: "spec_content",
    details: { diagnostics: errors.map((diagnostic) => ({ ...diagnostic })) },
  });
}

/** An empty blueprint, to be pushed to. @throws GatewayError conflict when there is one of that name */
export async function createBlueprint(
  services: RegistryServices,
  workspaceId: WorkspaceId,
  name: string,
  visibility: Visibility,
): Promise<StoredBlueprint> {
  requireName(name);
  const createdAt = services.now();
  const blueprint: StoredBlueprint = {
    id: newId("bp"),
    workspaceId,
    name,
    visibility,
    createdAt,
    archivedAt: undefined,
  };
  const outcome = await services.records.create(blueprint, mostBlueprints);
  if (outcome === "exists") {
    throw new GatewayError("conflict", `The account has a blueprint ${name} already.`, {
      hint: "Push to it, or choose another name.",
    });
  }
  if (outcome === "too_many_blueprints") throw tooManyBlueprints();
  await purgeArchived(services, workspaceId);
  return blueprint;
}

/** Undefined when the account has none of that name; an archived one is found. */
export function findBlueprint(
  services: Pick<RegistryServices, "records">,
  workspaceId: WorkspaceId,
  name: string,
): Promise<StoredBlueprint | undefined> {
  return services.records.find(workspaceId, name);
}

/**
 * The blueprint, for somebody who may read it.
 * @param isMember whether they are a member of the account, or an operator: others find what is public and in use.
 * @throws GatewayError blueprint_not_found
 */
export async function readableBlueprint(
  services: Pick<RegistryServices, "records">,
  workspaceId: WorkspaceId,
  name: string,
  isMember: boolean,
): Promise<StoredBlueprint> {
  const blueprint = await findBlueprint(services, workspaceId, name);
  const isOpen = blueprint?.visibility === "public" && blueprint.archivedAt === undefined;
  if (blueprint !== undefined && (isMember || isOpen)) return blueprint;
  throw new GatewayError("blueprint_not_found", `The account has no blueprint ${name.slice(0, 100)}.`);
}

/**
 * A build to deploy.
 * @param buildId `latest` is the newest.
 * @throws GatewayError build_not_found
 */
export async function findBuild(
  services: Pick<RegistryServices, "records">,
  blueprintId: BlueprintId,
  buildId: string,
): Promise<StoredBuild> {
  const wanted = buildId === "latest" ? undefined : buildId;
  const build = await services.records.findBuild(blueprintId, wanted);
  if (build !== undefined) return build;
  const message = wanted === undefined ? "The blueprint has no builds yet." : `The blueprint has no build ${wanted}.`;
  throw new GatewayError("build_not_found", message);
}

/** By name, each with its newest builds. */
export async function listBlueprints(
  services: RegistryServices,
  workspaceId: WorkspaceId,
  { archived, builds }: { readonly archived: boolean; readonly builds: number },
): Promise<readonly { readonly blueprint: StoredBlueprint; readonly builds: readonly BuildHeadline[] }[]> {
  const blueprints = await services.records.list(workspaceId, { archived, limit: 2 * mostBlueprints });
  const newest = await services.records.builds(
    blueprints.map(({ id }) => id),
    builds,
  );
  return blueprints.map((blueprint) => ({ blueprint, builds: newest.get(blueprint.id) ?? [] }));
}

/** Newest first; all that are kept. */
export async function listBuilds(services: RegistryServices, id: BlueprintId): Promise<readonly BuildHeadline[]> {
  return (await services.records.builds([id], mostBuildsEver)).get(id) ?? [];
}

function requireName(name: string): void {
  if (name.includes("/") || name.startsWith("@")) {
    throw invalidField("name", "the blueprint's name alone: its account stands in the path");
  }
  if (!blueprintNamePattern.test(name)) throw invalidField("name", blueprintNameRule);
}

function tooManyBlueprints(): GatewayError {
  return new GatewayError("conflict", `An account has at most ${mostBlueprints} blueprints that are in use.`, {
    hint: "Archive some that are not needed any more.",
  });
}
