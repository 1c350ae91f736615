// Counters of budgets, and the threshold of low-balance alerts, in the database.

import type { Kysely } from "kysely";
import { firstChainHead } from "../ledger/entry-hash.ts";
import { picodollars } from "../money/picodollars.ts";
import type { AlertRecords } from "../workspaces/low-balance.ts";
import type { BudgetRecords } from "../workspaces/budget-status.ts";
import type { Tables } from "./database.ts";

export function budgetStore(query: Kysely<Tables>): BudgetRecords & AlertRecords {
  return {
    async counted(scopes) {
      if (scopes.length === 0) return new Map();
      const rows = await query.selectFrom("counters").selectAll().where("scope", "in", scopes).execute();
      return new Map(
        rows.map((row) => [row.scope, { spent: picodollars(row.spent), pledged: picodollars(row.pledged) }]),
      );
    },
    async setLowBalanceThreshold(workspaceId, threshold) {
      const low_balance_threshold = threshold ?? null;
      // A workspace without credits has no account yet. The ledger's own writes leave the threshold alone.
      const account = { balance: 0n, held: 0n, pledged: 0n, entry_sequence: 0, chain_head: firstChainHead };
      await query
        .insertInto("accounts")
        .values({ workspace_id: workspaceId, ...account, low_balance_threshold })
        .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet({ low_balance_threshold }))
        .execute();
    },
  };
}
