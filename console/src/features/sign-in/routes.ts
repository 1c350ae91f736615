// Routes of signing in. All are open but the one that lets programs in, which takes a person.

import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { ApiError } from "../../api/api-error.ts";
import { meQuery } from "../../api/me.ts";
import { openRoute } from "../../app/parent-routes.tsx";
import { compact, textAt, type RawSearch } from "../../app/search.ts";
import { currentPath } from "../../app/sign-in-address.ts";
import { authMethodsQuery } from "../../api/auth.ts";

type Next = { readonly next?: string };
type Letter = Next & { readonly token?: string };

const letterSearch = (raw: RawSearch): Letter => compact({ token: textAt(raw, "token"), next: textAt(raw, "next") });

export const signInRoutes = [
  createRoute({
    getParentRoute: () => openRoute,
    path: "sign-in",
    validateSearch: (raw: RawSearch): Next & { readonly error?: string; readonly again?: string } =>
      compact({ next: textAt(raw, "next"), error: textAt(raw, "error"), again: textAt(raw, "again") }),
    loader: ({ context }) => context.queryClient.ensureQueryData(authMethodsQuery),
    component: lazyRouteComponent(() => import("./sign-in-page.tsx"), "SignInPage"),
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "sign-in/link",
    validateSearch: letterSearch,
    component: lazyRouteComponent(() => import("./link-page.tsx"), "LinkPage"),
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "sign-in/two-factor",
    validateSearch: (raw: RawSearch): Next => compact({ next: textAt(raw, "next") }),
    component: lazyRouteComponent(() => import("./two-factor-page.tsx"), "TwoFactorPage"),
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "sign-up",
    validateSearch: (raw: RawSearch): Next & { readonly email?: string } =>
      compact({ next: textAt(raw, "next"), email: textAt(raw, "email") }),
    loader: ({ context }) => context.queryClient.ensureQueryData(authMethodsQuery),
    component: lazyRouteComponent(() => import("./sign-up-page.tsx"), "SignUpPage"),
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "claim",
    validateSearch: (raw: RawSearch): { readonly token?: string } => compact({ token: textAt(raw, "token") }),
    loader: ({ context }) => context.queryClient.ensureQueryData(authMethodsQuery),
    component: lazyRouteComponent(() => import("./claim-page.tsx"), "ClaimPage"),
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "reset-password",
    validateSearch: letterSearch,
    loader: ({ context }) => context.queryClient.ensureQueryData(authMethodsQuery),
    component: lazyRouteComponent(() => import("./reset-page.tsx"), "ResetPage"),
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "verify-email",
    validateSearch: letterSearch,
    component: lazyRouteComponent(() => import("./verify-page.tsx"), "VerifyPage"),
  }),
  createRoute({
    getParentRoute: () => openRoute,
    path: "device",
    validateSearch: (raw: RawSearch): { readonly user_code?: string } =>
      compact({ user_code: textAt(raw, "user_code") }),
    loader: async ({ context }) => {
      try {
        return await context.queryClient.ensureQueryData(meQuery);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
        const href = `/sign-in?next=${encodeURIComponent(currentPath())}`;
        return redirect({ href, replace: true, throw: true });
      }
    },
    component: lazyRouteComponent(() => import("./device-page.tsx"), "DevicePage"),
  }),
] as const;
