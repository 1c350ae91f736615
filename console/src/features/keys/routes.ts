// Routes of the API keys.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, textAt, type RawSearch } from "../../app/search.ts";

export type KeysSearch = {
  /** In names and prefixes. */
  readonly q?: string;
  readonly status?: "active" | "expired" | "revoked";
  readonly mode?: "live" | "test";
  /** Slug of the keys' own stack. */
  readonly stack?: string;
  /** `new` opens the dialog that creates one. */
  readonly dialog?: "new";
};

export const keysRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "keys",
    validateSearch: (raw: RawSearch): KeysSearch =>
      compact({
        q: textAt(raw, "q"),
        status: choiceAt(raw, "status", ["active", "expired", "revoked"]),
        mode: choiceAt(raw, "mode", ["live", "test"]),
        stack: textAt(raw, "stack"),
        dialog: choiceAt(raw, "dialog", ["new"]),
      }),
    component: lazyRouteComponent(() => import("./keys-page.tsx"), "KeysPage"),
  }),
] as const;
