// The page about the person who is signed in.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signedInRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, type RawSearch } from "../../app/search.ts";
import { authMethodsQuery } from "../../api/auth.ts";

export const accountRoutes = [
  createRoute({
    getParentRoute: () => signedInRoute,
    path: "account",
    // `add=passkey` asks for one at once: the owner who chose no password has no other way in.
    validateSearch: (raw: RawSearch): { readonly add?: "passkey" | "token" } =>
      compact({ add: choiceAt(raw, "add", ["passkey", "token"]) }),
    loader: ({ context }) => context.queryClient.ensureQueryData(authMethodsQuery),
    component: lazyRouteComponent(() => import("./account-page.tsx"), "AccountPage"),
  }),
] as const;
