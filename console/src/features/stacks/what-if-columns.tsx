// The columns of what would have happened.

import { Badge } from "../../ui/status.tsx";
import { Id } from "../../ui/id.tsx";
import { Money } from "../../ui/money.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { sentenceCase } from "./field-words.ts";
import type { WhatIfItem, WhatIfResult } from "./stacks-api.ts";

type Model = WhatIfResult["models"][number];

export const modelColumns: readonly TableColumn<Model>[] = [
  {
    id: "model",
    title: "Model",
    width: "minmax(14rem, 2fr)",
    cell: ({ model }) => <span className="figures">{model}</span>,
    text: ({ model }) => model,
  },
  {
    id: "before",
    title: "Requests before",
    width: "9rem",
    align: "right",
    cell: ({ before }) => <span className="figures">{before}</span>,
    text: ({ before }) => String(before),
  },
  {
    id: "after",
    title: "After",
    width: "6rem",
    align: "right",
    cell: ({ after }) => <span className="figures">{after}</span>,
    text: ({ after }) => String(after),
  },
  {
    id: "cost-before",
    title: "Cost before",
    width: "9rem",
    align: "right",
    cell: ({ cost_before_usd: usd }) => <Money usd={usd} />,
    text: ({ cost_before_usd: usd }) => usd,
  },
  {
    id: "cost-after",
    title: "After",
    width: "9rem",
    align: "right",
    cell: ({ cost_after_usd: usd }) => <Money usd={usd} />,
    text: ({ cost_after_usd: usd }) => usd,
  },
];

export const changeColumns: readonly TableColumn<WhatIfItem>[] = [
  {
    id: "time",
    title: "When",
    width: "7rem",
    fixed: true,
    cell: ({ created_at: at }) => <Time at={at} />,
    text: ({ created_at: at }) => at,
  },
  {
    id: "request",
    title: "Request",
    width: "10rem",
    cell: ({ request_id: id }) => <Id id={id} of="request" />,
    text: ({ request_id: id }) => id,
  },
  {
    id: "category",
    title: "Category",
    width: "8rem",
    cell: ({ category }) => sentenceCase(category),
    text: ({ category }) => category,
  },
  {
    id: "before",
    title: "Before",
    width: "minmax(10rem, 1fr)",
    cell: ({ before }) => <Choice {...before} />,
    text: ({ before }) => before.refusal ?? before.model ?? "",
  },
  {
    id: "after",
    title: "After",
    width: "minmax(10rem, 1fr)",
    cell: ({ after }) => <Choice {...after} />,
    text: ({ after }) => after.refusal ?? after.model ?? "",
  },
  {
    id: "cost-before",
    title: "Cost before",
    width: "8rem",
    align: "right",
    cell: ({ before }) => <Money usd={before.cost_usd} />,
    text: ({ before }) => before.cost_usd,
  },
  {
    id: "cost-after",
    title: "Cost after",
    width: "8rem",
    align: "right",
    cell: ({ after }) => <CostAfter after={after} />,
    text: ({ after }) => after.cost_usd ?? "",
  },
  {
    id: "basis",
    title: "Cost is",
    width: "7rem",
    hidden: true,
    cell: ({ after }) => sentenceCase(after.cost_basis),
    text: ({ after }) => after.cost_basis,
  },
];

type Side = Pick<WhatIfItem["after"], "model" | "provider" | "refusal">;

function Choice({ model, refusal }: Side) {
  if (refusal !== null && model === null) return <Badge tone="bad">{refusal}</Badge>;
  return <span className="figures">{model ?? "–"}</span>;
}

function CostAfter({ after }: Pick<WhatIfItem, "after">) {
  return (
    <>
      {after.cost_basis === "estimated" && <span className="text-faint">about </span>}
      <Money usd={after.cost_usd} />
    </>
  );
}
