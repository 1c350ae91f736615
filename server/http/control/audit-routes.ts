// Routes for the audit log: a workspace's own part for those who administer it, all of it for operators.

import type { AuditEvent } from "../../audit-log/audit-event.ts";
import type { AuditFilter } from "../../audit-log/audit-records.ts";
import { z } from "zod";
import { listSchema, pageQuerySchema, type PageQuery } from "../../contracts/control.ts";
import {
  auditEventSchema,
  auditExportQuerySchema,
  auditQuerySchema,
  type AuditQuery,
} from "../../contracts/control-audit.ts";
import { asId, type AuditEventId, type WorkspaceId } from "../../contracts/ids.ts";
import { administrators, inSession, operators, personOf } from "./access.ts";
import { csvDownload } from "./csv.ts";
import { controlRoute, noBody, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import type { ControlServices } from "./services.ts";
import { isoTime } from "./shown-values.ts";

const tag = "Audit log";
const description = "Newest first. Records are added by every call that changes something, and never change or leave.";
const exportDescription = "The newest 100,000 records of the filter.";
const anyTime = { action: undefined, since: undefined, until: undefined } as const;
const csvSchema = z.string().describe("CSV with a header line.");

export const auditRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/audit-events",
    auth: administrators,
    tag,
    summary: "List a workspace's audit events",
    description,
    query: auditQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(auditEventSchema),
    handle: ({ workspace, query, services }) => listEvents(services, filterOf(workspace.id, query), query),
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/audit-events.csv",
    auth: administrators,
    tag,
    summary: "Export a workspace's audit events",
    description: exportDescription,
    query: auditExportQuerySchema,
    body: noBody,
    status: 200,
    media: "text/csv",
    response: csvSchema,
    handle: ({ workspace, query, services }) => exportEvents(services, workspace.id, query),
  }),
  controlRoute({
    method: "GET",
    path: "/api/me/audit-events",
    auth: inSession,
    tag,
    summary: "List the audit events of your account",
    description:
      "Newest first: sign-ins, refused ones among them, and changes of how you sign in. What you do in workspaces stands in theirs.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(auditEventSchema),
    handle: ({ caller, query, services }) => {
      const filter = { workspaceId: "none", actor: personOf(caller).id, ...anyTime } as const;
      return listEvents(services, filter, query);
    },
  }),
  controlRoute({
    method: "GET",
    path: "/api/operator/audit-events",
    auth: operators,
    tag,
    summary: "List audit events",
    description,
    query: z.strictObject({ ...auditQuerySchema.shape, workspace: z.string().min(1).max(100).optional() }),
    body: noBody,
    status: 200,
    response: listSchema(auditEventSchema),
    handle: ({ query, services }) => listEvents(services, filterOf(optionalWorkspace(query.workspace), query), query),
  }),
  controlRoute({
    method: "GET",
    path: "/api/operator/audit-events.csv",
    auth: operators,
    tag,
    summary: "Export audit events",
    description: exportDescription,
    query: z.strictObject({ ...auditExportQuerySchema.shape, workspace: z.string().min(1).max(100).optional() }),
    body: noBody,
    status: 200,
    media: "text/csv",
    response: csvSchema,
    handle: ({ query, services }) => exportEvents(services, optionalWorkspace(query.workspace), query),
  }),
];

function optionalWorkspace(id: string | undefined): WorkspaceId | undefined {
  return id === undefined ? undefined : asId<WorkspaceId>(id);
}

function filterOf(workspaceId: WorkspaceId | undefined, { actor, action, since, until }: AuditQuery): AuditFilter {
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  return { workspaceId, actor, action, since: time(since), until: time(until) };
}

function listEvents({ audit }: ControlServices, filter: AuditFilter, query: PageQuery) {
  return page(
    query,
    (cursor, limit) => {
      const before = cursor === undefined ? undefined : asId<AuditEventId>(cursor);
      return audit.records.list(filter, { before, limit });
    },
    (event) => event.id,
    (events) => events.map(showEvent),
  );
}

function exportEvents({ audit }: ControlServices, workspaceId: WorkspaceId | undefined, query: AuditQuery): Response {
  const filter = filterOf(workspaceId, query);
  return csvDownload<AuditEvent, AuditEventId>({
    fileName: "audit-log.csv",
    columns: [
      "time",
      "actor_kind",
      "actor_id",
      "actor_name",
      "action",
      "outcome",
      "workspace_id",
      "targets",
      "fields",
      "address",
      "user_agent",
      "request_id",
    ],
    row: (event) => [
      isoTime(event.createdAt),
      event.actor.kind,
      event.actor.id ?? null,
      event.actor.name ?? null,
      event.action,
      event.outcome,
      event.workspaceId ?? null,
      event.targets.map(({ type, id }) => `${type}:${id}`).join(" "),
      event.fields.join(" "),
      event.address ?? null,
      event.userAgent ?? null,
      event.requestId ?? null,
    ],
    read: (before, limit) => audit.records.list(filter, { before, limit }),
    cursorOf: ({ id }) => id,
  });
}

function showEvent(event: AuditEvent) {
  return {
    object: "audit_event" as const,
    id: event.id,
    workspace_id: event.workspaceId ?? null,
    actor: { kind: event.actor.kind, id: event.actor.id ?? null, name: event.actor.name ?? null },
    action: event.action,
    outcome: event.outcome,
    targets: event.targets.map(({ type, id }) => ({ type, id })),
    fields: [...event.fields],
    address: event.address ?? null,
    user_agent: event.userAgent ?? null,
    request_id: event.requestId ?? null,
    created_at: isoTime(event.createdAt),
  };
}
