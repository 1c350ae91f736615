// Access requests in the database.

import type { Kysely, Selectable } from "kysely";
import { asId, type AccessRequestId, type UserId, type WorkspaceId } from "../contracts/ids.ts";
import {
  accessRequestStatuses,
  type AccessRequest,
  type AccessRequestRecords,
} from "../workspaces/access-request-records.ts";
import type { Tables } from "./database.ts";
import { optionalNumber, wordOf } from "./read-column.ts";

export function accessRequestStore(query: Kysely<Tables>): AccessRequestRecords {
  const first = async (select: ReturnType<typeof all>) => {
    const row = await select.executeTakeFirst();
    return row === undefined ? undefined : requestFromRow(row);
  };
  return {
    async insert(request) {
      const written = await query
        .insertInto("access_requests")
        .values(rowOf(request))
        .onConflict((conflict) => conflict.doNothing())
        .returning("id")
        .executeTakeFirst();
      return written !== undefined;
    },
    find: (id) => first(all(query).where("id", "=", id)),
    latest: (workspaceId) => first(all(query).where("workspace_id", "=", workspaceId).orderBy("id", "desc").limit(1)),
    async list({ before, limit, status }) {
      let select = all(query);
      if (before !== undefined) select = select.where("id", "<", before);
      if (status !== undefined) select = select.where("status", "=", status);
      return (await select.orderBy("id", "desc").limit(limit).execute()).map(requestFromRow);
    },
    decide: (id, { status, note, decidedBy, decidedAt }) =>
      query.transaction().execute(async (transaction) => {
        const decided = await transaction
          .updateTable("access_requests")
          .set({ status, note, decided_by: decidedBy, decided_at: decidedAt })
          .where("id", "=", id)
          .where("status", "=", "pending")
          .returning("workspace_id")
          .executeTakeFirst();
        if (decided === undefined) return false;
        if (status === "approved") {
          await transaction
            .updateTable("workspaces")
            .set({ status: "active" })
            .where("id", "=", decided.workspace_id)
            .where("status", "=", "access_pending")
            .execute();
        }
        return true;
      }),
  };
}

function all(query: Kysely<Tables>) {
  return query.selectFrom("access_requests").selectAll();
}

function rowOf(request: AccessRequest) {
  return {
    id: request.id,
    workspace_id: request.workspaceId,
    requested_by: request.requestedBy,
    email: request.email,
    name: request.name,
    company: request.company,
    intended_use: request.use,
    monthly_volume: request.monthlyVolume,
    status: request.status,
    note: request.note,
    decided_by: request.decidedBy ?? null,
    decided_at: request.decidedAt ?? null,
    created_at: request.createdAt,
  };
}

function requestFromRow(row: Selectable<Tables["access_requests"]>): AccessRequest {
  return {
    id: asId<AccessRequestId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    requestedBy: asId<UserId>(row.requested_by),
    email: row.email,
    name: row.name,
    company: row.company,
    use: row.intended_use,
    monthlyVolume: row.monthly_volume,
    status: wordOf(accessRequestStatuses, row.status),
    note: row.note,
    decidedBy: row.decided_by ?? undefined,
    decidedAt: optionalNumber(row.decided_at),
    createdAt: Number(row.created_at),
  };
}
