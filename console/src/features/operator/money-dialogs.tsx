// Grants credits by hand, and corrects a balance. Each booking carries a key, so that a repeated press books once.

import { useState } from "react";
import type { ShownOperatorWorkspaceDetail } from "../../../../server/contracts/control-operator.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { MoneyField } from "../../ui/money-field.tsx";
import { Money } from "../../ui/money.tsx";
import { Select } from "../../ui/select.tsx";
import { toast } from "../../ui/toast.tsx";

export type WorkspaceDialogProps = {
  readonly workspace: ShownOperatorWorkspaceDetail;
  readonly onClose: () => void;
};

type Booking = { readonly amount_usd: string; readonly memo: string; readonly idempotency_key: string };

function useBooking({ workspace, onClose }: WorkspaceDialogProps, kind: "grants" | "adjustments", done: string) {
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const change = useChange(
    (booking: Omit<Booking, "idempotency_key">) =>
      fetchApi("POST", `/api/workspaces/${workspace.id}/credits/${kind}`, {
        body: { ...booking, idempotency_key: idempotencyKey } satisfies Booking,
      }),
    ["/api/operator/workspaces", `/api/workspaces/${workspace.id}`],
    () => {
      toast.done(done);
      onClose();
    },
  );
  return change;
}

/** Mount it anew for each booking. */
export function GrantDialog(props: WorkspaceDialogProps) {
  const [amount, setAmount] = useState("");
  const [memo, setMemo] = useState("");
  const grant = useBooking(props, "grants", "The credits are granted.");
  return (
    <Dialog open onClose={props.onClose} title="Grant credits" description={props.workspace.name} width="small">
      <Form
        problem={grant.problem}
        onSubmit={() => grant.mutate({ amount_usd: amount.trim(), memo: memo.trim() })}
        actions={<BookingButtons verb="Grant credits" pending={grant.isPending} onClose={props.onClose} />}
      >
        <MoneyField label="Amount" name="amount_usd" required value={amount} onValue={setAmount} />
        <MemoField memo={memo} onMemo={setMemo} />
      </Form>
    </Dialog>
  );
}

/** Mount it anew for each booking. */
export function AdjustDialog(props: WorkspaceDialogProps) {
  const [amount, setAmount] = useState("");
  const [direction, setDirection] = useState<"take" | "give">("take");
  const [memo, setMemo] = useState("");
  const adjust = useBooking(props, "adjustments", "The balance is adjusted.");
  const { workspace } = props;
  return (
    <Dialog
      open
      onClose={props.onClose}
      title="Adjust the balance"
      description="Corrects a mistake, with an entry of its own in the ledger. What running requests hold is never taken."
      width="small"
    >
      <Form
        problem={adjust.problem}
        onSubmit={() =>
          adjust.mutate({ amount_usd: `${direction === "take" ? "-" : ""}${amount.trim()}`, memo: memo.trim() })
        }
        actions={<BookingButtons verb="Adjust the balance" pending={adjust.isPending} onClose={props.onClose} />}
      >
        <p className="text-base text-muted">
          Available in {workspace.name}: <Money usd={workspace.available_usd} exact />
        </p>
        <Field label="Direction">
          <Select
            value={direction}
            choices={[
              { value: "take", label: "Take from the balance" },
              { value: "give", label: "Add to the balance" },
            ]}
            onValue={setDirection}
          />
        </Field>
        <MoneyField label="Amount" name="amount_usd" required value={amount} onValue={setAmount} />
        <MemoField memo={memo} onMemo={setMemo} />
      </Form>
    </Dialog>
  );
}

function MemoField({ memo, onMemo }: { readonly memo: string; readonly onMemo: (memo: string) => void }) {
  return (
    <Field label="Why" name="memo" required hint="Stands in the ledger, for the workspace to read.">
      <Input value={memo} maxLength={200} onChange={(event) => onMemo(event.target.value)} />
    </Field>
  );
}

type BookingButtonsProps = { readonly verb: string; readonly pending: boolean; readonly onClose: () => void };

function BookingButtons({ verb, pending, onClose }: BookingButtonsProps) {
  return (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" look="primary" pending={pending}>
        {verb}
      </Button>
    </>
  );
}
