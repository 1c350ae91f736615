// Whether a caller may call a route: by what the route declares, and by their role in the workspace that the path names.

import { GatewayError } from "../../contracts/errors.ts";
import { asId, type WorkspaceId } from "../../contracts/ids.ts";
import type { MemberRecords } from "../../workspaces/member-records.ts";
import type { MemberRole } from "../../workspaces/workspace.ts";
import { noDeployment } from "../../agents/find-deployment.ts";
import { isOperator, rolesInWords, type Caller, type RouteAuth } from "./access.ts";

type PathParams = Readonly<Record<string, string>>;

/**
 * The caller's role in the workspace of the path.
 * @returns undefined for those who are no members, for the operator token, and where roles do not decide.
 */
export async function roleIn(
  auth: RouteAuth,
  caller: Caller,
  params: PathParams,
  members: Pick<MemberRecords, "roleOf">,
): Promise<MemberRole | undefined> {
  if (auth.kind !== "member" || caller.kind === "operator") return undefined;
  return members.roleOf(asId<WorkspaceId>(params["workspace"] ?? ""), caller.user.id);
}

/**
 * Lets the caller pass, or not. Whoever is no member learns nothing of a workspace, not even that it exists.
 * @throws GatewayError not_found for strangers to the workspace, forbidden naming the role that is needed
 */
export function authorize(auth: RouteAuth, caller: Caller, role: MemberRole | undefined, params: PathParams): void {
  if (auth.kind === "public" || auth.kind === "user" || isOperator(caller)) return;
  if (auth.kind === "operator") throw new GatewayError("forbidden", "This is for operators of the server.");
  if (role === undefined && params["account"] !== undefined) throw noAccount(params["account"]);
  if (role === undefined && params["deployment"] !== undefined) throw noDeployment(params["deployment"]);
  if (role === undefined) throw new GatewayError("not_found", `There is no workspace ${params["workspace"]}.`);
  if (auth.roles.includes(role)) return;
  const message = `Your role in this workspace is ${role}; this needs one of: ${rolesInWords(auth)}.`;
  throw new GatewayError("forbidden", message, { details: { role, roles: [...auth.roles] } });
}

/**
 * For routes whose path does not name the workspace: whether the caller may act in it.
 * @returns their role; undefined for operators who are no members
 * @throws GatewayError what `missing` gives for strangers, forbidden naming the role that is needed
 */
export async function admitTo(
  workspaceId: WorkspaceId,
  auth: RouteAuth,
  caller: Caller,
  members: Pick<MemberRecords, "roleOf">,
  missing: () => GatewayError,
): Promise<MemberRole | undefined> {
  const role = await roleIn(auth, caller, { workspace: workspaceId }, members);
  if (role === undefined && !isOperator(caller)) throw missing();
  authorize(auth, caller, role, { workspace: workspaceId });
  return role;
}

export function noAccount(name = ""): GatewayError {
  return new GatewayError("account_not_found", `There is no account ${name.slice(0, 100)} that you are a member of.`);
}
