// The settings of a workspace, one part a tab.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { WorkspaceAudit } from "../audit/workspace-audit.tsx";
import { BudgetTab } from "./budget-tab.tsx";
import { GeneralTab } from "./general-tab.tsx";
import { WebhooksTab } from "./webhooks-tab.tsx";
import type { Workspace } from "./workspace-facts.ts";

export function SettingsPage() {
  const { path, may } = useWorkspace();
  const { tab = "general" } = useSearch({ from: "/signed-in/w/$workspaceId/settings" });
  const navigate = useNavigate({ from: "/w/$workspaceId/settings" });
  const { item: workspace, error, retry } = useItem<Workspace>(path);
  const content = (part: (shown: Workspace) => React.ReactNode) =>
    error !== undefined && workspace === undefined ? (
      <ErrorState error={error} onRetry={retry} />
    ) : workspace === undefined ? (
      <Skeleton className="h-48 w-full" />
    ) : (
      part(workspace)
    );
  return (
    <>
      <PageHeader title="Settings" description="Of this workspace. Your own are on the account page." />
      <Tabs
        label="Settings"
        value={tab}
        onValue={(next) => void navigate({ search: { tab: next }, replace: true })}
        tabs={[
          { value: "general", label: "General", content: content((shown) => <GeneralTab workspace={shown} />) },
          {
            value: "budget",
            label: "Budget and alerts",
            content: content((shown) => <BudgetTab key={JSON.stringify(shown.budget)} workspace={shown} />),
          },
          { value: "webhooks", label: "Webhooks", content: <WebhooksTab /> },
          ...(may("administer") ? [{ value: "audit" as const, label: "Audit log", content: <WorkspaceAudit /> }] : []),
        ]}
      />
    </>
  );
}
