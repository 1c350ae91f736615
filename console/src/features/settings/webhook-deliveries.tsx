// What was sent to one endpoint, and what it answered.

import type { z } from "zod";
import type { webhookDeliverySchema } from "../../../../server/contracts/control-webhooks.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Id } from "../../ui/id.tsx";
import { Section } from "../../ui/section.tsx";
import { Status, type Tone } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import type { Webhook } from "./webhook-columns.tsx";

type Delivery = z.output<typeof webhookDeliverySchema>;

const tones: Readonly<Record<Delivery["status"], Tone>> = { pending: "brass", delivered: "good", failed: "bad" };
const words: Readonly<Record<Delivery["status"], string>> = {
  pending: "Waiting",
  delivered: "Delivered",
  failed: "Given up",
};

const columns: readonly TableColumn<Delivery>[] = [
  {
    id: "type",
    title: "Event",
    fixed: true,
    width: "minmax(10rem, 1fr)",
    cell: ({ event_type: type }) => <span className="figures">{type}</span>,
    text: ({ event_type: type }) => type,
  },
  {
    id: "status",
    title: "Status",
    width: "8rem",
    cell: ({ status }) => <Status tone={tones[status]}>{words[status]}</Status>,
    text: ({ status }) => status,
  },
  {
    id: "answer",
    title: "Last answer",
    width: "minmax(10rem, 1.5fr)",
    cell: ({ last_status: status, last_error: error }) => (
      <span className="truncate" title={error ?? undefined}>
        {status ?? ""} {error ?? ""}
      </span>
    ),
    text: ({ last_status: status, last_error: error }) => `${status ?? ""} ${error ?? ""}`.trim(),
  },
  {
    id: "attempts",
    title: "Attempts",
    align: "right",
    width: "6rem",
    cell: ({ attempts }) => <span className="figures">{attempts}</span>,
    text: ({ attempts }) => String(attempts),
  },
  {
    id: "next",
    title: "Next attempt",
    width: "8rem",
    cell: ({ next_attempt_at: at }) => <Time at={at} />,
    text: ({ next_attempt_at: at }) => at ?? "",
  },
  {
    id: "created",
    title: "Happened",
    width: "8rem",
    cell: ({ created_at: at }) => <Time at={at} />,
    text: ({ created_at: at }) => at,
  },
  {
    id: "event",
    title: "Event id",
    width: "13rem",
    cell: ({ event_id: id }) => <Id id={id} of="event" />,
    text: ({ event_id: id }) => id,
  },
];

export type WebhookDeliveriesProps = { readonly webhook: Webhook; readonly onClose: () => void };

export function WebhookDeliveries({ webhook, onClose }: WebhookDeliveriesProps) {
  const { path } = useWorkspace();
  const list = useList<Delivery>(`${path}/webhooks/${webhook.id}/deliveries`, {}, { refreshMs: 5_000 });
  return (
    <Section
      title="Deliveries"
      description={<span className="figures break-all">{webhook.url}</span>}
      actions={
        <Button size="small" onClick={onClose}>
          Close
        </Button>
      }
      flush
    >
      <DataTable
        bare
        name="webhook-deliveries"
        label="Deliveries"
        columns={columns}
        list={list}
        rowId={({ event_id: id }) => id}
        empty={<EmptyState title="Nothing was sent in the last 30 days">Send a test event to try it out.</EmptyState>}
      />
    </Section>
  );
}
