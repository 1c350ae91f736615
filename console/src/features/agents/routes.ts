// Routes of the agents: what is deployed, what could be, the keys they call with and the secrets they are given.

import { createRoute, lazyRouteComponent, notFound, redirect } from "@tanstack/react-router";
import { meQuery } from "../../api/me.ts";
import { signedInRoute, workspaceRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, textAt, type RawSearch } from "../../app/search.ts";

export const agentsTabs = ["deployments", "blueprints", "keys", "variables"] as const;
export const deploymentTabs = ["overview", "revisions", "logs", "usage", "jobs"] as const;
export const blueprintTabs = ["builds", "readme", "file"] as const;

export type AgentsSearch = {
  readonly tab?: (typeof agentsTabs)[number];
  /** `new` opens the dialog that adds a variable. */
  readonly dialog?: "new";
};
export type DeploymentSearch = {
  readonly tab?: (typeof deploymentTabs)[number];
  /** Whose logs are shown. */
  readonly workload?: string;
};
export type BlueprintSearch = {
  readonly tab?: (typeof blueprintTabs)[number];
  /** Whose file is shown; absent: the newest. */
  readonly build?: string;
  /** `deploy` opens the dialog that deploys it. */
  readonly dialog?: "deploy";
};

export const agentsRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "agents",
    validateSearch: (raw: RawSearch): AgentsSearch =>
      compact({ tab: choiceAt(raw, "tab", agentsTabs), dialog: choiceAt(raw, "dialog", ["new"]) }),
    component: lazyRouteComponent(() => import("./agents-page.tsx"), "AgentsPage"),
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "agents/blueprints/$blueprint",
    validateSearch: (raw: RawSearch): BlueprintSearch =>
      compact({
        tab: choiceAt(raw, "tab", blueprintTabs),
        build: textAt(raw, "build"),
        dialog: choiceAt(raw, "dialog", ["deploy"]),
      }),
    component: lazyRouteComponent(() => import("./blueprint-page.tsx"), "BlueprintPage"),
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "agents/$deployment",
    validateSearch: (raw: RawSearch): DeploymentSearch =>
      compact({ tab: choiceAt(raw, "tab", deploymentTabs), workload: textAt(raw, "workload") }),
    component: lazyRouteComponent(() => import("./deployment-page.tsx"), "DeploymentPage"),
  }),
] as const;

/** `/<account>/<blueprint>`, which the published `ast push` prints, leads to the blueprint in its workspace. */
export const blueprintAddressRoutes = [
  createRoute({
    getParentRoute: () => signedInRoute,
    path: "$account/$blueprint",
    loader: async ({ context, params: { account, blueprint } }) => {
      const { workspaces } = await context.queryClient.ensureQueryData(meQuery);
      const workspaceId = workspaces.find(({ slug }) => slug === account)?.id;
      if (workspaceId === undefined) {
        notFound({ throw: true });
        return;
      }
      const params = { workspaceId, blueprint };
      redirect({ to: "/w/$workspaceId/agents/blueprints/$blueprint", params, replace: true, throw: true });
    },
  }),
] as const;
