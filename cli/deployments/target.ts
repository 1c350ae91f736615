// Which deployed agent a command means: a name, an id, or the agent of the folder.

import type { Api } from "../api/api.ts";
import { getDeployment, listDeployments, type DeploymentSummary } from "../api/deployments.ts";
import type { Context } from "../context.ts";
import { Problem, usageProblem } from "../problem.ts";
import { nameOfFolder } from "../project/blueprint-file.ts";
import { nearest } from "../suggest.ts";

/** Taken by every command about one agent. */
export const targetOptions = {
  name: { kind: "text", placeholder: "<name>", summary: "The agent by its name, or by its blueprint's" },
  id: { kind: "text", placeholder: "<id>", summary: "The agent by its id" },
} as const;

export const targetArgument = {
  name: "agent",
  summary: "Its name or id (default: the agent of ./astropods.yml)",
  optional: true,
} as const;

export type TargetCall = Pick<Context, "api" | "cwd"> & {
  readonly optional: (name: "agent") => string | undefined;
  readonly text: (name: "name" | "id") => string | undefined;
};

/** @throws Problem not_found, or usage when it is not said which one, or not clearly */
export async function targetOf(call: TargetCall): Promise<DeploymentSummary> {
  const { api, cwd, optional, text } = call;
  const given = [optional("agent"), text("name"), text("id")].filter((value) => value !== undefined);
  if (given.length > 1) throw usageProblem("The agent is named more than once.", "Give its name, or --name, or --id.");
  const id = text("id");
  if (id !== undefined) return (await getDeployment(api, id)).value;
  const wanted = given[0] ?? (await nameOfFolder(cwd));
  if (wanted === undefined) {
    throw usageProblem(
      "Which agent?",
      "Give its name, or go to the folder of its astropods.yml. `ast agent list` shows them.",
    );
  }
  return findTarget(api, wanted);
}

/** By display name, id, or the blueprint's name where only one agent runs it. @throws Problem */
export async function findTarget(api: Api, wanted: string): Promise<DeploymentSummary> {
  const { value: deployments } = await listDeployments(api);
  const exact = deployments.find(({ id, display_name }) => display_name === wanted || id === wanted);
  if (exact !== undefined) return exact;
  const ofBlueprint = deployments.filter(({ name }) => name === wanted);
  const [only] = ofBlueprint;
  if (only !== undefined && ofBlueprint.length === 1) return only;
  if (only !== undefined) {
    throw usageProblem(
      `Several agents run the blueprint ${wanted}: ${ofBlueprint.map(({ display_name }) => display_name).join(", ")}.`,
      "Name one of them.",
    );
  }
  const meant = nearest(
    wanted,
    deployments.map(({ display_name }) => display_name),
  );
  throw new Problem("not_found", `There is no agent "${wanted}" in ${await api.account()}.`, {
    code: "deployment_not_found",
    hint: meant === undefined ? "`ast agent list` shows those that there are." : `Did you mean: ${meant}`,
  });
}
