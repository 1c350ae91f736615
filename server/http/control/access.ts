// Who may call a control route. Operators may call all of them; members join as further callers, and every route already
// names the roles that may use it.

import { memberRoles, type MemberRole } from "../../workspaces/workspace.ts";

export type RouteAuth =
  /** Anyone, without a credential. */
  | { readonly kind: "public" }
  /** The holder of the operator token. */
  | { readonly kind: "operator" }
  /** Members of the workspace in the path who have one of these roles. */
  | { readonly kind: "member"; readonly roles: readonly MemberRole[] };

/** Who a request comes from. */
export type Caller = { readonly kind: "operator" };

export const anyone: RouteAuth = { kind: "public" };
export const operators: RouteAuth = { kind: "operator" };
export const readers: RouteAuth = { kind: "member", roles: memberRoles };
export const builders: RouteAuth = { kind: "member", roles: ["owner", "admin", "developer"] };
export const managers: RouteAuth = { kind: "member", roles: ["owner", "admin", "billing"] };
export const administrators: RouteAuth = { kind: "member", roles: ["owner", "admin"] };
