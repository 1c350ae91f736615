// For operators: gives money back through Stripe, and takes the credits back.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form } from "../../ui/form.tsx";
import { MoneyField, plainMoney, typedMoney } from "../../ui/money-field.tsx";
import { Money } from "../../ui/money.tsx";
import { toast } from "../../ui/toast.tsx";
import { isMoney, type Payment } from "./billing.ts";

export type RefundPaymentDialogProps = { readonly payment: Payment; readonly onClose: () => void };

export function RefundPaymentDialog({ payment, onClose }: RefundPaymentDialogProps) {
  const { path } = useWorkspace();
  const [amount, setAmount] = useState(isMoney(payment.refunded_usd) ? "" : plainMoney(payment.amount_usd));
  const [beyond, setBeyond] = useState(false);
  // One key for one dialog: pressing twice refunds once.
  const [key] = useState(() => `console ${crypto.randomUUID()}`);
  const refund = useChange(
    () =>
      fetchApi<Payment>("POST", `${path}/billing/payments/${payment.id}/refunds`, {
        body: {
          ...(amount.trim() !== "" && { amount_usd: typedMoney(amount) }),
          beyond_balance: beyond,
          idempotency_key: `${key} ${typedMoney(amount)}`,
        },
      }),
    [`${path}/billing`, `${path}/ledger-entries`, `${path}/credits`],
    () => {
      toast.done("The payment is refunded.");
      onClose();
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Refund this payment?"
      description="Stripe gives the money back, and the ledger takes the credits back."
      width="small"
    >
      <Form
        problem={refund.problem}
        onSubmit={() => refund.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="danger" pending={refund.isPending}>
              Refund
            </Button>
          </>
        }
      >
        <p className="text-muted">
          <Money usd={payment.amount_usd} exact /> paid, <Money usd={payment.refunded_usd} exact /> refunded so far.
        </p>
        <MoneyField
          label="Give back"
          name="amount_usd"
          hint="Empty: all that is left."
          placeholder=""
          value={amount}
          onValue={setAmount}
        />
        <Checkbox
          label="Also what was spent already"
          hint="The workspace then owes it, and its next credits pay it first."
          checked={beyond}
          onChange={setBeyond}
        />
      </Form>
    </Dialog>
  );
}
