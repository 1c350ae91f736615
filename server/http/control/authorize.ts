// Whether a caller may call a route: by what the route declares, and by their role in the workspace that the path names.

import { GatewayError } from "../../contracts/errors.ts";
import { asId, type WorkspaceId } from "../../contracts/ids.ts";
import type { MemberRecords } from "../../workspaces/member-records.ts";
import type { WorkspaceServices } from "../../workspaces/manage-workspaces.ts";
import type { MemberRole, Workspace } from "../../workspaces/workspace.ts";
import { noDeployment } from "../../agents/find-deployment.ts";
import { accessTokenOf, isOperator, rolesInWords, type Caller, type RouteAuth } from "./access.ts";

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
  return roleOf(caller, asId<WorkspaceId>(params["workspace"] ?? ""), members);
}

/** The role that a caller acts with in a workspace. An access token that is limited to another one has none. */
export async function roleOf(
  caller: Caller,
  workspaceId: WorkspaceId,
  members: Pick<MemberRecords, "roleOf">,
): Promise<MemberRole | undefined> {
  if (caller.kind === "operator") return undefined;
  const only = accessTokenOf(caller)?.workspaceId;
  return only === undefined || only === workspaceId ? members.roleOf(workspaceId, caller.user.id) : undefined;
}

/**
 * Lets a caller pass, unless it is an access token that may not do this whatever its person may do.
 * @throws GatewayError forbidden
 */
export function authorizeToken(auth: RouteAuth, method: string, caller: Caller): void {
  const token = accessTokenOf(caller);
  if (token === undefined) return;
  const refuse = (message: string, hint: string) => new GatewayError("forbidden", message, { hint });
  if (token.readOnly && method !== "GET") {
    throw refuse("This access token only reads.", "Use one that was made without `read_only`.");
  }
  if (auth.kind === "operator" || (auth.kind === "user" && auth.by === "session")) {
    const what = auth.kind === "operator" ? "what is for operators" : "this";
    throw refuse(
      `An access token cannot do ${what}.`,
      "Sign in: in the console, or with `ast login` and without ASTRO_ACCESS_TOKEN.",
    );
  }
  if (token.workspaceId !== undefined && auth.kind === "user" && auth.by === "unlimited") {
    throw refuse("This access token is limited to one workspace.", "Use one that is not, or sign in.");
  }
}

/** The workspace of a slug or an id. */
export async function accountOf(
  name: string,
  { records }: Pick<WorkspaceServices, "records">,
): Promise<Workspace | undefined> {
  return name.startsWith("ws_") ? records.find(asId<WorkspaceId>(name)) : records.findBySlug(name);
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
