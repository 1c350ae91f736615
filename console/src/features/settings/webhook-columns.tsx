// The columns of the table of webhook endpoints.

import { Ellipsis } from "lucide-react";
import type { z } from "zod";
import type { webhookSchema } from "../../../../server/contracts/control-webhooks.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";

export type Webhook = z.output<typeof webhookSchema>;
export type WebhookAct = { readonly kind: "edit" | "rotate" | "test" | "delete"; readonly webhook: Webhook };

export type WebhookColumnOptions = {
  readonly editable: boolean;
  readonly onAct: (act: WebhookAct) => void;
  readonly onDeliveries: (webhook: Webhook) => void;
};

export function webhookColumns(options: WebhookColumnOptions): readonly TableColumn<Webhook>[] {
  return [
    {
      id: "url",
      title: "Address",
      fixed: true,
      width: "minmax(16rem, 2fr)",
      cell: ({ url }) => (
        <span className="figures truncate" title={url}>
          {url}
        </span>
      ),
      text: ({ url }) => url,
    },
    {
      id: "status",
      title: "Status",
      width: "8rem",
      cell: (webhook) => <WebhookStatus webhook={webhook} />,
      text: ({ status }) => status,
    },
    {
      id: "events",
      title: "Events",
      width: "minmax(10rem, 1fr)",
      cell: ({ event_types: types }) =>
        types.length === 0 ? (
          "All"
        ) : (
          <span className="truncate" title={types.join(", ")}>
            {types.join(", ")}
          </span>
        ),
      text: ({ event_types: types }) => types.join(" "),
    },
    {
      id: "created",
      title: "Added",
      width: "7.5rem",
      cell: ({ created_at: at }) => <Time at={at} />,
      text: ({ created_at: at }) => at,
    },
    {
      id: "deliveries",
      title: "",
      fixed: true,
      width: "7rem",
      cell: (webhook) => (
        <Button size="small" look="quiet" onClick={() => options.onDeliveries(webhook)}>
          Deliveries
        </Button>
      ),
    },
    ...(options.editable ? [actsColumn(options)] : []),
  ];
}

function WebhookStatus({ webhook }: { readonly webhook: Webhook }) {
  if (webhook.status === "disabled") return <Status tone="plain">Disabled</Status>;
  if (webhook.failing_since !== null) return <Status tone="bad">Failing</Status>;
  return <Status tone="good">Enabled</Status>;
}

function actsColumn({ onAct }: WebhookColumnOptions): TableColumn<Webhook> {
  return {
    id: "acts",
    title: "",
    fixed: true,
    width: "3rem",
    align: "right",
    cell: (webhook) => (
      <Menu trigger={<IconButton label={`Acts on ${webhook.url}`} size="small" icon={<Ellipsis aria-hidden />} />}>
        <MenuItem onSelect={() => onAct({ kind: "edit", webhook })}>Edit</MenuItem>
        <MenuItem onSelect={() => onAct({ kind: "test", webhook })}>Send a test event</MenuItem>
        <MenuItem onSelect={() => onAct({ kind: "rotate", webhook })}>Rotate the secret</MenuItem>
        <MenuItem danger onSelect={() => onAct({ kind: "delete", webhook })}>
          Delete
        </MenuItem>
      </Menu>
    ),
  };
}
