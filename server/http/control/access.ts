// Who may call a control route, and who called it. Operators may call all of them.

import { GatewayError } from "../../contracts/errors.ts";
import type { AccessToken } from "../../identity/access-token.ts";
import type { SignedInUser } from "../../identity/signed-in-user.ts";
import { builderRoles, memberRoles, type MemberRole } from "../../workspaces/workspace.ts";

export type RouteAuth =
  /** Anyone, without a credential. */
  | { readonly kind: "public" }
  /**
   * Anyone who is signed in. With `by` not with every access token: with none for "session", with none that is limited to
   * a workspace for "unlimited".
   */
  | { readonly kind: "user"; readonly by?: "session" | "unlimited" }
  /** The holder of the operator token, and users who are operators. */
  | { readonly kind: "operator" }
  /** Members of the workspace in the path who have one of these roles. */
  | { readonly kind: "member"; readonly roles: readonly MemberRole[] };

/** Who a request comes from: the holder of the operator token, or a person. */
export type Caller = { readonly kind: "operator" } | { readonly kind: "user"; readonly user: SignedInUser };

export const anyone: RouteAuth = { kind: "public" };
export const signedIn: RouteAuth = { kind: "user" };
/** Those who are signed in, for what concerns the person alone: no access token does. */
export const inSession: RouteAuth = { kind: "user", by: "session" };
/** Those who are signed in, for what leads out of one workspace. */
export const acrossWorkspaces: RouteAuth = { kind: "user", by: "unlimited" };
export const operators: RouteAuth = { kind: "operator" };
export const readers: RouteAuth = { kind: "member", roles: memberRoles };
export const builders: RouteAuth = { kind: "member", roles: builderRoles };
export const managers: RouteAuth = { kind: "member", roles: ["owner", "admin", "billing"] };
export const owners: RouteAuth = { kind: "member", roles: ["owner"] };
export const administrators: RouteAuth = { kind: "member", roles: ["owner", "admin"] };

export function isOperator(caller: Caller): boolean {
  return caller.kind === "operator" || caller.user.isOperator;
}

/** The access token that a caller came with; undefined for sessions and the operator token. */
export function accessTokenOf(caller: Caller): AccessToken | undefined {
  return caller.kind === "user" ? caller.user.accessToken : undefined;
}

/** For what only a person can do. @throws GatewayError forbidden for the operator token */
export function personOf(caller: Caller): SignedInUser {
  if (caller.kind === "user") return caller.user;
  throw new GatewayError("forbidden", "Only a person who is signed in can do this; the operator token is nobody.");
}

/** The roles of a route in words, for messages and documents: `owner, admin`. Undefined where roles do not decide. */
export function rolesInWords(auth: RouteAuth): string | undefined {
  return auth.kind === "member" ? auth.roles.join(", ") : undefined;
}

/** What a change is signed with: the person's email, or `operator` for the token. */
export function authorOf(caller: Caller): string {
  return caller.kind === "operator" ? "operator" : caller.user.email;
}

/** Whether a caller with this role in a workspace reads what is not public there. */
export function mayReadAll(caller: Caller, role: MemberRole | undefined): boolean {
  return role !== undefined || isOperator(caller);
}
