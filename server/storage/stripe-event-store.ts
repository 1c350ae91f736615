// Stripe's events in the database: stored before they are applied, claimed by moving `due_at`.

import { sql, type Kysely, type Selectable } from "kysely";
import type { StoredEvent, StripeEventRecords } from "../billing/billing-records.ts";
import type { Tables } from "./database.ts";

export function stripeEventStore(query: Kysely<Tables>): StripeEventRecords {
  const received = () => query.updateTable("stripe_events").where("status", "=", "received");
  return {
    async store({ id, type, body, at }) {
      await query
        .insertInto("stripe_events")
        .values({ id, type, body, received_at: at, status: "received", due_at: at, error: null })
        .onConflict((conflict) => conflict.column("id").doNothing())
        .execute();
    },
    async due(nowMs, limit) {
      const rows = await query
        .selectFrom("stripe_events")
        .selectAll()
        // Written out, so that the partial index is used.
        .where("status", "=", sql.lit("received"))
        .where("due_at", "<=", nowMs)
        .orderBy("due_at")
        .limit(limit)
        .execute();
      return rows.map(eventFromRow);
    },
    async find(id) {
      const row = await query.selectFrom("stripe_events").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : eventFromRow(row);
    },
    async claim({ id, dueAt }, until) {
      const claimed = await received()
        .set((row) => ({ due_at: until, attempts: row("attempts", "+", 1) }))
        .where("id", "=", id)
        .where("due_at", "=", dueAt)
        .returning("id")
        .executeTakeFirst();
      return claimed !== undefined;
    },
    async done(id, status) {
      await received().set({ status, error: null }).where("id", "=", id).execute();
    },
    async failed(id, error, retryAt) {
      await received().set({ error, due_at: retryAt }).where("id", "=", id).execute();
    },
  };
}

function eventFromRow(row: Selectable<Tables["stripe_events"]>): StoredEvent {
  return { id: row.id, type: row.type, body: row.body, attempts: Number(row.attempts), dueAt: Number(row.due_at) };
}
