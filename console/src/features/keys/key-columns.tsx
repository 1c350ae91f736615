// The columns of the table of keys.

import { Ellipsis } from "lucide-react";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { exactMoney } from "../../ui/money-format.ts";
import { Money } from "../../ui/money.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Badge, Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { exactTime } from "../../ui/time-format.ts";
import { Time } from "../../ui/time.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";
import type { KeyUsage } from "./key-usage.ts";
import { isOfAgent, keyTones, keyWords, type ApiKey } from "./key.ts";

export type KeyAct = "edit" | "rotate" | "revoke" | "renew";
export type OnKeyAct = (act: KeyAct, key: ApiKey) => void;

/**
 * @param usage by key id; undefined until it is there.
 * @param onAct undefined for those who may only look.
 * @param mayRenew whether the reader may open the playground again.
 */
export function keyColumns(
  usage: ReadonlyMap<string, KeyUsage> | undefined,
  onAct: OnKeyAct | undefined,
  mayRenew: boolean,
): readonly TableColumn<ApiKey>[] {
  return [
    {
      id: "name",
      title: "Name",
      fixed: true,
      width: "minmax(11rem, 1.4fr)",
      cell: (key) => (
        <span className="flex items-center gap-2">
          <span className="truncate font-medium" title={key.name}>
            {key.name}
          </span>
          {key.mode === "test" && <Badge>Test</Badge>}
          {isOfAgent(key) && <Badge>Agent</Badge>}
        </span>
      ),
      text: ({ name }) => name,
    },
    {
      id: "prefix",
      title: "Key",
      width: "14rem",
      cell: (key) => <Prefix apiKey={key} />,
      text: ({ prefix }) => prefix,
    },
    { id: "mode", title: "Mode", width: "6rem", hidden: true, cell: ({ mode }) => mode, text: ({ mode }) => mode },
    {
      id: "status",
      title: "Status",
      width: "7rem",
      cell: ({ status }) => <Status tone={keyTones[status]}>{keyWords[status]}</Status>,
      text: ({ status }) => status,
    },
    {
      id: "stack",
      title: "Stack",
      width: "minmax(9rem, 1fr)",
      cell: ({ stack }) => stack ?? <span className="text-faint">The workspace's</span>,
      text: ({ stack }) => stack ?? "",
    },
    ...usageColumns(usage),
    ...limitColumns,
    ...timeColumns,
    ...(onAct === undefined ? [] : [actsColumn(onAct, mayRenew)]),
  ];
}

/** Nobody holds the playground's secret; while a rotation lasts, the key has two. */
function Prefix({ apiKey: { purpose, prefix, previous } }: { readonly apiKey: ApiKey }) {
  if (purpose === "playground") return <span className="text-faint">Held by nobody</span>;
  if (previous === null) return <span className="figures">{prefix}…</span>;
  const words = `${previous.prefix}… works until ${exactTime(Date.parse(previous.ends_at))}`;
  return (
    <Tooltip text={words}>
      <span className="inline-flex items-center gap-2">
        <span className="figures">{prefix}…</span>
        <Badge tone="brass">+ old</Badge>
        <span className="sr-only">{words}</span>
      </span>
    </Tooltip>
  );
}

type Used = KeyUsage["today"];

function usageColumns(usage: ReadonlyMap<string, KeyUsage> | undefined): readonly TableColumn<ApiKey>[] {
  const column = (id: string, title: string, of: (usage: KeyUsage) => Used, hidden: boolean): TableColumn<ApiKey> => {
    const usedBy = ({ id: key }: ApiKey): Used | undefined => {
      const found = usage?.get(key);
      return found && of(found);
    };
    return {
      id,
      title,
      align: "right",
      width: "8rem",
      hidden,
      cell: (key) => <UsedCell used={usedBy(key)} known={usage !== undefined} />,
      text: (key) => usedBy(key)?.cost_usd ?? "",
    };
  };
  return [
    column("today", "Cost today", ({ today }) => today, true),
    column("month", "Cost, 30 days", ({ last_30_days: month }) => month, false),
  ];
}

function UsedCell({ used, known }: { readonly used: Used | undefined; readonly known: boolean }) {
  if (!known) return <Skeleton className="ml-auto h-4 w-16" />;
  if (used === undefined || used.requests === 0) return <span className="text-faint">–</span>;
  const words = used.requests === 1 ? "1 request" : `${used.requests.toLocaleString("en")} requests`;
  return (
    <Tooltip text={`${words}, ${exactMoney(used.cost_usd)}`}>
      <span>
        <Money usd={used.cost_usd} />
        <span className="sr-only">, {words}</span>
      </span>
    </Tooltip>
  );
}

const timeColumns: readonly TableColumn<ApiKey>[] = [
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
];

const limitColumns: readonly TableColumn<ApiKey>[] = [
  {
    id: "spend-limit",
    title: "Spend limit",
    hidden: true,
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

function actsColumn(onAct: OnKeyAct, mayRenew: boolean): TableColumn<ApiKey> {
  return {
    id: "acts",
    title: "",
    fixed: true,
    width: "3rem",
    align: "right",
    cell: (key) => {
      const acts = actsOn(key, mayRenew);
      if (acts.length === 0) return null;
      return (
        <Menu trigger={<IconButton label={`Acts on ${key.name}`} size="small" icon={<Ellipsis aria-hidden />} />}>
          {acts.map((act) => (
            <MenuItem key={act} danger={act === "revoke"} onSelect={() => onAct(act, key)}>
              {actWords[act]}
            </MenuItem>
          ))}
        </Menu>
      );
    },
  };
}

const actWords: Readonly<Record<KeyAct, string>> = {
  edit: "Edit",
  rotate: "Rotate",
  revoke: "Revoke",
  renew: "Open the playground again",
};

function actsOn(key: ApiKey, mayRenew: boolean): readonly KeyAct[] {
  const { status, purpose } = key;
  if (status === "revoked") return purpose === "playground" && mayRenew ? ["renew"] : [];
  if (status === "expired" || purpose === "playground" || isOfAgent(key)) return ["edit", "revoke"];
  return ["edit", "rotate", "revoke"];
}
