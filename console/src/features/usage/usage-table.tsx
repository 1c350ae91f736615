// The numbers behind the charts: a row a group, with every digit in its CSV.

import { useMemo } from "react";
import type { UsageSeries } from "../../../../server/contracts/control-activity.ts";
import { listOf } from "../../api/list.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Money } from "../../ui/money.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { duration } from "../../ui/time-format.ts";
import { exactUsd, groupName } from "./usage-charts.ts";

type Group = UsageSeries["groups"][number] & { readonly shown: string };
type CountName = "requests" | "errors" | "input_tokens" | "cached_input_tokens" | "output_tokens" | "reasoning_tokens";
type Column = TableColumn<Group>;

const countColumn = (id: CountName, title: string, hidden = false): Column => ({
  id,
  title,
  width: "7.5rem",
  align: "right",
  hidden,
  cell: (row) => <span className="figures">{row[id].toLocaleString("en-US")}</span>,
  text: (row) => String(row[id]),
});

const moneyColumn = (id: "cost_usd" | "savings_usd", title: string): Column => ({
  id,
  title,
  width: "9rem",
  align: "right",
  cell: (row) => <Money usd={row[id]} />,
  text: (row) => exactUsd(row[id]),
});

const latencyColumn = (id: "latency_p50_ms" | "latency_p95_ms", title: string): Column => ({
  id,
  title,
  width: "7rem",
  align: "right",
  cell: (row) => <span className="figures">{row[id] === null ? "–" : duration(row[id])}</span>,
  text: (row) => String(row[id] ?? ""),
});

const columns: readonly Column[] = [
  {
    id: "group",
    title: "Group",
    width: "minmax(11rem, 2fr)",
    fixed: true,
    cell: ({ shown }) => <span className="truncate">{shown}</span>,
    text: ({ shown }) => shown,
  },
  moneyColumn("cost_usd", "Cost"),
  countColumn("requests", "Requests"),
  countColumn("errors", "Errors"),
  countColumn("input_tokens", "Tokens in"),
  countColumn("cached_input_tokens", "Cached", true),
  countColumn("output_tokens", "Tokens out"),
  countColumn("reasoning_tokens", "Reasoning", true),
  latencyColumn("latency_p50_ms", "p50"),
  latencyColumn("latency_p95_ms", "p95"),
  moneyColumn("savings_usd", "Saved"),
];

export function UsageTable({ series }: { readonly series: UsageSeries }) {
  const rows = useMemo(() => series.groups.map((group) => ({ ...group, shown: groupName(series, group) })), [series]);
  return (
    <DataTable
      name="usage"
      label="Usage by group"
      columns={columns}
      list={listOf(rows)}
      rowId={({ kind, name }) => `${kind} ${name ?? ""}`}
    />
  );
}
