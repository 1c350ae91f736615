// The router: base path, plain search words, and what is shown while a page loads.

import { createRouter } from "@tanstack/react-router";
import { basePath } from "../api/base.ts";
import { PageSkeleton } from "../ui/skeleton.tsx";
import { FailurePage } from "./failure-page.tsx";
import { NotFoundPage } from "./not-found-page.tsx";
import { queryClient } from "./query-client.ts";
import { routeTree } from "./route-tree.ts";
import { parseSearch, stringifySearch } from "./search.ts";

const pendingAfterMs = 200;

export const router = createRouter({
  routeTree,
  basepath: basePath,
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPendingMs: pendingAfterMs,
  defaultPendingComponent: PageSkeleton,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: FailurePage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
