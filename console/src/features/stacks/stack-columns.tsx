// The columns of the list of stacks.

import { Badge, Status } from "../../ui/status.tsx";
import { Money } from "../../ui/money.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import type { StackHeadline, StackTraffic } from "./stacks-api.ts";

const headline: readonly TableColumn<StackHeadline>[] = [
  {
    id: "name",
    title: "Stack",
    width: "minmax(12rem, 1.2fr)",
    fixed: true,
    cell: ({ name, slug }) => (
      <>
        {name} <span className="figures ml-1 font-normal text-faint">{slug}</span>
      </>
    ),
    text: ({ slug }) => slug,
  },
  {
    id: "kind",
    title: "Kind",
    width: "7rem",
    cell: ({ kind, status }) => {
      if (status === "archived") return <Status tone="plain">Archived</Status>;
      return kind === "managed" ? <Badge>Managed</Badge> : <Badge tone="brass">Your own</Badge>;
    },
    text: ({ kind, status }) => (status === "archived" ? "archived" : kind),
  },
  {
    id: "version",
    title: "Active version",
    width: "8rem",
    align: "right",
    cell: ({ active_version: version }) =>
      version === null ? <span className="text-faint">Draft only</span> : <span className="figures">{version}</span>,
    text: ({ active_version: version }) => String(version ?? ""),
  },
  {
    id: "used",
    title: "Used by",
    width: "minmax(9rem, 0.7fr)",
    cell: ({ used_by: used }) => usedWords(used),
    text: ({ used_by: used }) => usedWords(used),
  },
];

const changes: readonly TableColumn<StackHeadline>[] = [
  {
    id: "changed",
    title: "Changed",
    width: "8rem",
    cell: ({ updated_at: at }) => <Time at={at} />,
    text: ({ updated_at: at }) => at ?? "",
  },
  {
    id: "by",
    title: "Changed by",
    width: "12rem",
    hidden: true,
    cell: ({ updated_by: by }) => by ?? "–",
    text: ({ updated_by: by }) => by ?? "",
  },
];

/** @param traffic undefined until it is there. */
export function stackColumns(traffic: StackTraffic | undefined): readonly TableColumn<StackHeadline>[] {
  const of = ({ slug }: StackHeadline) => traffic?.stacks.find((each) => each.slug === slug);
  const least = traffic !== undefined && !traffic.complete ? "≥ " : "";
  return [
    ...headline,
    {
      id: "requests",
      title: "Requests, 7 days",
      width: "9rem",
      align: "right",
      cell: (stack) => {
        const count = of(stack)?.requests ?? 0;
        return count === 0 ? (
          <span className="text-faint">–</span>
        ) : (
          <span className="figures">{least + count.toLocaleString("en")}</span>
        );
      },
      text: (stack) => String(of(stack)?.requests ?? 0),
    },
    {
      id: "cost",
      title: "Cost, 7 days",
      width: "8rem",
      align: "right",
      cell: (stack) => <Money usd={of(stack)?.debit_usd} />,
      text: (stack) => of(stack)?.debit_usd ?? "0",
    },
    ...changes,
  ];
}

/** `The workspace, 2 keys`. */
function usedWords({ workspace, keys }: StackHeadline["used_by"]): string {
  const words = [workspace && "The workspace", keys > 0 && (keys === 1 ? "1 key" : `${keys} keys`)].filter(Boolean);
  return words.length === 0 ? "–" : words.join(", ");
}
