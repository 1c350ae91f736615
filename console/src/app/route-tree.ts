// Every page of the console, by the feature that it belongs to. Features export their routes; this is the one place that
// lists them.

import { keysRoutes } from "../features/keys/routes.ts";
import { modelsRoutes, publicCatalogueRoutes } from "../features/models/routes.ts";
import { overviewRoutes } from "../features/overview/routes.ts";
import { playgroundRoutes } from "../features/playground/routes.ts";
import { tracesRoutes } from "../features/traces/routes.ts";
import { usageRoutes } from "../features/usage/routes.ts";
import { homeRoute, openRoute, operatorRoute, rootRoute, signedInRoute, workspaceRoute } from "./parent-routes.tsx";

export const routeTree = rootRoute.addChildren([
  openRoute.addChildren([...publicCatalogueRoutes]),
  signedInRoute.addChildren([
    homeRoute,
    operatorRoute,
    workspaceRoute.addChildren([
      ...overviewRoutes,
      ...keysRoutes,
      ...modelsRoutes,
      ...playgroundRoutes,
      ...tracesRoutes,
      ...usageRoutes,
    ]),
  ]),
]);
