// Every page of the console, once: what the screenshots show and what is checked for accessibility. Each feature adds
// its own.

import type { Page } from "playwright-core";
import { arrayAt, isObject, stringAt } from "../../server/contracts/json.ts";
import type { Stage } from "./with-browser.ts";

export type ShownPage = {
  /** Of the picture's file: kebab-case, after the page. */
  readonly name: string;
  /** Below the server's address, which the stage knows. */
  readonly path: (stage: Stage) => string | Promise<string>;
  /** Who looks at it; an owner who also operates the server, unless it says otherwise. */
  readonly as?: "nobody";
  /** What the browser may complain of, such as a refusal that the page is about. */
  readonly expected?: readonly RegExp[];
  /** What to do on it before the picture, such as opening a dialog. */
  readonly prepare?: (page: Page) => Promise<void>;
};

const inWorkspace =
  (path: string): ShownPage["path"] =>
  ({ workspaceId }) =>
    `/w/${workspaceId}${path}`;

async function ownerLink({ gateway, address }: Stage): Promise<string> {
  return ((await gateway.wired.control.ownerLink()) ?? address).slice(address.length);
}

/** In its dialog; its secret is then shown. */
async function createToken(page: Page): Promise<void> {
  await page.getByLabel("Name", { exact: true }).last().fill("release workflow");
  await page.getByLabel("Counts in").selectOption({ index: 1 });
  await page.getByLabel("Only reads").click();
  await page.getByRole("button", { name: "Create the token" }).click();
  await page.locator("[data-secret]").waitFor();
}

/** The one that `fillPeople` leaves waiting for its access review. */
async function waitingWorkspace({ gateway }: Stage): Promise<string> {
  const { body } = await gateway.operator.send("GET", "/api/operator/workspaces?status=access_pending");
  const [waiting] = (arrayAt(body, "data") ?? []).filter((workspace) => isObject(workspace));
  return `/w/${stringAt(waiting ?? {}, "id")}/access`;
}

/** Views of a deployment that `fillAgents` makes. */
const ofDeployment =
  (name: string, search = ""): ShownPage["path"] =>
  async ({ gateway, workspaceId }) => {
    const { body } = await gateway.operator.send("GET", `/api/v1/deployments?account=${workspaceId}`);
    const deployments = (arrayAt(body, "deployments") ?? []).filter((one) => isObject(one));
    const found = deployments.find((one) => stringAt(one, "display_name") === name);
    return `/w/${workspaceId}/agents/${stringAt(found ?? {}, "id")}${search}`;
  };

