// Routes of the stacks: the list, and a page for each.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { workspaceRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, textAt, type RawSearch } from "../../app/search.ts";

export type StacksSearch = {
  /** In names and slugs. */
  readonly q?: string;
  readonly kind?: "managed" | "custom";
  /** `new` opens the dialog that creates one. */
  readonly dialog?: "new";
  /** Slug of the stack that the dialog clones. */
  readonly from?: string;
};

export const stackTabs = ["policy", "words", "versions", "uses"] as const;
export type StackTab = (typeof stackTabs)[number];

export type StackSearch = {
  readonly tab?: StackTab;
  /** What is tried below the editor. */
  readonly try?: "what-if";
  /** Versions compared on the versions tab: a number, `active` or `draft`. */
  readonly before?: string;
  readonly after?: string;
};

export const stacksRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "stacks",
    validateSearch: (raw: RawSearch): StacksSearch =>
      compact({
        q: textAt(raw, "q"),
        kind: choiceAt(raw, "kind", ["managed", "custom"]),
        dialog: choiceAt(raw, "dialog", ["new"]),
        from: textAt(raw, "from"),
      }),
    component: lazyRouteComponent(() => import("./stacks-page.tsx"), "StacksPage"),
  }),
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "stacks/$stack",
    validateSearch: (raw: RawSearch): StackSearch =>
      compact({
        tab: choiceAt(raw, "tab", stackTabs),
        try: choiceAt(raw, "try", ["what-if"]),
        before: textAt(raw, "before"),
        after: textAt(raw, "after"),
      }),
    component: lazyRouteComponent(() => import("./stack-page.tsx"), "StackPage"),
  }),
] as const;
