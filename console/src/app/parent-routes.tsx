// The routes that features hang theirs on: open to all, signed in, in a workspace, and for operators.

import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { ApiError } from "../api/api-error.ts";
import { meQuery } from "../api/me.ts";
import { FailurePage } from "./failure-page.tsx";
import { lastWorkspace } from "./last-workspace.ts";
import { NotFoundPage } from "./not-found-page.tsx";
import { currentPath } from "./sign-in-address.ts";

export const rootRoute = createRootRouteWithContext<{ readonly queryClient: QueryClient }>()({
  notFoundComponent: NotFoundPage,
  errorComponent: FailurePage,
});

/** Pages that anyone may see: sign-in, invitations, the public catalogue. A bar at the top and nothing else. */
export const openRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "open",
  component: lazyRouteComponent(() => import("./open-layout.tsx"), "OpenLayout"),
});

/** Pages inside the shell. Whoever is not signed in is sent to the sign-in page, and back here afterwards. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "signed-in",
  loader: async ({ context }) => {
    try {
      return await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const path = currentPath();
      const href = path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`;
      return redirect({ href, replace: true, throw: true });
    }
  },
  component: lazyRouteComponent(() => import("./shell.tsx"), "Shell"),
});

/** `/w/<workspace id>/...`: `useWorkspace` tells pages below it where they are. */
export const workspaceRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/w/$workspaceId",
  onEnter: ({ params }) => lastWorkspace.set(params.workspaceId),
  onStay: ({ params }) => lastWorkspace.set(params.workspaceId),
});

/** `/operator/...`: for those who run the server; the API refuses everyone else. */
export const operatorRoute = createRoute({ getParentRoute: () => signedInRoute, path: "/operator" });

/** `/`: on to the workspace that was open last. */
export const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/",
  loader: async ({ context }) => {
    const { workspaces } = await context.queryClient.ensureQueryData(meQuery);
    const workspace = workspaces.find(({ id }) => id === lastWorkspace.get()) ?? workspaces[0];
    if (workspace === undefined) return;
    redirect({ to: "/w/$workspaceId", params: { workspaceId: workspace.id }, replace: true, throw: true });
  },
  component: lazyRouteComponent(() => import("./no-workspace-page.tsx"), "NoWorkspacePage"),
});
