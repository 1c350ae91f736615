// The route of a workspace's request for access.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "../../app/parent-routes.tsx";

export const accessRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "access",
    component: lazyRouteComponent(() => import("./access-page.tsx"), "AccessPage"),
  }),
] as const;
