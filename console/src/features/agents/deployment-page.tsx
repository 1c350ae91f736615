// One deployment: how it is, what ran before, what it writes, what its calls to the gateway cost.

import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { z } from "zod";
import type { deploymentAnswerSchema } from "../../../../server/contracts/agents-deployments.ts";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { Id } from "../../ui/id.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { Status } from "../../ui/status.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { DeploymentActs } from "./deployment-acts.tsx";
import { DeploymentOverview } from "./deployment-overview.tsx";
import { deploymentPath, isRollingOut, statusTones, statusWords, type Deployment } from "./deployment.ts";
import { JobsTab } from "./jobs-tab.tsx";
import { LogsTab } from "./logs-tab.tsx";
import { RevisionsTab } from "./revisions-tab.tsx";
import type { DeploymentSearch } from "./routes.ts";
import { UsageTab } from "./usage-tab.tsx";

const movingMs = 1_500;
const restingMs = 10_000;

export function DeploymentPage() {
  const { deployment: id } = useParams({ from: "/signed-in/w/$workspaceId/agents/$deployment" });
  const path = deploymentPath(id);
  const answer = useItem<z.output<typeof deploymentAnswerSchema>>(path).item;
  const refreshMs = answer === undefined || isRollingOut(answer.deployment) ? movingMs : restingMs;
  const { item, error, retry } = useItem<z.output<typeof deploymentAnswerSchema>>(path, {}, { refreshMs });
  if (item !== undefined) return <Shown deployment={item.deployment} />;
  if (error === undefined) return <PageSkeleton />;
  return (
    <>
      <PageHeader title="Deployment" trail={<Trail />} />
      <ErrorState error={error} onRetry={retry} />
    </>
  );
}

function Trail() {
  const { id: workspaceId } = useWorkspace();
  return (
    <Link to="/w/$workspaceId/agents" params={{ workspaceId }} className="hover:text-ink hover:underline">
      Agents
    </Link>
  );
}

function Shown({ deployment }: { readonly deployment: Deployment }) {
  const { tab = "overview", workload }: DeploymentSearch = useSearch({
    from: "/signed-in/w/$workspaceId/agents/$deployment",
  });
  const navigate = useNavigate({ from: "/w/$workspaceId/agents/$deployment" });
  const open = (search: DeploymentSearch): void => void navigate({ search, replace: true });
  const openLogs = (name: string): void => open({ tab: "logs", workload: name });
  const { status } = deployment;
  return (
    <>
      <PageHeader
        title={deployment.display_name}
        trail={<Trail />}
        mark={<Status tone={statusTones[status]}>{statusWords[status]}</Status>}
        description={<Id id={deployment.id} of="deployment" full />}
        actions={<DeploymentActs deployment={deployment} />}
      />
      <Tabs
        label="Views of the deployment"
        value={tab}
        onValue={(next) => open(next === "overview" ? {} : { tab: next })}
        tabs={[
          {
            value: "overview",
            label: "Overview",
            content: <DeploymentOverview deployment={deployment} onLogs={openLogs} />,
          },
          { value: "revisions", label: "Revisions", content: <RevisionsTab deployment={deployment} /> },
          {
            value: "logs",
            label: "Logs",
            content: <LogsTab deployment={deployment} workload={workload ?? "agent"} onWorkload={openLogs} />,
          },
          { value: "usage", label: "Gateway usage", content: <UsageTab deployment={deployment} /> },
          ...(deployment.jobs.length > 0
            ? [
                {
                  value: "jobs" as const,
                  label: "Jobs",
                  content: <JobsTab deployment={deployment} onLogs={openLogs} />,
                },
              ]
            : []),
        ]}
      />
    </>
  );
}
