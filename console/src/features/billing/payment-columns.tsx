// The columns of the table of payments.

import { Ellipsis } from "lucide-react";
import { IconButton } from "../../ui/icon-button.tsx";
import { Id } from "../../ui/id.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Money } from "../../ui/money.tsx";
import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { isMoney, paymentTones, paymentWord, receiptUrl, type Payment } from "./billing.ts";

/** @param onRefund undefined for those who are not operators. */
export function paymentColumns(
  path: string,
  onRefund: ((payment: Payment) => void) | undefined,
): readonly TableColumn<Payment>[] {
  return [
    {
      id: "created",
      title: "When",
      fixed: true,
      width: "8rem",
      cell: ({ created_at: at }) => <Time at={at} />,
      text: ({ created_at: at }) => at,
    },
    moneyColumn("amount", "Pack", ({ amount_usd: usd }) => usd),
    {
      id: "status",
      title: "Status",
      width: "minmax(11rem, 1fr)",
      cell: (payment) => (
        <span className="flex w-0 min-w-full items-center gap-2" title={payment.failure ?? undefined}>
          <Status tone={isMoney(payment.disputed_usd) ? "bad" : paymentTones[payment.status]}>
            {paymentWord(payment)}
          </Status>
          {payment.failure !== null && <span className="truncate text-faint">{payment.failure}</span>}
        </span>
      ),
      text: ({ status }) => status,
    },
    {
      id: "how",
      title: "How",
      width: "10rem",
      cell: ({ kind }) => (kind === "top_up" ? "Automatic top-up" : "Checkout"),
      text: ({ kind }) => kind,
    },
    moneyColumn("given-back", "Refunded", ({ refunded_usd: usd }) => (isMoney(usd) ? usd : null)),
    { ...moneyColumn("owed", "Owed", ({ owed_usd: usd }) => (isMoney(usd) ? usd : null)), hidden: true },
    moneyColumn("credited", "Credited", ({ credited_usd: usd }) => usd),
    {
      id: "receipt",
      title: "Receipts",
      width: "14.5rem",
      cell: (payment) => <Receipts payment={payment} path={path} />,
      text: ({ receipt_number: number }) => number ?? "",
    },
    {
      id: "id",
      title: "Payment",
      width: "12rem",
      hidden: true,
      cell: ({ id }) => <Id id={id} of="payment" />,
      text: ({ id }) => id,
    },
    ...(onRefund === undefined ? [] : [refundColumn(onRefund)]),
  ];
}

function moneyColumn(id: string, title: string, usd: (payment: Payment) => string | null): TableColumn<Payment> {
  return {
    id,
    title,
    align: "right",
    width: "7rem",
    cell: (payment) => <Money usd={usd(payment)} exact />,
    text: (payment) => usd(payment) ?? "",
  };
}

const linkClass = "underline underline-offset-2 hover:text-brass";

function Receipts({ payment, path }: { readonly payment: Payment; readonly path: string }) {
  const { entry_id: entryId, checkout_url: checkout } = payment;
  const stripe = payment.stripe_invoice_pdf_url ?? payment.stripe_receipt_url ?? payment.stripe_invoice_url;
  if (checkout !== null) {
    return (
      <a className={linkClass} href={checkout}>
        Go on to pay
      </a>
    );
  }
  if (entryId === null) return <span className="text-faint">–</span>;
  return (
    <span className="flex gap-3">
      <a className={linkClass} href={receiptUrl(path, entryId)} download>
        Receipt
      </a>
      {stripe !== null && (
        <a className={linkClass} href={stripe} target="_blank" rel="noreferrer">
          {payment.stripe_invoice_pdf_url === null ? "Stripe's receipt" : "Stripe's invoice"}
        </a>
      )}
    </span>
  );
}

function refundColumn(onRefund: (payment: Payment) => void): TableColumn<Payment> {
  return {
    id: "acts",
    title: "",
    fixed: true,
    width: "3rem",
    align: "right",
    cell: (payment) =>
      payment.status !== "paid" || payment.refunded_usd === payment.amount_usd ? null : (
        <Menu trigger={<IconButton label="Acts on this payment" size="small" icon={<Ellipsis aria-hidden />} />}>
          <MenuItem danger onSelect={() => onRefund(payment)}>
            Refund
          </MenuItem>
        </Menu>
      ),
  };
}
