// Every payment that was tried, with its receipts.

import { useMemo, useState } from "react";
import { useList } from "../../api/list.ts";
import { useMe } from "../../api/me.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import type { Billing, Payment } from "./billing.ts";
import { paymentColumns } from "./payment-columns.tsx";
import { RefundPaymentDialog } from "./refund-payment-dialog.tsx";

export function PaymentsTab({ billing }: { readonly billing: Billing }) {
  const { path } = useWorkspace();
  const { is_operator: isOperator } = useMe();
  const payments = useList<Payment>(`${path}/billing/payments`);
  const [refunded, setRefunded] = useState<Payment>();
  const columns = useMemo(() => paymentColumns(path, isOperator ? setRefunded : undefined), [path, isOperator]);
  return (
    <div className="pt-2">
      <DataTable
        name="payments"
        label="Payments"
        columns={columns}
        list={payments}
        rowId={({ id }) => id}
        empty={
          <EmptyState title="No payments yet">
            {billing.payments === "stripe"
              ? "What is bought, by hand or automatically, stands here with its receipt."
              : "Payments are not set up on this server. Grants by its operator stand in the ledger, each with a receipt."}
          </EmptyState>
        }
      />
      {refunded !== undefined && <RefundPaymentDialog payment={refunded} onClose={() => setRefunded(undefined)} />}
    </div>
  );
}
