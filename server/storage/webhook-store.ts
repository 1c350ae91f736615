// Webhook endpoints and their deliveries in the database. A row is claimed by moving its `due_at` under the condition that
// nobody has moved it since it was read, which every engine decides the same way.

import { sql, type Insertable, type Kysely, type Selectable } from "kysely";
import { eventTypeOf, type EventType, type NewEvent } from "../contracts/events.ts";
import { asId, type EventId, type WebhookEndpointId, type WorkspaceId } from "../contracts/ids.ts";
import {
  deliveryStatuses,
  endpointStatuses,
  type AttemptResult,
  type Delivery,
  type DeliveryRecords,
  type DueDelivery,
  type EndpointRecords,
  type WebhookEndpoint,
} from "../webhooks/webhook-records.ts";
import type { Tables } from "./database.ts";
import { eventFromRow, eventRow } from "./event-store.ts";
import { optionalNumber, textList, wordOf } from "./read-column.ts";

export function endpointStore(query: Kysely<Tables>): EndpointRecords {
  const one = (id: WebhookEndpointId) => query.updateTable("webhook_endpoints").where("id", "=", id);
  return {
    async insert(endpoint, sealedSecret) {
      await query.insertInto("webhook_endpoints").values(endpointRow(endpoint, sealedSecret)).execute();
    },
    async find(workspaceId, id) {
      const row = await query
        .selectFrom("webhook_endpoints")
        .selectAll()
        .where("workspace_id", "=", workspaceId)
        .where("id", "=", id)
        .executeTakeFirst();
      return row === undefined ? undefined : endpointFromRow(row);
    },
    async list(workspaceId, { before, limit }) {
      let select = query.selectFrom("webhook_endpoints").selectAll().where("workspace_id", "=", workspaceId);
      if (before !== undefined) select = select.where("id", "<", before);
      return (await select.orderBy("id", "desc").limit(limit).execute()).map(endpointFromRow);
    },
    async count(workspaceId) {
      const rows = await query
        .selectFrom("webhook_endpoints")
        .select("id")
        .where("workspace_id", "=", workspaceId)
        .execute();
      return rows.length;
    },
    async update(id, { url, eventTypes, status }) {
      const columns = {
        ...(url !== undefined && { url }),
        ...(eventTypes !== undefined && { event_types: JSON.stringify(eventTypes) }),
        ...(status !== undefined && { status, failing_since: null }),
      };
      if (Object.keys(columns).length === 0) return;
      await one(id).set(columns).execute();
      if (status === "disabled") await giveUpPending(query, id);
    },
    async replaceSecret(id, sealedSecret, previousUntil) {
      const columns = { secret: sealedSecret, previous_secret_until: previousUntil };
      await one(id)
        .set((row) => ({ ...columns, previous_secret: row.ref("secret") }))
        .execute();
    },
    async remove(id) {
      await query.deleteFrom("webhook_endpoints").where("id", "=", id).execute();
    },
    deliveries: (id, page) => listDeliveries(query, id, page),
    sendOnly: (id, event) =>
      query.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("events")
          .values({ ...eventRow(event), routed: 1 })
          .execute();
        await transaction
          .insertInto("webhook_deliveries")
          .values(newDelivery(event.id, id, event.createdAt))
          .execute();
      }),
  };
}

