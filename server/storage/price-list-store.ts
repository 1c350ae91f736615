// Recorded price lists.

import type { Kysely } from "kysely";
import type { PriceLists } from "../audit/price-lists.ts";
import type { Tables } from "./database.ts";

/** @param now Unix milliseconds */
export function priceListStore(query: Kysely<Tables>, now: () => number): PriceLists {
  return {
    async list(limit) {
      const rows = await query
        .selectFrom("price_lists")
        .selectAll()
        .orderBy("recorded_at", "desc")
        .orderBy("version", "desc")
        .limit(limit)
        .execute();
      return rows.map(({ version, prices, recorded_at }) => ({ version, prices, recordedAt: Number(recorded_at) }));
    },
    async record(version, prices) {
      await query
        .insertInto("price_lists")
        .values({ version, prices, recorded_at: Math.floor(now()) })
        .onConflict((conflict) => conflict.column("version").doNothing())
        .execute();
      const row = await query
        .selectFrom("price_lists")
        .select("prices")
        .where("version", "=", version)
        .executeTakeFirstOrThrow();
      return row.prices;
    },
    async find(version) {
      const row = await query
        .selectFrom("price_lists")
        .select("prices")
        .where("version", "=", version)
        .executeTakeFirst();
      return row?.prices;
    },
  };
}
