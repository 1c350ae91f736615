// For operators: what workspaces owe, because it was given back to the payer after it had been spent.

import { Link } from "@tanstack/react-router";
import type { z } from "zod";
import type { debtSchema } from "../../../../server/contracts/control-billing.ts";
import { useList } from "../../api/list.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Id } from "../../ui/id.tsx";
import { Money } from "../../ui/money.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";

type Debt = z.output<typeof debtSchema>;

export function DebtsPage() {
  const list = useList<Debt>("/api/operator/debts");
  return (
    <>
      <PageHeader
        title="Debts"
        description="Refunds and disputes of credits that were spent already. The next credits of the workspace pay them first."
      />
      <DataTable
        name="debts"
        label="Debts"
        columns={columns}
        list={list}
        rowId={({ payment_id: id }) => id}
        empty={<EmptyState title="Nobody owes anything" />}
      />
    </>
  );
}

const columns: readonly TableColumn<Debt>[] = [
  {
    id: "workspace",
    title: "Workspace",
    fixed: true,
    width: "minmax(14rem, 1fr)",
    cell: ({ workspace_id: id }) => (
      <Link
        to="/w/$workspaceId/billing"
        params={{ workspaceId: id }}
        search={{ tab: "payments" }}
        className="figures underline underline-offset-2 hover:text-brass"
      >
        {id}
      </Link>
    ),
    text: ({ workspace_id: id }) => id,
  },
  {
    id: "owed",
    title: "Owed",
    align: "right",
    width: "10rem",
    cell: ({ owed_usd: usd }) => <Money usd={usd} exact />,
    text: ({ owed_usd: usd }) => usd,
  },
  {
    id: "payment",
    title: "Payment",
    width: "14rem",
    cell: ({ payment_id: id }) => <Id id={id} of="payment" />,
    text: ({ payment_id: id }) => id,
  },
  {
    id: "paid",
    title: "Paid",
    width: "9rem",
    cell: ({ paid_at: at }) => <Time at={at} />,
    text: ({ paid_at: at }) => at ?? "",
  },
];