export function deliveryStore(query: Kysely<Tables>): DeliveryRecords {
  return {
    async route(limit) {
      const rows = await query
        .selectFrom("events")
        .select("id")
        .where("routed", "=", sql.lit(0))
        .orderBy("id")
        .limit(limit)
        .execute();
      for (const { id } of rows) await routeEvent(query, id);
    },
    due: (nowMs, limit, besides) => dueDeliveries(query, nowMs, limit, besides),
    async claim(delivery, leaseUntil) {
      const claimed = await query
        .updateTable("webhook_deliveries")
        .set((row) => ({ due_at: leaseUntil, attempts: row("attempts", "+", 1) }))
        .where("event_id", "=", delivery.event.id)
        .where("endpoint_id", "=", delivery.endpointId)
        .where("status", "=", "pending")
        .where("due_at", "=", delivery.dueAt)
        .returning("event_id")
        .executeTakeFirst();
      return claimed !== undefined;
    },
    async delivered(delivery, result) {
      await record(query, delivery, result, { status: "delivered" });
      await query
        .updateTable("webhook_endpoints")
        .set({ failing_since: null })
        .where("id", "=", delivery.endpointId)
        .where("failing_since", "is not", null)
        .execute();
    },
    async missed(delivery, result, retryAt) {
      await record(query, delivery, result, retryAt === undefined ? { status: "failed" } : { due_at: retryAt });
      const row = await query
        .updateTable("webhook_endpoints")
        .set((columns) => ({ failing_since: columns.fn.coalesce("failing_since", columns.val(result.at)) }))
        .where("id", "=", delivery.endpointId)
        .returning("failing_since")
        .executeTakeFirst();
      return Number(row?.failing_since ?? result.at);
    },
    disable: (id, event) =>
      query.transaction().execute(async (transaction) => {
        const disabled = await transaction
          .updateTable("webhook_endpoints")
          .set({ status: "disabled" })
          .where("id", "=", id)
          .where("status", "=", "enabled")
          .returning("id")
          .executeTakeFirst();
        if (disabled === undefined) return;
        await giveUpPending(transaction, id);
        await transaction.insertInto("events").values(eventRow(event)).execute();
      }),
  };
}

/** Most events that one call deletes: housekeeping calls again. */
const prunedAtOnce = 500;

/** Deletes events that happened before `before` (Unix milliseconds), the oldest first, with their deliveries. */
export async function pruneEvents(query: Kysely<Tables>, before: number): Promise<void> {
  const oldest = query.selectFrom("events").select("id").where("created_at", "<", before).orderBy("created_at");
  const ids = (await oldest.limit(prunedAtOnce).execute()).map(({ id }) => id);
  if (ids.length === 0) return;
  await query.deleteFrom("webhook_deliveries").where("event_id", "in", ids).execute();
  await query.deleteFrom("events").where("id", "in", ids).execute();
}

/** Of several processes the one that marks the event first makes its deliveries: to endpoints that were there before it. */
function routeEvent(query: Kysely<Tables>, id: string): Promise<void> {
  return query.transaction().execute(async (transaction) => {
    const event = await transaction
      .updateTable("events")
      .set({ routed: 1 })
      .where("id", "=", id)
      .where("routed", "=", 0)
      .returning(["workspace_id", "type", "created_at"])
      .executeTakeFirst();
    if (event === undefined) return;
    const endpoints = await transaction
      .selectFrom("webhook_endpoints")
      .select(["id", "event_types"])
      .where("workspace_id", "=", event.workspace_id)
      .where("status", "=", "enabled")
      .where("created_at", "<=", event.created_at)
      .execute();
    const wanting = endpoints.filter(({ event_types }) => {
      const types = textList(event_types);
      return types.length === 0 || types.includes(event.type);
    });
    if (wanting.length === 0) return;
    const rows = wanting.map((endpoint) =>
      newDelivery(asId<EventId>(id), asId<WebhookEndpointId>(endpoint.id), Number(event.created_at)),
    );
    await transaction.insertInto("webhook_deliveries").values(rows).execute();
  });
}

async function dueDeliveries(
  query: Kysely<Tables>,
  nowMs: number,
  limit: number,
  besides: readonly WebhookEndpointId[],
): Promise<DueDelivery[]> {
  let select = query
    .selectFrom("webhook_deliveries as delivery")
    .innerJoin("events", "events.id", "delivery.event_id")
    .innerJoin("webhook_endpoints as endpoint", "endpoint.id", "delivery.endpoint_id")
    .selectAll("events")
    .select(["delivery.endpoint_id", "delivery.attempts", "delivery.due_at"])
    .select(["endpoint.url", "endpoint.secret", "endpoint.previous_secret", "endpoint.previous_secret_until"])
    // Written out, so that the partial index on pending deliveries is used.
    .where("delivery.status", "=", sql.lit("pending"))
    .where("delivery.due_at", "<=", nowMs);
  if (besides.length > 0) select = select.where("delivery.endpoint_id", "not in", besides);
  const rows = await select.orderBy("delivery.due_at").limit(limit).execute();
  return rows.map((row) => {
    const { previous_secret: secret, previous_secret_until: until } = row;
    const previous = secret === null || until === null ? undefined : { secret, until: Number(until) };
    return {
      event: eventFromRow(row),
      endpointId: asId<WebhookEndpointId>(row.endpoint_id),
      url: row.url,
      secrets: { secret: row.secret, previous },
      attempts: Number(row.attempts),
      dueAt: Number(row.due_at),
    };
  });
}

