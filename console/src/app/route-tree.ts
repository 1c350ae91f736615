// Every page of the console, by the feature that it belongs to. Features export their routes; this is the one place that
// lists them.

import { accountRoutes } from "../features/account/routes.ts";
import { keysRoutes } from "../features/keys/routes.ts";
import { overviewRoutes } from "../features/overview/routes.ts";
import { signInRoutes } from "../features/sign-in/routes.ts";
import { homeRoute, openRoute, operatorRoute, rootRoute, signedInRoute, workspaceRoute } from "./parent-routes.tsx";

export const routeTree = rootRoute.addChildren([
  openRoute.addChildren([...signInRoutes]),
  signedInRoute.addChildren([
    homeRoute,
    operatorRoute,
    ...accountRoutes,
    workspaceRoute.addChildren([...overviewRoutes, ...keysRoutes]),
  ]),
]);
