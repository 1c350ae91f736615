// Members of workspaces in the database.

import type { Kysely } from "kysely";
import type { MemberRecords } from "../workspaces/member-records.ts";
import { memberRoles } from "../workspaces/workspace.ts";
import type { Tables } from "./database.ts";
import { wordOf } from "./read-column.ts";

export function memberStore(query: Kysely<Tables>): MemberRecords {
  return {
    async roleOf(workspaceId, userId) {
      const row = await query
        .selectFrom("members")
        .select("role")
        .where("workspace_id", "=", workspaceId)
        .where("user_id", "=", userId)
        .executeTakeFirst();
      return row === undefined ? undefined : wordOf(memberRoles, row.role);
    },
  };
}
