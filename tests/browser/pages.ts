// Every page of the console, once: what the screenshots show and what is checked for accessibility. Each feature adds
// its own.

import type { Page } from "playwright-core";
import type { Stage } from "./with-browser.ts";

export type ShownPage = {
  /** Of the picture's file: kebab-case, after the page. */
  readonly name: string;
  /** Below the server's address, which the stage knows. */
  readonly path: (stage: Stage) => string;
  /** Who looks at it; an owner who also operates the server, unless it says otherwise. */
  readonly as?: "nobody";
  /** What to do on it before the picture, such as opening a dialog. */
  readonly prepare?: (page: Page) => Promise<void>;
};

const inWorkspace =
  (path: string): ShownPage["path"] =>
  ({ workspaceId }) =>
    `/w/${workspaceId}${path}`;

export const shownPages: readonly ShownPage[] = [
  { name: "overview", path: inWorkspace("") },
  { name: "keys", path: inWorkspace("/keys") },
  { name: "keys-create", path: inWorkspace("/keys?dialog=new") },
  { name: "members", path: inWorkspace("/members") },
  { name: "members-invite", path: inWorkspace("/members?dialog=invite") },
  { name: "settings", path: inWorkspace("/settings") },
  { name: "settings-budget", path: inWorkspace("/settings?tab=budget") },
  { name: "settings-webhooks", path: inWorkspace("/settings?tab=webhooks") },
  { name: "settings-audit", path: inWorkspace("/settings?tab=audit") },
  { name: "workspace-new", path: () => "/workspaces/new" },
  { name: "invitation", path: () => "/invitation?token=none", as: "nobody" },
  { name: "operator-workspaces", path: () => "/operator/workspaces" },
  { name: "operator-workspace", path: ({ workspaceId }) => `/operator/workspaces/${workspaceId}` },
  { name: "operator-users", path: () => "/operator/users" },
  { name: "operator-access-requests", path: () => "/operator/access-requests" },
  { name: "operator-providers", path: () => "/operator/providers" },
  { name: "operator-catalogue", path: () => "/operator/catalogue" },
  { name: "operator-settings", path: () => "/operator/settings" },
  { name: "operator-audit-log", path: () => "/operator/audit-log" },
];
