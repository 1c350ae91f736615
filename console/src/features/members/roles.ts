// The roles of members, in words.

import type { Role } from "../../api/me.ts";

export const roles: readonly Role[] = ["owner", "admin", "developer", "billing", "viewer"];

export const roleNames: Readonly<Record<Role, string>> = {
  owner: "Owner",
  admin: "Admin",
  developer: "Developer",
  billing: "Billing",
  viewer: "Viewer",
};

export const roleWords: Readonly<Record<Role, string>> = {
  owner: "May do everything. Only owners make other owners and archive the workspace; there is always one.",
  admin: "May do everything but that: members, settings, webhooks, keys, stacks, credits, the audit log.",
  developer: "Makes and revokes keys, edits and publishes stacks, uses the playground. Sees the rest.",
  billing: "Buys credits, sets alerts and top-ups, reads the ledger. Sees the rest.",
  viewer: "Sees keys, stacks, traces, usage and credits. Changes nothing.",
};

/** The roles that somebody may give: only owners make owners. */
export function rolesGivenBy(isOwner: boolean): readonly Role[] {
  return isOwner ? roles : roles.filter((role) => role !== "owner");
}