async function listDeliveries(
  query: Kysely<Tables>,
  id: WebhookEndpointId,
  { before, limit }: { readonly before: EventId | undefined; readonly limit: number },
): Promise<Delivery[]> {
  let select = query
    .selectFrom("webhook_deliveries as delivery")
    .innerJoin("events", "events.id", "delivery.event_id")
    .selectAll("delivery")
    .select(["events.type", "events.created_at"])
    .where("delivery.endpoint_id", "=", id);
  if (before !== undefined) select = select.where("delivery.event_id", "<", before);
  const rows = await select.orderBy("delivery.event_id", "desc").limit(limit).execute();
  return rows.map((row) => ({
    eventId: asId<EventId>(row.event_id),
    eventType: eventTypeOf(row.type),
    createdAt: Number(row.created_at),
    status: wordOf(deliveryStatuses, row.status),
    attempts: Number(row.attempts),
    dueAt: Number(row.due_at),
    attemptedAt: optionalNumber(row.attempted_at),
    lastStatus: optionalNumber(row.last_status),
    lastError: row.last_error ?? undefined,
  }));
}

/** How an attempt ended; an endpoint that was disabled meanwhile has given the delivery up, which then stays so. */
async function record(
  query: Kysely<Tables>,
  { event, endpointId }: DueDelivery,
  { at, status, error }: AttemptResult,
  change: { readonly status: "delivered" | "failed" } | { readonly due_at: number },
): Promise<void> {
  await query
    .updateTable("webhook_deliveries")
    .set({ ...change, attempted_at: at, last_status: status ?? null, last_error: error ?? null })
    .where("event_id", "=", event.id)
    .where("endpoint_id", "=", endpointId)
    .where("status", "=", "pending")
    .execute();
}

async function giveUpPending(query: Kysely<Tables>, id: WebhookEndpointId): Promise<void> {
  await query
    .updateTable("webhook_deliveries")
    .set({ status: "failed", last_error: "the endpoint was disabled" })
    .where("endpoint_id", "=", id)
    .where("status", "=", "pending")
    .execute();
}

function newDelivery(
  eventId: NewEvent["id"],
  endpointId: WebhookEndpointId,
  dueAt: number,
): Insertable<Tables["webhook_deliveries"]> {
  return {
    event_id: eventId,
    endpoint_id: endpointId,
    status: "pending",
    attempts: 0,
    due_at: dueAt,
    attempted_at: null,
    last_status: null,
    last_error: null,
  };
}

function endpointRow(endpoint: WebhookEndpoint, sealedSecret: string): Insertable<Tables["webhook_endpoints"]> {
  return {
    id: endpoint.id,
    workspace_id: endpoint.workspaceId,
    url: endpoint.url,
    secret: sealedSecret,
    previous_secret: null,
    previous_secret_until: null,
    event_types: JSON.stringify(endpoint.eventTypes),
    status: endpoint.status,
    failing_since: endpoint.failingSince ?? null,
    created_at: endpoint.createdAt,
  };
}

function endpointFromRow(row: Selectable<Tables["webhook_endpoints"]>): WebhookEndpoint {
  return {
    id: asId<WebhookEndpointId>(row.id),
    workspaceId: asId<WorkspaceId>(row.workspace_id),
    url: row.url,
    eventTypes: textList(row.event_types).map((name): EventType => eventTypeOf(name)),
    status: wordOf(endpointStatuses, row.status),
    failingSince: optionalNumber(row.failing_since),
    createdAt: Number(row.created_at),
  };
}
