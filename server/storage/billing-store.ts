// All that payments keep in the database, put together; the customers and their cards are here.

import type { Kysely } from "kysely";
import type { BillingProfile, BillingRecords, ProfileRecords, SavedCard } from "../billing/billing-records.ts";
import type { WorkspaceId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";
import { removeCard } from "./payment-facts.ts";
import { paymentStore } from "./payment-store.ts";
import { stripeEventStore } from "./stripe-event-store.ts";
import { topUpStore } from "./top-up-store.ts";

export function billingStore(query: Kysely<Tables>): BillingRecords {
  return {
    payments: paymentStore(query),
    profiles: profileStore(query),
    events: stripeEventStore(query),
    topUps: topUpStore(query),
  };
}

function profileStore(query: Kysely<Tables>): ProfileRecords {
  return {
    find: (workspaceId) => findProfile(query, workspaceId),
    async saveDetails(workspaceId, { name, address, taxId, email }) {
      const columns = {
        ...(name !== undefined && { name }),
        ...(address !== undefined && { address }),
        ...(taxId !== undefined && { tax_id: taxId }),
        ...(email !== undefined && { email }),
      };
      if (Object.keys(columns).length === 0) return;
      await query
        .insertInto("billing_profiles")
        .values({ workspace_id: workspaceId, ...columns })
        .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet(columns))
        .execute();
    },
    async claimCustomer(workspaceId, customerId) {
      const row = await query
        .insertInto("billing_profiles")
        .values({ workspace_id: workspaceId, customer_id: customerId })
        .onConflict((conflict) =>
          conflict.column("workspace_id").doUpdateSet((row) => ({
            customer_id: row.fn.coalesce("billing_profiles.customer_id", "excluded.customer_id"),
          })),
        )
        .returning("customer_id")
        .executeTakeFirstOrThrow();
      return row.customer_id ?? customerId;
    },
    async payers(workspaceId) {
      const rows = await query
        .selectFrom("members")
        .innerJoin("users", "users.id", "members.user_id")
        .select("users.email")
        .where("members.workspace_id", "=", workspaceId)
        .where("members.role", "in", ["owner", "admin", "billing"])
        .limit(50)
        .execute();
      return rows.map(({ email }) => email);
    },
    async removeCard(cardId) {
      await removeCard(query, cardId);
    },
  };
}

async function findProfile(query: Kysely<Tables>, workspaceId: WorkspaceId): Promise<BillingProfile> {
  const row = await query
    .selectFrom("billing_profiles")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  const customerId = row?.customer_id ?? undefined;
  return {
    customerId,
    details: {
      name: row?.name ?? "",
      address: row?.address ?? "",
      taxId: row?.tax_id ?? "",
      email: row?.email ?? "",
    },
    card: customerId === undefined ? undefined : await findCard(query, customerId),
  };
}

/** The one that was saved last. */
async function findCard(query: Kysely<Tables>, customerId: string): Promise<SavedCard | undefined> {
  return query
    .selectFrom("payment_cards")
    .select(["id", "brand", "last4", "expires"])
    .where("customer_id", "=", customerId)
    .where("removed", "=", 0)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .executeTakeFirst();
}