export const shownPages: readonly ShownPage[] = [
  { name: "first-steps", path: ({ emptyWorkspaceId }) => `/w/${emptyWorkspaceId}` },
  { name: "overview", path: inWorkspace("") },
  { name: "sign-in", path: () => "/sign-in", as: "nobody" },
  { name: "sign-up", path: () => "/sign-up", as: "nobody" },
  { name: "two-factor", path: () => "/sign-in/two-factor", as: "nobody" },
  { name: "sign-in-link", path: () => "/sign-in/link?token=a", as: "nobody" },
  { name: "reset-password", path: () => "/reset-password?token=a", as: "nobody" },
  { name: "verify-email", path: () => "/verify-email?token=a", as: "nobody" },
  { name: "claim", path: ownerLink, as: "nobody" },
  { name: "claim-ended", path: () => "/claim?token=none", as: "nobody", expected: [/status of 400/] },
  { name: "device", path: () => "/device" },
  { name: "account", path: () => "/account" },
  { name: "account-passkey", path: () => "/account?add=passkey" },
  { name: "account-token", path: () => "/account?add=token" },
  { name: "account-token-made", path: () => "/account?add=token", prepare: createToken },
  {
    name: "account-tokens",
    path: () => "/account",
    prepare: async (page) => {
      await page.goto(`${page.url()}?add=token`);
      await createToken(page);
      await page.getByLabel("I have stored the token").click();
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByRole("heading", { name: "Delete" }).scrollIntoViewIfNeeded();
    },
  },
  { name: "keys", path: inWorkspace("/keys") },
  { name: "billing", path: inWorkspace("/billing") },
  { name: "billing-payments", path: inWorkspace("/billing?tab=payments") },
  { name: "billing-ledger", path: inWorkspace("/billing?tab=ledger") },
  { name: "operator-debts", path: () => "/operator/debts" },
  { name: "billing-statements", path: inWorkspace("/billing?tab=statements") },
  { name: "keys-create", path: inWorkspace("/keys?dialog=new") },
  { name: "members", path: inWorkspace("/members") },
  { name: "members-invite", path: inWorkspace("/members?dialog=invite") },
  { name: "settings", path: inWorkspace("/settings") },
  { name: "settings-budget", path: inWorkspace("/settings?tab=budget") },
  { name: "settings-webhooks", path: inWorkspace("/settings?tab=webhooks") },
  { name: "settings-audit", path: inWorkspace("/settings?tab=audit") },
  { name: "access", path: waitingWorkspace },
  {
    name: "operator-adjust",
    path: ({ workspaceId }) => `/operator/workspaces/${workspaceId}`,
    prepare: (page) => page.getByRole("button", { name: "Adjust the balance" }).click(),
  },
  {
    name: "operator-decide",
    path: () => "/operator/access-requests",
    prepare: (page) => page.getByRole("button", { name: "Decide" }).click(),
  },
  {
    name: "settings-webhooks-add",
    path: inWorkspace("/settings?tab=webhooks"),
    prepare: (page) => page.getByRole("button", { name: "Add an endpoint" }).click(),
  },
  { name: "workspace-new", path: () => "/workspaces/new" },
  { name: "invitation", path: () => "/invitation?token=none", as: "nobody", expected: [/404/, /401/] },
  { name: "operator-workspaces", path: () => "/operator/workspaces" },
  { name: "operator-workspace", path: ({ workspaceId }) => `/operator/workspaces/${workspaceId}` },
  { name: "operator-users", path: () => "/operator/users" },
  { name: "operator-access-requests", path: () => "/operator/access-requests" },
  { name: "operator-providers", path: () => "/operator/providers" },
  { name: "operator-catalogue", path: () => "/operator/catalogue" },
  { name: "operator-settings", path: () => "/operator/settings" },
  { name: "operator-audit-log", path: () => "/operator/audit-log" },
  {
    name: "keys-rotate",
    path: inWorkspace("/keys"),
    prepare: async (page) => {
      await page.getByRole("button", { name: "Acts on Help centre" }).click();
      await page.getByRole("menuitem", { name: "Rotate" }).click();
    },
  },
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
  { name: "traces", path: inWorkspace("/traces?live=off") },
  { name: "trace", path: inWorkspace("/traces?live=off&status=success"), prepare: openFirstTrace },
  { name: "trace-refused", path: inWorkspace("/traces?live=off&status=error"), prepare: openFirstTrace },
  { name: "trace-headers", path: inWorkspace("/traces?live=off&status=success"), prepare: openHeaders },
  { name: "agents", path: inWorkspace("/agents") },
  { name: "agents-none", path: ({ emptyWorkspaceId }) => `/w/${emptyWorkspaceId}/agents` },
  { name: "agents-blueprints", path: inWorkspace("/agents?tab=blueprints") },
  { name: "agents-keys", path: inWorkspace("/agents?tab=keys") },
  { name: "agents-variables", path: inWorkspace("/agents?tab=variables") },
  { name: "agents-variables-add", path: inWorkspace("/agents?tab=variables&dialog=new") },
  { name: "deployment", path: ofDeployment("librarian") },
  { name: "deployment-starting", path: ofDeployment("night desk") },
  { name: "deployment-stopped", path: ofDeployment("weekend reporter") },
  { name: "deployment-revisions", path: ofDeployment("librarian", "?tab=revisions") },
  {
    name: "deployment-logs",
    path: ofDeployment("librarian", "?tab=logs"),
    prepare: (page) => page.getByText("listening on port").waitFor(),
  },
  { name: "deployment-usage", path: ofDeployment("librarian", "?tab=usage") },
  { name: "deployment-jobs", path: ofDeployment("librarian", "?tab=jobs") },
  {
    name: "deployment-undeploy",
    path: ofDeployment("librarian"),
    prepare: async (page) => {
      await page.getByRole("button", { name: /^Acts on/ }).click();
      await page.getByRole("menuitem", { name: "Undeploy" }).click();
    },
  },
  { name: "blueprint", path: inWorkspace("/agents/blueprints/librarian") },
  { name: "blueprint-readme", path: inWorkspace("/agents/blueprints/librarian?tab=readme") },
  { name: "blueprint-file", path: inWorkspace("/agents/blueprints/librarian?tab=file") },
  {
    name: "blueprint-deploy",
    path: inWorkspace("/agents/blueprints/librarian?dialog=deploy"),
    prepare: (page) => page.getByLabel("Name", { exact: true }).waitFor(),
  },
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
