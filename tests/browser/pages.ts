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
  { name: "stacks", path: inWorkspace("/stacks") },
  { name: "stacks-create", path: inWorkspace("/stacks?dialog=new&from=low-cost") },
  { name: "stack-managed", path: inWorkspace("/stacks/strict-json") },
  { name: "stack-editor", path: inWorkspace("/stacks/support-desk") },
  {
    name: "stack-dry-run",
    path: inWorkspace("/stacks/support-desk"),
    prepare: async (page) => {
      await page.getByRole("button", { name: "See what would happen" }).click();
      await page.getByText(/^Mode auto/).scrollIntoViewIfNeeded();
    },
  },
  {
    name: "stack-what-if",
    path: inWorkspace("/stacks/support-desk?try=what-if"),
    prepare: async (page) => {
      await page.getByRole("button", { name: "Plan them again" }).click();
      await page.getByRole("table", { name: "Requests" }).scrollIntoViewIfNeeded();
    },
  },
  { name: "stack-words", path: inWorkspace("/stacks/support-desk?tab=words") },
  { name: "stack-versions", path: inWorkspace("/stacks/support-desk?tab=versions&before=1&after=2") },
];
