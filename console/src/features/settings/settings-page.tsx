// The settings of a workspace, one part a tab.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { BudgetTab } from "./budget-tab.tsx";
import { GeneralTab } from "./general-tab.tsx";
import { WebhooksTab } from "./webhooks-tab.tsx";
import { WorkspaceAudit } from "./workspace-audit.tsx";
import type { Workspace } from "./workspace-facts.ts";

export function SettingsPage() {
  const { path, may } = useWorkspace();
  const { tab = "general" } = useSearch({ from: "/signed-in/w/$workspaceId/settings" });
  const navigate = useNavigate({ from: "/w/$workspaceId/settings" });
  const { item: workspace, error, retry } = useItem<Workspace>(path);
  const waiting =
    error === undefined ? <Skeleton className="h-48 w-full" /> : <ErrorState error={error} onRetry={retry} />;
  return (
    <>
      <PageHeader title="Settings" description="Of this workspace. Your own are on the account page." />
      <Tabs
        label="Settings"
        value={tab}
        onValue={(next) => void navigate({ search: { tab: next }, replace: true })}
        tabs={[
          {
            value: "general",
            label: "General",
            content: workspace === undefined ? waiting : <GeneralTab workspace={workspace} />,
          },
          {
            value: "budget",
            label: "Budget",
            content:
              workspace === undefined ? (
                waiting
              ) : (
                <BudgetTab key={JSON.stringify(workspace.budget)} workspace={workspace} />
              ),
          },
          { value: "webhooks", label: "Webhooks", content: <WebhooksTab /> },
          ...(may("administer") ? [{ value: "audit" as const, label: "Audit log", content: <WorkspaceAudit /> }] : []),
        ]}
      />
    </>
  );
}
