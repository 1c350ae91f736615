// Route of the usage charts.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, textAt, type RawSearch } from "../../app/search.ts";

export const usageRanges = ["24h", "7d", "30d", "90d", "12m"] as const;
export type UsageRange = (typeof usageRanges)[number];
export const groupings = ["model", "key", "stack", "category", "provider", "agent", "deployment"] as const;
export type Grouping = (typeof groupings)[number];
export const usageIntervals = ["hour", "day", "month"] as const;

export type UsageSearch = {
  readonly range?: UsageRange;
  readonly interval?: (typeof usageIntervals)[number];
  readonly group?: Grouping;
  readonly model?: string;
  readonly key?: string;
  readonly stack?: string;
  readonly category?: string;
  readonly provider?: string;
  readonly agent?: string;
  readonly deployment?: string;
};

export const usageRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "usage",
    validateSearch: (raw: RawSearch): UsageSearch =>
      compact({
        range: choiceAt(raw, "range", usageRanges),
        interval: choiceAt(raw, "interval", usageIntervals),
        group: choiceAt(raw, "group", groupings),
        model: textAt(raw, "model"),
        key: textAt(raw, "key"),
        stack: textAt(raw, "stack"),
        category: textAt(raw, "category"),
        provider: textAt(raw, "provider"),
        agent: textAt(raw, "agent"),
        deployment: textAt(raw, "deployment"),
      }),
    component: lazyRouteComponent(() => import("./usage-page.tsx"), "UsagePage"),
  }),
] as const;
