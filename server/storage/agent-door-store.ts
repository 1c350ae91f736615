// The codes by which the front door of agents lets members in, and whether they still may enter.

import type { Kysely } from "kysely";
import type { DoorRecords } from "../agents/deployment-records.ts";
import { asId, type DeploymentId, type UserId } from "../contracts/ids.ts";
import type { Tables } from "./database.ts";

export function agentDoorStore(query: Kysely<Tables>): DoorRecords {
  return {
    async insert(codeHash, code, expiresAt) {
      await query
        .insertInto("door_codes")
        .values({
          code_hash: codeHash,
          deployment_id: code.deploymentId,
          user_id: code.userId,
          session_id: code.sessionId,
          browser_hash: code.browserHash,
          path: code.path,
          expires_at: expiresAt,
        })
        .execute();
    },
    async spend(codeHash, now) {
      const row = await query
        .deleteFrom("door_codes")
        .where("code_hash", "=", codeHash)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined || Number(row.expires_at) <= now) return undefined;
      return {
        deploymentId: asId<DeploymentId>(row.deployment_id),
        userId: asId<UserId>(row.user_id),
        sessionId: row.session_id,
        browserHash: row.browser_hash,
        path: row.path,
      };
    },
    async prune(now) {
      await query.deleteFrom("door_codes").where("expires_at", "<=", now).execute();
    },
    async mayEnter(sessionId, userId, workspaceId, now) {
      const row = await query
        .selectFrom("sessions")
        .innerJoin("members", "members.user_id", "sessions.user_id")
        .select("sessions.id")
        .where("sessions.id", "=", sessionId)
        .where("sessions.user_id", "=", userId)
        .where("sessions.expires_at", ">", now)
        .where("members.workspace_id", "=", workspaceId)
        .where("sessions.user_id", "not in", query.selectFrom("disabled_users").select("user_id"))
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
