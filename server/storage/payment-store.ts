// Payments in the database.

import { sql, type Kysely, type Selectable } from "kysely";
import type { PaymentRecords } from "../billing/billing-records.ts";
import { paymentKinds, paymentStatuses, type Payment, type PaymentFacts } from "../billing/payment.ts";
import { asId, type EntryId, type PaymentId, type WorkspaceId } from "../contracts/ids.ts";
import { noMoney, picodollars } from "../money/picodollars.ts";
import type { Tables } from "./database.ts";
import { learnFacts } from "./payment-facts.ts";
import { optionalNumber, textList, wordOf } from "./read-column.ts";

export function paymentStore(query: Kysely<Tables>): PaymentRecords {
  return {
    async insert({ id, workspaceId, kind, amount, createdAt }) {
      await query
        .insertInto("payments")
        .values({ id, workspace_id: workspaceId, kind, amount, status: "pending", created_at: createdAt })
        .execute();
    },
    async opened(id, { id: session_id, url }) {
      await query.updateTable("payments").set({ session_id, url }).where("id", "=", id).execute();
    },
    async find(id) {
      const row = await query.selectFrom("payments").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : paymentFromRow(row);
    },
    async list(workspaceId, { before, limit }) {
      let select = query.selectFrom("payments").selectAll().where("workspace_id", "=", workspaceId);
      if (before !== undefined) select = select.where("id", "<", before);
      return (await select.orderBy("id", "desc").limit(limit).execute()).map(paymentFromRow);
    },
    factsOf: (intentId) => readFacts(query, intentId),
    learn: (facts, retryAt) => query.transaction().execute((transaction) => learnFacts(transaction, facts, retryAt)),
    async settled({ id, version }, { booked, owed }) {
      const row = await query
        .updateTable("payments")
        .set({ booked, owed, settled_version: version })
        .where("id", "=", id)
        .where("version", "=", version)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
    async told(id, names) {
      await query
        .updateTable("payments")
        .set({ told: JSON.stringify(names) })
        .where("id", "=", id)
        .execute();
    },
    async bookedEntries(workspaceId, ids) {
      const rows = await query
        .selectFrom("ledger_entries")
        .select(["id", "amount"])
        .where("id", "in", ids)
        // In the words of the partial index on ids, or it would not be used.
        .where("kind", "<>", "debit")
        .where("workspace_id", "=", workspaceId)
        .execute();
      return new Map(rows.map((row) => [asId<EntryId>(row.id), picodollars(row.amount)]));
    },
    async owing(workspaceId, { after, limit }) {
      let select = query
        .selectFrom("payments")
        .selectAll()
        .where("owed", ">", sql<bigint>`0`);
      if (workspaceId !== undefined) select = select.where("workspace_id", "=", workspaceId);
      if (after !== undefined) select = select.where("id", ">", after);
      return (await select.orderBy("id").limit(limit).execute()).map(paymentFromRow);
    },
    async unsettled(limit) {
      const select = query.selectFrom("payments").selectAll().whereRef("version", ">", "settled_version");
      return (await select.orderBy("id").limit(limit).execute()).map(paymentFromRow);
    },
  };
}

async function readFacts(query: Kysely<Tables>, intentId: string): Promise<PaymentFacts> {
  const charge = await query
    .selectFrom("payment_charges")
    .selectAll()
    .where("intent_id", "=", intentId)
    .executeTakeFirst();
  const refunds = await query.selectFrom("payment_refunds").selectAll().where("intent_id", "=", intentId).execute();
  const disputes = await query.selectFrom("payment_disputes").selectAll().where("intent_id", "=", intentId).execute();
  return {
    refundedTotal: charge === undefined ? noMoney : picodollars(charge.refunded),
    receiptUrl: charge?.receipt_url ?? undefined,
    refunds: refunds.map(({ id, amount, failed }) => ({ id, amount: picodollars(amount), failed: isSet(failed) })),
    disputes: disputes.map(({ id, amount, withdrawn, returned, lost }) => ({
      id,
      amount: picodollars(amount),
      withdrawn: isSet(withdrawn),
      returned: isSet(returned),
      lost: isSet(lost),
    })),
  };
}

function isSet(column: bigint | number): boolean {
  return Number(column) === 1;
}

export function paymentFromRow(row: Selectable<Tables["payments"]>): Payment {
  return {
    id: asId<PaymentId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    kind: wordOf(paymentKinds, row.kind),
    amount: picodollars(row.amount),
    status: wordOf(paymentStatuses, row.status),
    paid: picodollars(row.paid),
    paidAt: optionalNumber(row.paid_at),
    sessionId: row.session_id ?? undefined,
    intentId: row.intent_id ?? undefined,
    url: row.url ?? undefined,
    failure: row.failure ?? undefined,
    invoiceUrl: row.invoice_url ?? undefined,
    invoicePdf: row.invoice_pdf ?? undefined,
    version: Number(row.version),
    booked: picodollars(row.booked),
    owed: picodollars(row.owed),
    told: textList(row.told),
    createdAt: Number(row.created_at),
  };
}
