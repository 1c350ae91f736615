// Every page of the console, by the feature that it belongs to. Features export their routes; this is the one place that
// lists them.

import { accessRoutes } from "../features/access/routes.ts";
import { accountRoutes } from "../features/account/routes.ts";
import { agentsRoutes, blueprintAddressRoutes } from "../features/agents/routes.ts";
import { billingRoutes, debtRoutes } from "../features/billing/routes.ts";
import { keysRoutes } from "../features/keys/routes.ts";
import { invitationRoutes, membersRoutes } from "../features/members/routes.ts";
import { modelsRoutes, publicCatalogueRoutes } from "../features/models/routes.ts";
import { operatorRoutes } from "../features/operator/routes.ts";
import { overviewRoutes } from "../features/overview/routes.ts";
import { playgroundRoutes } from "../features/playground/routes.ts";
import { settingsRoutes } from "../features/settings/routes.ts";
import { signInRoutes } from "../features/sign-in/routes.ts";
import { stacksRoutes } from "../features/stacks/routes.ts";
import { tracesRoutes } from "../features/traces/routes.ts";
import { usageRoutes } from "../features/usage/routes.ts";
import { newWorkspaceRoutes } from "../features/workspaces/routes.ts";
import { homeRoute, openRoute, operatorRoute, rootRoute, signedInRoute, workspaceRoute } from "./parent-routes.tsx";

/** For anyone. */
const openPages = [
  // One feature a line, so that changes of several meet without harm.
  ...signInRoutes,
  ...invitationRoutes,
  ...publicCatalogueRoutes,
] as const;

/** For whoever is signed in. */
const ownPages = [
  // Of the person, not of a workspace.
  ...accountRoutes,
  ...newWorkspaceRoutes,
  ...blueprintAddressRoutes,
] as const;

/** In a workspace. */
const workspacePages = [
  ...overviewRoutes,
  ...playgroundRoutes,
  ...tracesRoutes,
  ...usageRoutes,
  ...keysRoutes,
  ...stacksRoutes,
  ...agentsRoutes,
  ...modelsRoutes,
  ...billingRoutes,
  ...membersRoutes,
  ...settingsRoutes,
  ...accessRoutes,
] as const;

export const routeTree = rootRoute.addChildren([
  openRoute.addChildren([...openPages]),
  signedInRoute.addChildren([
    homeRoute,
    ...ownPages,
    operatorRoute.addChildren([...operatorRoutes, ...debtRoutes]),
    workspaceRoute.addChildren([...workspacePages]),
  ]),
]);
