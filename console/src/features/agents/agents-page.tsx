// The agents of a workspace: deployments, blueprints, the keys that agents call the gateway with, and their variables.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useWorkspace } from "../../api/workspace.ts";
import { PageHeader } from "../../ui/page-header.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { BlueprintsTab } from "./blueprints-tab.tsx";
import { DeploymentsTab } from "./deployments-tab.tsx";
import { ManagedKeysTab } from "./managed-keys-tab.tsx";
import { VariablesTab } from "./variables-tab.tsx";

export function AgentsPage() {
  const { tab: wanted = "deployments" } = useSearch({ from: "/signed-in/w/$workspaceId/agents" });
  const { may } = useWorkspace();
  const tab = wanted === "variables" && !may("build") ? "deployments" : wanted;
  const navigate = useNavigate({ from: "/w/$workspaceId/agents" });
  return (
    <>
      <PageHeader title="Agents" description="Programs that run here and call the gateway with a key of their own." />
      <Tabs
        label="Agents"
        value={tab}
        onValue={(next) => void navigate({ search: next === "deployments" ? {} : { tab: next }, replace: true })}
        tabs={[
          { value: "deployments", label: "Deployments", content: <DeploymentsTab /> },
          { value: "blueprints", label: "Blueprints", content: <BlueprintsTab /> },
          { value: "keys", label: "Gateway keys", content: <ManagedKeysTab /> },
          // What is kept is told to those who deploy with it, and to nobody else.
          ...(may("build")
            ? [{ value: "variables" as const, label: "Secrets and variables", content: <VariablesTab /> }]
            : []),
        ]}
      />
    </>
  );
}
