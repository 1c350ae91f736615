// Routes of a workspace's settings, and of the request for access while it waits.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, textAt, type RawSearch } from "../../app/search.ts";

export const settingsTabs = ["general", "budget", "webhooks", "audit"] as const;

export type SettingsSearch = {
  readonly tab?: (typeof settingsTabs)[number];
  /** The webhook endpoint whose deliveries are shown. */
  readonly webhook?: string;
  /** Filters of the audit log. */
  readonly actor?: string;
  readonly action?: string;
};

export const settingsRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "settings",
    validateSearch: (raw: RawSearch): SettingsSearch =>
      compact({
        tab: choiceAt(raw, "tab", settingsTabs),
        webhook: textAt(raw, "webhook"),
        actor: textAt(raw, "actor"),
        action: textAt(raw, "action"),
      }),
    component: lazyRouteComponent(() => import("./settings-page.tsx"), "SettingsPage"),
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "access",
    component: lazyRouteComponent(() => import("../access/access-page.tsx"), "AccessPage"),
  }),
] as const;
