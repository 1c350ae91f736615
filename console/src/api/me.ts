// Who is signed in, and the workspaces that they belong to. The shell reads it before anything else is shown.

import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { getApi } from "./fetch-api.ts";

export type Role = "owner" | "admin" | "developer" | "billing" | "viewer";

export type WorkspaceStatus = "active" | "suspended" | "access_pending";

export type MyWorkspace = {
  readonly id: string;
  readonly name: string;
  readonly status: WorkspaceStatus;
  readonly role: Role;
};

export type Me = {
  readonly object: "me";
  readonly user: { readonly id: string; readonly email: string; readonly name: string; readonly is_operator: boolean };
  readonly workspaces: readonly MyWorkspace[];
};

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => getApi<Me>("/api/me", {}, signal),
  staleTime: 60_000,
});

/** Inside the shell only, where it has been read. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** The lists of `server/http/control/access.ts`, by what their holders may do. */
const rolesFor = {
  read: ["owner", "admin", "developer", "billing", "viewer"],
  build: ["owner", "admin", "developer"],
  pay: ["owner", "admin", "billing"],
  administer: ["owner", "admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof rolesFor;

export function roleMay(role: Role, permission: Permission): boolean {
  const roles: readonly Role[] = rolesFor[permission];
  return roles.includes(role);
}
