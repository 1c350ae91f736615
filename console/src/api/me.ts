// Who is signed in, and the workspaces that they belong to. The shell reads it before anything else is shown.

import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { meSchema } from "../../../server/contracts/control-me.ts";
import { getApi } from "./fetch-api.ts";

export type Me = z.output<typeof meSchema>;
export type MyWorkspace = Me["workspaces"][number];
export type Role = MyWorkspace["role"];
export type WorkspaceStatus = MyWorkspace["status"];

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
  own: ["owner"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof rolesFor;

export function roleMay(role: Role, permission: Permission): boolean {
  const roles: readonly Role[] = rolesFor[permission];
  return roles.includes(role);
}
