// Whether a caller may call a route: by what the route declares, and by their role in the workspace that the path names.

import { GatewayError } from "../../contracts/errors.ts";
import { asId, type WorkspaceId } from "../../contracts/ids.ts";
import type { MemberRecords } from "../../workspaces/member-records.ts";
import type { MemberRole } from "../../workspaces/workspace.ts";
import { isOperator, rolesInWords, type Caller, type RouteAuth } from "./access.ts";

/**
 * Lets the caller pass, or not. Whoever is no member learns nothing of a workspace, not even that it exists.
 * @param params of the path; routes for members have `workspace`.
 * @returns the caller's role in that workspace; undefined for operators who are no members, and where roles do not decide.
 * @throws GatewayError not_found for strangers to the workspace, forbidden naming the role that is needed
 */
export async function authorize(
  auth: RouteAuth,
  caller: Caller,
  params: Readonly<Record<string, string>>,
  members: Pick<MemberRecords, "roleOf">,
): Promise<MemberRole | undefined> {
  if (auth.kind === "public" || auth.kind === "user") return undefined;
  if (auth.kind === "operator") {
    if (isOperator(caller)) return undefined;
    throw new GatewayError("forbidden", "This is for operators of the server.");
  }
  if (caller.kind === "operator") return undefined;
  const workspaceId = asId<WorkspaceId>(params["workspace"] ?? "");
  const role = await members.roleOf(workspaceId, caller.user.id);
  if (caller.user.isOperator) return role;
  if (role === undefined) throw new GatewayError("not_found", `There is no workspace ${workspaceId}.`);
  if (auth.roles.includes(role)) return role;
  const message = `Your role in this workspace is ${role}; this needs one of: ${rolesInWords(auth)}.`;
  throw new GatewayError("forbidden", message, { details: { role, roles: [...auth.roles] } });
}
