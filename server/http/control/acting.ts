// Callers as the domain knows them: the role they act with, and what they are called.

import type { ActingRole } from "../../workspaces/manage-members.ts";
import type { Inviter } from "../../workspaces/invitations.ts";
import type { MemberRole } from "../../workspaces/workspace.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { isOperator, type Caller } from "./access.ts";

/** @throws GatewayError forbidden for those with neither role nor right, whom no route lets pass */
export function actingRole(caller: Caller, role: MemberRole | undefined): ActingRole {
  if (isOperator(caller)) return "operator";
  if (role === undefined) throw new GatewayError("forbidden");
  return role;
}

/** A user's id, or `operator` for the token. */
export function callerId(caller: Caller): string {
  return caller.kind === "user" ? caller.user.id : "operator";
}

export function inviterOf(caller: Caller, role: MemberRole | undefined): Inviter {
  const name = caller.kind === "user" ? caller.user.name.trim() || caller.user.email : "The operator of this server";
  return { role: actingRole(caller, role), id: callerId(caller), name };
}
