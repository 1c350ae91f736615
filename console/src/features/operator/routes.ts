// Routes for those who run the server.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { operatorRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, textAt, type RawSearch } from "../../app/search.ts";

export const workspaceStatuses = ["active", "suspended", "access_pending"] as const;
export const requestStatuses = ["pending", "approved", "declined"] as const;

export type WorkspacesSearch = { readonly q?: string; readonly status?: (typeof workspaceStatuses)[number] };
export type RequestsSearch = { readonly status?: (typeof requestStatuses)[number] | "all" };
export type AuditSearch = { readonly actor?: string; readonly action?: string; readonly workspace?: string };

export const operatorRoutes = [
  createRoute({
    getParentRoute: () => operatorRoute,
    path: "workspaces",
    validateSearch: (raw: RawSearch): WorkspacesSearch =>
      compact({ q: textAt(raw, "q"), status: choiceAt(raw, "status", workspaceStatuses) }),
    component: lazyRouteComponent(() => import("./workspaces-page.tsx"), "WorkspacesPage"),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: "workspaces/$id",
    component: lazyRouteComponent(() => import("./workspace-page.tsx"), "WorkspacePage"),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: "users",
    validateSearch: (raw: RawSearch): { readonly q?: string } => compact({ q: textAt(raw, "q") }),
    component: lazyRouteComponent(() => import("./users-page.tsx"), "UsersPage"),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: "access-requests",
    validateSearch: (raw: RawSearch): RequestsSearch =>
      compact({ status: choiceAt(raw, "status", [...requestStatuses, "all"]) }),
    component: lazyRouteComponent(() => import("./access-requests-page.tsx"), "AccessRequestsPage"),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: "providers",
    component: lazyRouteComponent(() => import("./providers-page.tsx"), "ProvidersPage"),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: "catalogue",
    component: lazyRouteComponent(() => import("./catalogue-page.tsx"), "CataloguePage"),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: "settings",
    component: lazyRouteComponent(() => import("./instance-settings-page.tsx"), "InstanceSettingsPage"),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: "audit-log",
    validateSearch: (raw: RawSearch): AuditSearch =>
      compact({ actor: textAt(raw, "actor"), action: textAt(raw, "action"), workspace: textAt(raw, "workspace") }),
    component: lazyRouteComponent(() => import("./audit-log-page.tsx"), "AuditLogPage"),
  }),
] as const;
