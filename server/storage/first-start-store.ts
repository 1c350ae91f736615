// The three transactions of a first start.

import type { Kysely } from "kysely";
import type { FirstStartRecords } from "../first-start/first-start.ts";
import type { Tables } from "./database.ts";
import { claimedSetting, insertPassword } from "./identity/owner-store.ts";
import { keyStore } from "./key-store.ts";
import { settingsStore } from "./settings-store.ts";
import { workspaceStore } from "./workspace-store.ts";

const planSetting = "first_start.plan";
const completedSetting = "first_start.completed_at";

export function firstStartStore(query: Kysely<Tables>): FirstStartRecords {
  return {
    async read() {
      const plan = await settingsStore(query).get(planSetting);
      if (plan === undefined) return undefined;
      return { plan, completed: (await settingsStore(query).get(completedSetting)) !== undefined };
    },
    begin: (plan, workspace, owner) =>
      query.transaction().execute(async (transaction) => {
        // Claiming first takes the write lock, so a second process waits here and then finds the plan made.
        if (!(await settingsStore(transaction).claim(planSetting, plan))) return;
        await workspaceStore(transaction).insert(workspace);
        const { id, email, name, createdAt: at, passwordHash } = owner;
        const isOwner = passwordHash === undefined ? 0 : 1;
        await transaction
          .insertInto("users")
          .values({ id, email, name, created_at: at, updated_at: at, is_operator: isOwner })
          .execute();
        if (passwordHash !== undefined) {
          await insertPassword(transaction, id, passwordHash, at);
          await settingsStore(transaction).claim(claimedSetting, String(at));
        }
        await transaction
          .insertInto("members")
          .values({ workspace_id: workspace.id, user_id: owner.id, role: "owner", created_at: owner.createdAt })
          .execute();
      }),
    complete: (keys, at) =>
      query.transaction().execute(async (transaction) => {
        if (!(await settingsStore(transaction).claim(completedSetting, String(at)))) return false;
        for (const { key, secretHash } of keys) await keyStore(transaction).insert(key, secretHash);
        return true;
      }),
  };
}
