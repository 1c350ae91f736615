// The audit log in the database. Triggers refuse to change or delete its rows, on either engine.

import type { Kysely, Selectable } from "kysely";
import { z } from "zod";
import { actorKinds, auditOutcomes, type AuditActor, type AuditEvent } from "../audit-log/audit-event.ts";
import type { AuditRecords } from "../audit-log/audit-records.ts";
import {
  asId,
  type AuditEventId,
  type KeyId,
  type RequestId,
  type UserId,
  type WorkspaceId,
} from "../contracts/ids.ts";
import { parseJson } from "../contracts/json.ts";
import type { Tables } from "./database.ts";
import { textList, wordOf } from "./read-column.ts";

const targetsSchema = z.array(z.object({ type: z.string(), id: z.string() }));

export function auditStore(query: Kysely<Tables>): AuditRecords {
  return {
    async append(event) {
      await query
        .insertInto("audit_events")
        .values({
          id: event.id,
          workspace_id: event.workspaceId ?? null,
          actor_kind: event.actor.kind,
          actor_id: event.actor.id ?? null,
          actor_name: event.actor.name ?? null,
          action: event.action,
          outcome: event.outcome,
          targets: JSON.stringify(event.targets),
          fields: JSON.stringify(event.fields),
          address: event.address ?? null,
          user_agent: event.userAgent ?? null,
          request_id: event.requestId ?? null,
          created_at: event.createdAt,
        })
        .execute();
    },
    async list({ workspaceId, actor, action, since, until }, { before, limit }) {
      let select = query.selectFrom("audit_events").selectAll();
      if (workspaceId === "none") select = select.where("workspace_id", "is", null);
      else if (workspaceId !== undefined) select = select.where("workspace_id", "=", workspaceId);
      if (actor !== undefined) {
        select = select.where((where) =>
          where.or([where("actor_id", "=", actor), where("actor_name", "=", actor), where("actor_kind", "=", actor)]),
        );
      }
      if (action !== undefined) select = select.where("action", "=", action);
      if (since !== undefined) select = select.where("created_at", ">=", since);
      if (until !== undefined) select = select.where("created_at", "<", until);
      if (before !== undefined) select = select.where("id", "<", before);
      return (await select.orderBy("id", "desc").limit(limit).execute()).map(eventFromRow);
    },
  };
}

function eventFromRow(row: Selectable<Tables["audit_events"]>): AuditEvent {
  return {
    id: asId<AuditEventId>(row.id),
    workspaceId: row.workspace_id === null ? undefined : asId<WorkspaceId>(row.workspace_id),
    actor: actorFromRow(row),
    action: row.action,
    outcome: wordOf(auditOutcomes, row.outcome),
    targets: targetsSchema.parse(parseJson(row.targets)),
    fields: textList(row.fields),
    address: row.address ?? undefined,
    userAgent: row.user_agent ?? undefined,
    requestId: row.request_id === null ? undefined : asId<RequestId>(row.request_id),
    createdAt: Number(row.created_at),
  };
}

function actorFromRow(row: Selectable<Tables["audit_events"]>): AuditActor {
  const kind = wordOf(actorKinds, row.actor_kind);
  const [id, name] = [row.actor_id ?? "", row.actor_name ?? ""];
  if (kind === "user") return { kind, id: asId<UserId>(id), name };
  return kind === "key" ? { kind, id: asId<KeyId>(id), name } : { kind };
}
