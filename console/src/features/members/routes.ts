// Routes of members and of the invitations that bring them.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { openRoute, workspaceRoute } from "../../app/parent-routes.tsx";
import { choiceAt, compact, textAt, type RawSearch } from "../../app/search.ts";

export type MembersSearch = {
  /** `invite` opens the dialog that invites somebody. */
  readonly dialog?: "invite";
};

export const membersRoutes = [
  createRoute({
    getParentRoute: () => workspaceRoute,
    path: "members",
    validateSearch: (raw: RawSearch): MembersSearch => compact({ dialog: choiceAt(raw, "dialog", ["invite"]) }),
    component: lazyRouteComponent(() => import("./members-page.tsx"), "MembersPage"),
  }),
] as const;

export const invitationRoutes = [
  createRoute({
    getParentRoute: () => openRoute,
    path: "invitation",
    validateSearch: (raw: RawSearch): { readonly token?: string } => compact({ token: textAt(raw, "token") }),
    component: lazyRouteComponent(() => import("./invitation-page.tsx"), "InvitationPage"),
  }),
] as const;
