// Routes for a workspace's ledger: filtered, summed, exported; and giving back a debit.

import { z } from "zod";
import { listSchema } from "../../contracts/control.ts";
import {
  debitRefundSchema,
  ledgerFilterSchema,
  ledgerQuerySchema,
  ledgerTotalsSchema,
  refundDebitSchema,
  type LedgerFilter,
} from "../../contracts/control-ledger.ts";
import { ledgerEntrySchema } from "../../contracts/control-workspaces.ts";
import { invalidField } from "../../contracts/errors.ts";
import { asId, type KeyId, type RequestId } from "../../contracts/ids.ts";
import { formatUsd, noMoney, parseUsd, picodollars } from "../../money/picodollars.ts";
import type { EntryFilter } from "../../workspaces/entry-records.ts";
import { readEntries, totalEntries } from "../../workspaces/read-entries.ts";
import { refundDebit } from "../../workspaces/refund-debit.ts";
import { managers, operators } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { downloadEntries, showEntry } from "./ledger-export.ts";
import { numberCursor, page } from "./pages.ts";
import { isoTime } from "./shown-values.ts";

const tag = "Ledger";
const exportDescription = "The newest 1,000,000 entries of the filter, newest first, read while they are sent.";

export const ledgerRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/ledger-entries",
    auth: managers,
    tag,
    summary: "List ledger entries",
    description: "Newest first. The sum of all entries is the balance.",
    query: ledgerQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(ledgerEntrySchema),
    handle: ({ workspace, query, services }) =>
      page(
        query,
        (cursor, limit) =>
          readEntries(services.entries, workspace.id, filterOf(query), { before: numberCursor(cursor), limit }),
        (entry) => String(entry.sequence),
        (entries) => entries.map(showEntry),
      ),
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/ledger-entries/totals",
    auth: managers,
    tag,
    summary: "Get the totals of ledger entries",
    query: ledgerFilterSchema,
    body: noBody,
    status: 200,
    response: ledgerTotalsSchema,
    handle: async ({ workspace, query, services }) => {
      const totals = await totalEntries(services.entries, workspace.id, filterOf(query));
      const net = totals.reduce((sum, { amount }) => picodollars(sum + amount), noMoney);
      return {
        object: "ledger_totals" as const,
        entries: totals.reduce((sum, { entries }) => sum + entries, 0),
        net_usd: formatUsd(net),
        kinds: totals.map(({ kind, entries, amount }) => ({ kind, entries, amount_usd: formatUsd(amount) })),
      };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/ledger-entries.csv",
    auth: managers,
    tag,
    summary: "Export ledger entries as CSV",
    description: exportDescription,
    query: ledgerFilterSchema,
    body: noBody,
    status: 200,
    media: "text/csv",
    response: z.string().describe("CSV with a header line."),
    handle: ({ workspace, query, services }) => downloadEntries(services.entries, workspace.id, filterOf(query), "csv"),
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/ledger-entries.jsonl",
    auth: managers,
    tag,
    summary: "Export ledger entries as JSON lines",
    description: exportDescription,
    query: ledgerFilterSchema,
    body: noBody,
    status: 200,
    media: "application/jsonl",
    response: z.string().describe("One entry a line, as the list shows it."),
    handle: ({ workspace, query, services }) =>
      downloadEntries(services.entries, workspace.id, filterOf(query), "jsonl"),
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/credits/refunds",
    auth: operators,
    tag: "Credits",
    summary: "Refund a debit",
    description: "Gives back a request's debit, or a part of it, as credits. Together never more than was debited.",
    query: noQuery,
    body: refundDebitSchema,
    status: 201,
    response: debitRefundSchema,
    errors: ["conflict", "service_unavailable"],
    handle: async ({ workspace, body, services }) => {
      const amount = parseUsd(body.amount_usd);
      if (amount === undefined) throw invalidField("amount_usd", "decimal USD as text");
      const requestId = asId<RequestId>(body.request_id);
      const { memo, idempotency_key: idempotencyKey } = body;
      const refund = { workspaceId: workspace.id, requestId, amount, memo, idempotencyKey };
      return {
        object: "debit_refund" as const,
        entry_id: await refundDebit(services.credits, refund),
        request_id: requestId,
        amount_usd: formatUsd(amount),
        created_at: isoTime(services.now()),
      };
    },
  }),
];

function filterOf(query: LedgerFilter): EntryFilter {
  return {
    kinds: query.kind,
    counterpart: query.counterpart,
    from: query.from === undefined ? undefined : Date.parse(query.from),
    to: query.to === undefined ? undefined : Date.parse(query.to),
    keyId: query.key === undefined ? undefined : asId<KeyId>(query.key),
    requestId: query.request === undefined ? undefined : asId<RequestId>(query.request),
    text: query.memo,
  };
}
