// The columns of the list of traces.

import type { TraceHeadline } from "../../../../server/contracts/control-activity.ts";
import { exactMoney } from "../../ui/money-format.ts";
import { Money } from "../../ui/money.tsx";
import { Status, type Tone } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { duration } from "../../ui/time-format.ts";
import { Time } from "../../ui/time.tsx";
import { categoryInWords, unbilledInWords } from "../../words/reasons.ts";

type Column = TableColumn<TraceHeadline>;

export function statusTone(status: number): Tone {
  if (status < 400) return "good";
  return status >= 500 ? "bad" : "brass";
}

const tokenColumn = (id: "input_tokens" | "cached_input_tokens" | "output_tokens", title: string): Column => ({
  id,
  title,
  width: "4.5rem",
  align: "right",
  hidden: id === "cached_input_tokens",
  cell: (row) => <span className="figures">{row[id]?.toLocaleString("en-US") ?? "–"}</span>,
  text: (row) => String(row[id] ?? ""),
});

const nameColumn = (id: "model" | "provider" | "stack" | "requested_model", title: string, hidden = false): Column => ({
  id,
  title,
  width: id === "model" ? "minmax(10rem, 1.6fr)" : "minmax(7rem, 1fr)",
  hidden,
  cell: (row) => <span className="truncate">{row[id] ?? <span className="text-faint">–</span>}</span>,
  text: (row) => row[id] ?? "",
});

export const traceColumns: readonly Column[] = [
  {
    id: "time",
    title: "Time",
    width: "6.5rem",
    fixed: true,
    cell: ({ created_at: at }) => <Time at={at} />,
    text: ({ created_at: at }) => at,
  },
  {
    id: "status",
    title: "Status",
    width: "5rem",
    cell: ({ status }) => (
      <Status tone={statusTone(status)}>
        <span className="figures">{status}</span>
      </Status>
    ),
    text: ({ status }) => String(status),
  },
  nameColumn("model", "Model"),
  nameColumn("provider", "Provider", true),
  nameColumn("stack", "Stack"),
  {
    id: "category",
    title: "Category",
    width: "7.5rem",
    cell: ({ category }) => (category === null ? <span className="text-faint">–</span> : categoryInWords(category)),
    text: ({ category }) => category ?? "",
  },
  nameColumn("requested_model", "Requested", true),
  {
    id: "key",
    title: "Key",
    width: "minmax(6rem, 1fr)",
    cell: (row) => <span className="truncate">{row.key_name ?? row.key_id}</span>,
    text: ({ key_id: id }) => id,
  },
  tokenColumn("input_tokens", "In"),
  tokenColumn("cached_input_tokens", "Cached"),
  tokenColumn("output_tokens", "Out"),
  {
    id: "time_taken",
    title: "Took",
    width: "5rem",
    align: "right",
    cell: ({ total_ms: ms }) => <span className="figures">{duration(ms)}</span>,
    text: ({ total_ms: ms }) => String(ms),
  },
  {
    id: "cost",
    title: "Cost",
    width: "7.5rem",
    align: "right",
    cell: ({ debit_usd: usd, unbillable_reason: reason }) =>
      reason === null ? (
        <Money usd={usd} />
      ) : (
        <span className="text-faint" title={unbilledInWords(reason)}>
          not billed
        </span>
      ),
    text: ({ debit_usd: usd }) => exactMoney(usd).replaceAll(/[$,]/g, ""),
  },
  {
    id: "savings",
    title: "Saved",
    width: "8rem",
    align: "right",
    hidden: true,
    cell: ({ savings_usd: usd }) => <Money usd={usd} />,
    text: ({ savings_usd: usd }) => usd ?? "",
  },
  {
    id: "reason",
    title: "Not billed because",
    width: "minmax(12rem, 1.5fr)",
    hidden: true,
    cell: ({ unbillable_reason: reason }) => (
      <span className="truncate">{reason === null ? "" : unbilledInWords(reason)}</span>
    ),
    text: ({ unbillable_reason: reason }) => reason ?? "",
  },
  {
    id: "request",
    title: "Request",
    width: "minmax(10rem, 1fr)",
    hidden: true,
    cell: ({ request_id: id }) => <span className="figures truncate text-sm">{id}</span>,
    text: ({ request_id: id }) => id,
  },
];
