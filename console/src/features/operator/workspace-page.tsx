// One workspace as an operator sees it: its money, its members, and what can be done about it.

import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { ShownOperatorWorkspaceDetail } from "../../../../server/contracts/control-operator.ts";
import { useItem } from "../../api/item.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Id } from "../../ui/id.tsx";
import { Figure, KeyValue } from "../../ui/key-value.tsx";
import { Money } from "../../ui/money.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Card, Section } from "../../ui/section.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { Time } from "../../ui/time.tsx";
import { roleNames } from "../members/roles.ts";
import { AccessRequestFacts } from "./access-request-facts.tsx";
import { AdjustDialog, GrantDialog } from "./money-dialogs.tsx";
import { ResumeDialog, SuspendDialog } from "./standing-dialogs.tsx";
import { WorkspaceStatus } from "./workspace-status.tsx";

type Act = "grant" | "adjust" | "suspend" | "resume";

export function WorkspacePage() {
  const { id } = useParams({ from: "/signed-in/operator/workspaces/$id" });
  const { item, error, retry } = useItem<ShownOperatorWorkspaceDetail>(`/api/operator/workspaces/${id}`);
  if (item === undefined && error !== undefined) return <ErrorState error={error} onRetry={retry} />;
  if (item === undefined) return <PageSkeleton />;
  return <Detail workspace={item} />;
}

function Detail({ workspace }: { readonly workspace: ShownOperatorWorkspaceDetail }) {
  const [act, setAct] = useState<Act>();
  const close = (): void => setAct(undefined);
  const dialog = { workspace, onClose: close };
  const suspended = workspace.status === "suspended";
  return (
    <>
      <PageHeader
        title={workspace.name}
        trail={
          <Link to="/operator/workspaces" className="underline hover:text-ink">
            Workspaces
          </Link>
        }
        mark={<WorkspaceStatus status={workspace.status} />}
        actions={
          <>
            <ButtonLink to="/w/$workspaceId" params={{ workspaceId: workspace.id }}>
              Open it
            </ButtonLink>
            <Button onClick={() => setAct("adjust")}>Adjust the balance</Button>
            {suspended ? (
              <Button onClick={() => setAct("resume")}>Resume</Button>
            ) : (
              <Button look="danger" onClick={() => setAct("suspend")}>
                Suspend
              </Button>
            )}
            <Button look="primary" onClick={() => setAct("grant")}>
              Grant credits
            </Button>
          </>
        }
      />
      <div className="flex flex-col gap-6">
        {workspace.status_reason !== null && (
          <Notice tone="bad" title="Suspended">
            {workspace.status_reason}
          </Notice>
        )}
        <Card>
          <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
            <Figure name="Balance" value={<Money usd={workspace.balance_usd} />} />
            <Figure name="Held" value={<Money usd={workspace.held_usd} />} note="By running requests" />
            <Figure name="Available" value={<Money usd={workspace.available_usd} />} />
            <Figure name="Members" value={workspace.member_count} />
          </div>
        </Card>
        <Section title="Facts">
          <KeyValue
            facts={[
              { name: "Id", value: <Id id={workspace.id} of="workspace" full /> },
              { name: "Made", value: <Time at={workspace.created_at} exact /> },
              { name: "Default stack", value: workspace.stack ?? "default-optimizer" },
            ]}
          />
        </Section>
        <Section title="Members">
          <KeyValue
            facts={workspace.members.map(({ name, email, role }) => ({
              name: roleNames[role],
              value: name === "" ? email : `${name} · ${email}`,
            }))}
          />
        </Section>
        {workspace.access_request !== null && (
          <Section title="Access request">
            <AccessRequestFacts request={workspace.access_request} />
          </Section>
        )}
        <p className="text-sm">
          <Link
            to="/operator/audit-log"
            search={{ workspace: workspace.id }}
            className="text-muted underline hover:text-ink"
          >
            What happened here, in the audit log
          </Link>
        </p>
      </div>
      {act === "grant" && <GrantDialog {...dialog} />}
      {act === "adjust" && <AdjustDialog {...dialog} />}
      {act === "suspend" && <SuspendDialog {...dialog} />}
      {act === "resume" && <ResumeDialog {...dialog} />}
    </>
  );
}
