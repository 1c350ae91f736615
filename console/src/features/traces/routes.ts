// Routes of the traces: the list with its filters, and one request.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, type RawSearch } from "../../app/search.ts";
import { readTracesSearch, type TracesSearch } from "./traces-search.ts";

export const traceViews = ["story", "headers", "json"] as const;
export type TraceView = (typeof traceViews)[number];
export type TraceSearch = { readonly view?: TraceView };

export const tracesRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "traces",
    validateSearch: (raw: RawSearch): TracesSearch => readTracesSearch(raw),
    component: lazyRouteComponent(() => import("./traces-page.tsx"), "TracesPage"),
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "traces/$requestId",
    validateSearch: (raw: RawSearch): TraceSearch => compact({ view: choiceAt(raw, "view", traceViews) }),
    component: lazyRouteComponent(() => import("./trace-page.tsx"), "TracePage"),
  }),
] as const;
