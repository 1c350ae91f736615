// The feed of events in the database.

import type { Insertable, Kysely, Selectable } from "kysely";
import { eventTypeOf, type NewEvent, type WorkspaceEvent } from "../contracts/events.ts";
import { asId, type EventId, type WorkspaceId } from "../contracts/ids.ts";
import { parseObject } from "../contracts/json.ts";
import type { EventRecords } from "../workspaces/event-records.ts";
import type { Tables } from "./database.ts";

export function eventStore(query: Kysely<Tables>): EventRecords {
  return {
    append: (event) => appendEvent(query, event),
    async list(workspaceId, { before, limit, type }) {
      let select = query.selectFrom("events").selectAll().where("workspace_id", "=", workspaceId);
      if (before !== undefined) select = select.where("id", "<", before);
      if (type !== undefined) select = select.where("type", "=", type);
      return (await select.orderBy("id", "desc").limit(limit).execute()).map(eventFromRow);
    },
  };
}

/** Written at most once where it is to be told once. @param query also a transaction, for what is true only with it. */
export async function appendEvent(query: Kysely<Tables>, event: NewEvent): Promise<void> {
  await query
    .insertInto("events")
    .values(eventRow(event))
    .onConflict((conflict) => conflict.column("once").doNothing())
    .execute();
}

/** A new event's row; its deliveries are still to be made. */
export function eventRow(event: NewEvent): Insertable<Tables["events"]> {
  return {
    id: event.id,
    workspace_id: event.workspaceId,
    type: event.type,
    data: JSON.stringify(event.data),
    created_at: event.createdAt,
    once: event.once ?? null,
    routed: 0,
  };
}

export function eventFromRow(row: Selectable<Tables["events"]>): WorkspaceEvent {
  return {
    id: asId<EventId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    type: eventTypeOf(row.type),
    data: parseObject(row.data) ?? {},
    createdAt: Number(row.created_at),
  };
}
