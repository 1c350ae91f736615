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
  { name: "billing", path: inWorkspace("/billing") },
  { name: "billing-payments", path: inWorkspace("/billing?tab=payments") },
  { name: "billing-ledger", path: inWorkspace("/billing?tab=ledger") },
  { name: "billing-statements", path: inWorkspace("/billing?tab=statements") },
  { name: "keys-create", path: inWorkspace("/keys?dialog=new") },
];
