// The route of making a workspace.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signedInRoute } from "../../app/parent-routes.tsx";

export const newWorkspaceRoutes = [
  createRoute({
    getParentRoute: () => signedInRoute,
    path: "/workspaces/new",
    component: lazyRouteComponent(() => import("./new-workspace-page.tsx"), "NewWorkspacePage"),
  }),
] as const;
