// Automatic top-ups in the database. Whether one may begin is decided in one transaction, behind an index that lets a
// workspace have one under way.

import { sql, type Kysely, type Selectable, type Transaction } from "kysely";
import type { AutoTopUp, NewPayment, TopUpRecords } from "../billing/billing-records.ts";
import { asId, type WorkspaceId } from "../contracts/ids.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Tables } from "./database.ts";
import { paymentFromRow } from "./payment-store.ts";

export function topUpStore(query: Kysely<Tables>): TopUpRecords {
  return {
    async find(workspaceId) {
      const row = await query
        .selectFrom("auto_top_ups")
        .selectAll()
        .where("workspace_id", "=", workspaceId)
        .executeTakeFirst();
      return row === undefined ? undefined : topUpFromRow(row);
    },
    async save({ workspaceId, enabled, threshold, pack, monthlyCap }) {
      const columns = { enabled: enabled ? 1 : 0, threshold, pack, monthly_cap: monthlyCap };
      const anew = { failures: 0, disabled_reason: null, next_attempt_at: 0 };
      await query
        .insertInto("auto_top_ups")
        .values({ workspace_id: workspaceId, ...columns, ...anew })
        .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet({ ...columns, ...anew }))
        .execute();
    },
    wanting: (nowMs, limit) => findWanting(query, nowMs, limit),
    spentSince: (workspaceId, since) => spentSince(query, workspaceId, since),
    begin: (topUp, payment, monthStart) =>
      query.transaction().execute(async (transaction) => {
        if (!(await insertTopUp(transaction, payment))) return "under_way";
        const refusal = await refusalOf(transaction, topUp, payment, monthStart);
        if (refusal === undefined) return "begun";
        await transaction.deleteFrom("payments").where("id", "=", payment.id).execute();
        return refusal;
      }),
    async unanswered(before, limit) {
      const rows = await query
        .selectFrom("payments")
        .selectAll()
        .where("kind", "=", "top_up")
        .where("status", "=", "pending")
        .where("intent_id", "is", null)
        .where("created_at", "<=", before)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(paymentFromRow);
    },
    async failing(failures, limit) {
      const rows = await query
        .selectFrom("auto_top_ups")
        .selectAll()
        .where("enabled", "=", 1)
        .where("failures", ">=", failures)
        .limit(limit)
        .execute();
      return rows.map(topUpFromRow);
    },
    async disable(workspaceId, reason) {
      const row = await query
        .updateTable("auto_top_ups")
        .set({ enabled: 0, disabled_reason: reason })
        .where("workspace_id", "=", workspaceId)
        .where("enabled", "=", 1)
        .returning("workspace_id")
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

async function findWanting(query: Kysely<Tables>, nowMs: number, limit: number): Promise<AutoTopUp[]> {
  const rows = await query
    .selectFrom("auto_top_ups as topUp")
    .innerJoin("workspaces", "workspaces.id", "topUp.workspace_id")
    .leftJoin("accounts", "accounts.workspace_id", "topUp.workspace_id")
    .selectAll("topUp")
    .where("topUp.enabled", "=", 1)
    .where("topUp.next_attempt_at", "<=", nowMs)
    .where("workspaces.status", "=", "active")
    .where((row) => row(row.fn.coalesce("accounts.balance", sql<bigint>`0`), "<", row.ref("topUp.threshold")))
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom("payments")
            .select("payments.id")
            .whereRef("payments.workspace_id", "=", "topUp.workspace_id")
            .where("payments.kind", "=", "top_up")
            .where("payments.status", "in", ["pending", "processing"]),
        ),
      ),
    )
    .limit(limit)
    .execute();
  return rows.map(topUpFromRow);
}

/** False when one is under way: of two that begin at once, the index lets one through. */
async function insertTopUp(query: Transaction<Tables>, payment: NewPayment): Promise<boolean> {
  const { id, workspaceId, kind, amount, createdAt } = payment;
  const inserted = await query
    .insertInto("payments")
    .values({ id, workspace_id: workspaceId, kind, amount, status: "pending", created_at: createdAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

async function refusalOf(
  query: Transaction<Tables>,
  { workspaceId }: AutoTopUp,
  payment: NewPayment,
  monthStart: number,
): Promise<"capped" | "not_needed" | undefined> {
  const settings = await query
    .selectFrom("auto_top_ups")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("enabled", "=", 1)
    .executeTakeFirst();
  if (settings === undefined || settings.pack !== payment.amount) return "not_needed";
  const account = await query
    .selectFrom("accounts")
    .select("balance")
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  if ((account?.balance ?? 0n) >= settings.threshold) return "not_needed";
  // Paid, but not in the balance yet.
  const coming = await query
    .selectFrom("payments")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("status", "=", "paid")
    .whereRef("version", ">", "settled_version")
    .executeTakeFirst();
  if (coming !== undefined) return "not_needed";
  return (await spentSince(query, workspaceId, monthStart)) > settings.monthly_cap ? "capped" : undefined;
}

async function spentSince(query: Kysely<Tables>, workspaceId: WorkspaceId, since: number): Promise<Picodollars> {
  const rows = await query
    .selectFrom("payments")
    .select("amount")
    .where("workspace_id", "=", workspaceId)
    .where("kind", "=", "top_up")
    .where("status", "in", ["pending", "processing", "paid"])
    .where("created_at", ">=", since)
    .execute();
  return rows.reduce((sum, { amount }) => picodollars(sum + amount), noMoney);
}

function topUpFromRow(row: Selectable<Tables["auto_top_ups"]>): AutoTopUp {
  return {
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    enabled: Number(row.enabled) === 1,
    threshold: picodollars(row.threshold),
    pack: picodollars(row.pack),
    monthlyCap: picodollars(row.monthly_cap),
    failures: Number(row.failures),
    disabledReason: row.disabled_reason ?? undefined,
  };
}
