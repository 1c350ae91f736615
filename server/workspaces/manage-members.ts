// Members of a workspace and their roles. Only owners make owners, or change them, and one owner always remains.

import { GatewayError } from "../contracts/errors.ts";
import type { UserId, WorkspaceId } from "../contracts/ids.ts";
import type { Member, MemberChange, MemberRecords } from "./member-records.ts";
import type { MemberRole } from "./workspace.ts";

export type MemberServices = {
  readonly records: MemberRecords;
  /** Unix milliseconds. */
  readonly now: () => number;
};

/** The role that somebody acts with: `operator` for those who run the server. */
export type ActingRole = MemberRole | "operator";

/** @throws GatewayError not_found; forbidden when an owner is concerned and `by` is none; conflict for the last owner */
export async function changeRole(
  services: MemberServices,
  change: {
    readonly workspaceId: WorkspaceId;
    readonly userId: UserId;
    readonly role: MemberRole;
    readonly by: ActingRole;
  },
): Promise<Member> {
  const { workspaceId, userId, role, by } = change;
  const member = await getMember(services, workspaceId, userId);
  requireOwnerFor([member.role, role], by);
  expectDone(await services.records.setRole(workspaceId, userId, role, services.now()), userId);
  return getMember(services, workspaceId, userId);
}

/** What the member made stays. @throws GatewayError as `changeRole` */
export async function removeMember(
  services: MemberServices,
  removal: { readonly workspaceId: WorkspaceId; readonly userId: UserId; readonly by: ActingRole },
): Promise<Member> {
  const { workspaceId, userId, by } = removal;
  const member = await getMember(services, workspaceId, userId);
  requireOwnerFor([member.role], by);
  expectDone(await services.records.remove(workspaceId, userId, services.now()), userId);
  return member;
}

/** Ends one's own membership. @throws GatewayError not_found; conflict for the last owner */
export async function leaveWorkspace(
  services: MemberServices,
  workspaceId: WorkspaceId,
  userId: UserId,
): Promise<Member> {
  const member = await getMember(services, workspaceId, userId);
  expectDone(await services.records.remove(workspaceId, userId, services.now()), userId);
  return member;
}

/** @throws GatewayError forbidden when one of the roles is owner, and the acting one is neither that nor operator */
export function requireOwnerFor(concerned: readonly MemberRole[], by: ActingRole): void {
  if (by === "owner" || by === "operator" || !concerned.includes("owner")) return;
  throw new GatewayError("forbidden", "Only an owner of the workspace makes owners or changes them.", {
    details: { role: by, roles: ["owner"] },
  });
}

async function getMember(services: MemberServices, workspaceId: WorkspaceId, userId: UserId): Promise<Member> {
  const member = await services.records.find(workspaceId, userId);
  if (member === undefined) throw noMember(userId);
  return member;
}

function expectDone(change: MemberChange, userId: UserId): void {
  if (change === "missing") throw noMember(userId);
  if (change === "last_owner") {
    throw new GatewayError("conflict", "A workspace always has an owner: make somebody else one first.");
  }
}

function noMember(userId: UserId): GatewayError {
  return new GatewayError("not_found", `The workspace has no member ${userId}.`);
}
