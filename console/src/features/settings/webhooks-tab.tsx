// The endpoints that a workspace's events are sent to, and what came of each delivery.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { CreateWebhookDialog, EditWebhookDialog } from "./webhook-dialogs.tsx";
import { DeleteWebhookDialog, RotateSecretDialog, TestWebhookDialog } from "./webhook-acts.tsx";
import { webhookColumns, type Webhook, type WebhookAct } from "./webhook-columns.tsx";
import { WebhookDeliveries } from "./webhook-deliveries.tsx";

export function WebhooksTab() {
  const { path, may } = useWorkspace();
  const { webhook: chosen } = useSearch({ from: "/signed-in/w/$workspaceId/settings" });
  const navigate = useNavigate({ from: "/w/$workspaceId/settings" });
  const list = useList<Webhook>(`${path}/webhooks`);
  const [act, setAct] = useState<WebhookAct>();
  const [creating, setCreating] = useState(false);
  const editable = may("administer");
  const columns = useMemo(
    () =>
      webhookColumns({
        editable,
        onAct: setAct,
        onDeliveries: ({ id }) => void navigate({ search: { tab: "webhooks", webhook: id } }),
      }),
    [editable, navigate],
  );
  const create = editable && (
    <Button look="primary" onClick={() => setCreating(true)}>
      Add an endpoint
    </Button>
  );
  const close = (): void => setAct(undefined);
  const shown = list.items?.find(({ id }) => id === chosen);
  return (
    <div className="flex flex-col gap-6">
      <DataTable
        name="webhooks"
        label="Webhook endpoints"
        columns={columns}
        list={list}
        rowId={({ id }) => id}
        isMarked={({ id }) => id === chosen}
        filters={create}
        empty={
          <EmptyState title="No endpoints yet" action={create}>
            Add one to be told of low credits, budgets and other events, signed so that you can trust them.
          </EmptyState>
        }
      />
      {shown !== undefined && (
        <WebhookDeliveries
          webhook={shown}
          onClose={() => void navigate({ search: { tab: "webhooks" }, replace: true })}
        />
      )}
      <CreateWebhookDialog open={creating} onClose={() => setCreating(false)} />
      {act?.kind === "edit" && <EditWebhookDialog webhook={act.webhook} onClose={close} />}
      {act?.kind === "rotate" && <RotateSecretDialog webhook={act.webhook} onClose={close} />}
      {act?.kind === "test" && <TestWebhookDialog webhook={act.webhook} onClose={close} />}
      {act?.kind === "delete" && <DeleteWebhookDialog webhook={act.webhook} onClose={close} />}
    </div>
  );
}
