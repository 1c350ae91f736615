// Every page of the console, by the feature that it belongs to. Features export their routes; this is the one place that
// lists them.

import { keysRoutes } from "../features/keys/routes.ts";
import { overviewRoutes } from "../features/overview/routes.ts";
import { stacksRoutes } from "../features/stacks/routes.ts";
import { homeRoute, openRoute, operatorRoute, rootRoute, signedInRoute, workspaceRoute } from "./parent-routes.tsx";

export const routeTree = rootRoute.addChildren([
  openRoute,
  signedInRoute.addChildren([
    homeRoute,
    operatorRoute,
    workspaceRoute.addChildren([...overviewRoutes, ...keysRoutes, ...stacksRoutes]),
  ]),
]);
