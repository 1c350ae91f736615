// The columns of the ledger.

import { Link } from "@tanstack/react-router";
import { Id } from "../../ui/id.tsx";
import { Money } from "../../ui/money.tsx";
import { Badge, type Tone } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { receiptUrl, type LedgerEntry } from "./billing.ts";

const kindTones: Readonly<Record<LedgerEntry["kind"], Tone>> = {
  credit: "good",
  debit: "plain",
  refund: "good",
  adjustment: "brass",
};

const kindWords: Readonly<Record<LedgerEntry["kind"], string>> = {
  credit: "Credit",
  debit: "Debit",
  refund: "Refund",
  adjustment: "Adjustment",
};

const linkClass = "underline underline-offset-2 hover:text-brass";

export function ledgerColumns(path: string, workspaceId: string): readonly TableColumn<LedgerEntry>[] {
  return [
    {
      id: "sequence",
      title: "No.",
      fixed: true,
      width: "4rem",
      align: "right",
      cell: ({ sequence }) => <span className="figures text-muted">{sequence}</span>,
      text: ({ sequence }) => String(sequence),
    },
    {
      id: "created",
      title: "When",
      width: "15rem",
      cell: ({ created_at: at }) => <Time at={at} exact />,
      text: ({ created_at: at }) => at,
    },
    {
      id: "kind",
      title: "Kind",
      width: "7.5rem",
      cell: ({ kind }) => <Badge tone={kindTones[kind]}>{kindWords[kind]}</Badge>,
      text: ({ kind }) => kind,
    },
    {
      id: "for",
      title: "For",
      width: "minmax(13rem, 2fr)",
      cell: (entry) => <For entry={entry} path={path} workspaceId={workspaceId} />,
      text: ({ request_id: requestId, memo }) => requestId ?? memo,
    },
    {
      id: "amount",
      title: "Amount",
      width: "11rem",
      align: "right",
      cell: ({ amount_usd: usd }) => (
        <Money usd={usd} exact {...(usd.startsWith("-") ? {} : { className: "text-good" })} />
      ),
      text: ({ amount_usd: usd }) => usd,
    },
    {
      id: "balance",
      title: "Balance after",
      width: "11rem",
      align: "right",
      cell: ({ balance_after_usd: usd }) => <Money usd={usd} exact />,
      text: ({ balance_after_usd: usd }) => usd,
    },
    ...evidenceColumns,
  ];
}

const evidenceColumns: readonly TableColumn<LedgerEntry>[] = [
  {
    id: "counterpart",
    title: "Against",
    width: "8rem",
    hidden: true,
    cell: ({ counterpart }) => counterpart,
    text: ({ counterpart }) => counterpart,
  },
  {
    id: "id",
    title: "Entry",
    width: "12rem",
    hidden: true,
    cell: ({ id }) => <Id id={id} of="entry" />,
    text: ({ id }) => id,
  },
  {
    id: "hash",
    title: "Hash",
    width: "12rem",
    hidden: true,
    cell: ({ hash }) => <Id id={hash} of="hash" />,
    text: ({ hash }) => hash,
  },
];

type ForProps = { readonly entry: LedgerEntry; readonly path: string; readonly workspaceId: string };

/** A debit leads to its trace; a credit to its receipt. */
function For({ entry, path, workspaceId }: ForProps) {
  const { kind, memo, request_id: requestId, id } = entry;
  return (
    // As wide as its column, whatever it says.
    <span className="flex w-0 min-w-full items-center gap-3">
      {memo !== "" && (
        <span className="min-w-0 truncate" title={memo}>
          {memo}
        </span>
      )}
      {requestId !== null && (
        <Link
          to="/w/$workspaceId/traces/$requestId"
          params={{ workspaceId, requestId }}
          className={`figures truncate ${linkClass}`}
        >
          {requestId}
        </Link>
      )}
      {kind === "credit" && (
        <a className={`shrink-0 ${linkClass}`} href={receiptUrl(path, id)} download>
          Receipt
        </a>
      )}
    </span>
  );
}
