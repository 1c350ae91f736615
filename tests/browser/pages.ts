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
  { name: "first-steps", path: ({ emptyWorkspaceId }) => `/w/${emptyWorkspaceId}` },
  { name: "overview", path: inWorkspace("") },
  { name: "keys", path: inWorkspace("/keys") },
  { name: "keys-create", path: inWorkspace("/keys?dialog=new") },
  { name: "models", path: inWorkspace("/models") },
  {
    name: "models-filtered",
    path: inWorkspace("/models?q=claude&capability=tools&compare=claude-haiku-4-5&compare=claude-opus-4-8"),
  },
  {
    name: "models-compare",
    path: inWorkspace(
      "/models/compare?model=openai/gpt-5.4&model=anthropic/claude-sonnet-4.6&model=deepseek/deepseek-v4-pro",
    ),
  },
  { name: "model", path: inWorkspace("/models/anthropic/claude-sonnet-4.6") },
  {
    name: "playground",
    path: inWorkspace("/playground?model=astrolabe/auto&protocol=responses"),
    prepare: async (page) => {
      await page.getByLabel("Message 1", { exact: true }).fill("Explain routing stacks in one sentence.");
      await page.getByRole("button", { name: /^Run/ }).click();
      await page.getByRole("link", { name: "See the trace" }).waitFor();
    },
  },
  { name: "playground-code", path: inWorkspace("/playground?view=code&model=astrolabe/coding") },
  { name: "catalogue", path: () => "/catalogue", as: "nobody" },
  { name: "pricing", path: () => "/pricing?input=12000&output=800&cached=10000&requests=1000", as: "nobody" },
  { name: "traces", path: inWorkspace("/traces?live=off") },
  { name: "trace", path: inWorkspace("/traces?live=off&status=success"), prepare: openFirstTrace },
  { name: "trace-refused", path: inWorkspace("/traces?live=off&status=error"), prepare: openFirstTrace },
  { name: "trace-headers", path: inWorkspace("/traces?live=off&status=success"), prepare: openHeaders },
  { name: "usage", path: inWorkspace("/usage") },
  { name: "usage-by-model", path: inWorkspace("/usage?group=model&range=24h") },
];

async function openFirstTrace(page: Page): Promise<void> {
  await page.getByRole("table", { name: "Traces" }).getByRole("link").first().click();
  await page.getByRole("tab", { name: "Story" }).waitFor();
}

async function openHeaders(page: Page): Promise<void> {
  await openFirstTrace(page);
  await page.getByRole("tab", { name: "Headers" }).click();
}
