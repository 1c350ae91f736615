// Workspaces that people make for themselves: one is made at the first sign-in, more whenever the installation lets them.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type UserId } from "../contracts/ids.ts";
import type { InstanceSettings, InstanceSettingsDesk } from "./instance-settings.ts";
import type { MemberRecords } from "./member-records.ts";
import { slugFromName, slugProblem } from "./slug.ts";
import type { Workspace } from "./workspace.ts";

export type FoundingServices = {
  readonly records: MemberRecords;
  readonly invitations: { hasOpen(email: string, now: number): Promise<boolean> };
  readonly settings: Pick<InstanceSettingsDesk, "read">;
  /** Unix milliseconds. */
  readonly now: () => number;
};

export type Founder = {
  readonly id: UserId;
  readonly name: string;
  readonly email: string;
  readonly isOperator: boolean;
};

/** More than anybody works in; each is free of charge, so that there has to be an end. */
const mostOwned = 50;
const longestName = 100;

/**
 * A workspace of which this person is the owner.
 * @param slug to have this slug and no other; undefined: one is made from the name.
 * @throws GatewayError forbidden; conflict, also when the slug is taken; invalid_request when it cannot be one
 */
export async function foundWorkspace(
  services: FoundingServices,
  founder: Founder,
  name: string,
  slug?: string,
): Promise<Workspace> {
  const problem = slug === undefined ? undefined : slugProblem(slug);
  if (problem !== undefined) throw new GatewayError("invalid_request", problem, { param: "name" });
  const settings = await services.settings.read();
  if (settings.workspaceCreation === "operators" && !founder.isOperator) {
    throw new GatewayError("forbidden", "On this server operators make the workspaces: ask one of them.");
  }
  if ((await services.records.countOwned(founder.id)) >= mostOwned) {
    throw new GatewayError(
      "conflict",
      `Nobody owns more than ${mostOwned} workspaces: archive or hand over one first.`,
    );
  }
  const draft = newWorkspace(settings, founder, name, services.now());
  const workspace = { ...draft, slug: slug ?? draft.slug };
  const stored = await services.records.found(workspace, founder.id, { exactSlug: slug !== undefined });
  if (stored !== undefined) return stored;
  throw new GatewayError("conflict", `The name ${workspace.slug} is taken.`, { hint: "Choose another one." });
}

/**
 * Gives somebody who is a member of nothing a workspace of their own, however often it is called at once. Not while an
 * invitation waits for them, and not where operators make the workspaces.
 */
export async function foundFirstWorkspace(services: FoundingServices, founder: Founder): Promise<void> {
  const settings = await services.settings.read();
  if (settings.workspaceCreation === "operators" && !founder.isOperator) return;
  const now = services.now();
  if (await services.invitations.hasOpen(founder.email, now)) return;
  const called = founder.name.trim() || (founder.email.split("@")[0] ?? "");
  const name = `${called.slice(0, longestName - 12)}'s workspace`;
  await services.records.foundFirst(newWorkspace(settings, founder, name, now), founder.id);
}

function newWorkspace(
  { accessReview }: InstanceSettings,
  { isOperator }: Founder,
  name: string,
  createdAt: number,
): Workspace {
  const status = accessReview && !isOperator ? "access_pending" : "active";
  const common = { stackId: undefined, budget: undefined, statusReason: undefined };
  return { id: newId("ws"), name, slug: slugFromName(name), status, ...common, createdAt };
}
