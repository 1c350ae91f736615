// The columns of the table of keys.

import { Ellipsis } from "lucide-react";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Money } from "../../ui/money.tsx";
import { Badge, Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { keyTones, keyWords, type ApiKey } from "./key.ts";

/** What a key cost in the last 30 days, as decimal USD; undefined: not known. */
export type CostOf = (keyId: string) => string | undefined;

export type KeyActs = { readonly onEdit: (key: ApiKey) => void; readonly onRevoke: (key: ApiKey) => void };

/** @param acts undefined for those who may only look. */
export function keyColumns(acts: KeyActs | undefined, costOf: CostOf): readonly TableColumn<ApiKey>[] {
  return [
    {
      id: "name",
      title: "Name",
      fixed: true,
      width: "minmax(11rem, 1.4fr)",
      cell: ({ name, mode }) => (
        <span className="flex items-center gap-2">
          <span className="truncate font-medium" title={name}>
            {name}
          </span>
          {mode === "test" && <Badge>Test</Badge>}
        </span>
      ),
      text: ({ name }) => name,
    },
    {
      id: "status",
      title: "Status",
      width: "7rem",
      cell: ({ status }) => <Status tone={keyTones[status]}>{keyWords[status]}</Status>,
      text: ({ status }) => status,
    },
    {
      id: "prefix",
      title: "Key",
      width: "14rem",
      cell: ({ prefix }) => <span className="figures">{prefix}…</span>,
      text: ({ prefix }) => prefix,
    },
    { id: "mode", title: "Mode", width: "6rem", hidden: true, cell: ({ mode }) => mode, text: ({ mode }) => mode },
    {
      id: "stack",
      title: "Stack",
      width: "minmax(9rem, 1fr)",
      cell: ({ stack }) => stack ?? <span className="text-faint">The workspace's</span>,
      text: ({ stack }) => stack ?? "",
    },
    ...limitColumns,
    {
      id: "cost",
      title: "Cost, 30 days",
      align: "right",
      width: "8rem",
      cell: ({ id }) => <Money usd={costOf(id)} />,
      text: ({ id }) => costOf(id) ?? "",
    },
    {
      id: "last-used",
      title: "Last used",
      width: "7.5rem",
      cell: ({ last_used_at: at }) => <Time at={at} never="Never" />,
      text: ({ last_used_at: at }) => at ?? "",
    },
    {
      id: "expires",
      title: "Expires",
      width: "7.5rem",
      cell: ({ expires_at: at }) => <Time at={at} never="Never" />,
      text: ({ expires_at: at }) => at ?? "",
    },
    {
      id: "created",
      title: "Created",
      width: "7.5rem",
      hidden: true,
      cell: ({ created_at: at }) => <Time at={at} />,
      text: ({ created_at: at }) => at,
    },
    ...(acts === undefined ? [] : [actsColumn(acts)]),
  ];
}

const limitColumns: readonly TableColumn<ApiKey>[] = [
  {
    id: "spend-limit",
    title: "Spend limit",
    align: "right",
    width: "7.5rem",
    cell: ({ spend_limit_usd: usd }) => (usd === null ? <span className="text-faint">None</span> : <Money usd={usd} />),
    text: ({ spend_limit_usd: usd }) => usd ?? "",
  },
  {
    id: "rate-limit",
    title: "Per minute",
    align: "right",
    width: "7rem",
    hidden: true,
    cell: ({ rate_limit_per_minute: limit }) => (
      <span className="figures">{limit === null ? "–" : limit.toLocaleString("en")}</span>
    ),
    text: ({ rate_limit_per_minute: limit }) => String(limit ?? ""),
  },
];

function actsColumn({ onEdit, onRevoke }: KeyActs): TableColumn<ApiKey> {
  return {
    id: "acts",
    title: "",
    fixed: true,
    width: "3rem",
    align: "right",
    cell: (key) =>
      key.status === "revoked" ? null : (
        <Menu trigger={<IconButton label={`Acts on ${key.name}`} size="small" icon={<Ellipsis aria-hidden />} />}>
          <MenuItem onSelect={() => onEdit(key)}>Edit</MenuItem>
          <MenuItem danger onSelect={() => onRevoke(key)}>
            Revoke
          </MenuItem>
        </Menu>
      ),
  };
}
