// Settings in the database: single named texts that one installation shares.

import type { Kysely } from "kysely";
import type { Tables } from "./database.ts";

export type SettingsStore = {
  get(name: string): Promise<string | undefined>;
  /** False when the setting exists already, which then keeps its value. Of several writers exactly one gets true. */
  claim(name: string, value: string): Promise<boolean>;
  put(name: string, value: string): Promise<void>;
};

export function settingsStore(query: Kysely<Tables>): SettingsStore {
  return {
    async get(name) {
      const row = await query.selectFrom("settings").select("value").where("name", "=", name).executeTakeFirst();
      return row?.value;
    },
    async claim(name, value) {
      const written = await query
        .insertInto("settings")
        .values({ name, value })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .returning("name")
        .executeTakeFirst();
      return written !== undefined;
    },
    async put(name, value) {
      await query
        .insertInto("settings")
        .values({ name, value })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
        .execute();
    },
  };
}
