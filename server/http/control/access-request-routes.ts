// Routes for access review: a waiting workspace asks, operators decide.

import { z } from "zod";
import { listSchema, pageQuerySchema, storableTextSchema } from "../../contracts/control.ts";
import {
  accessRequestSchema,
  createAccessRequestSchema,
  workspaceAccessSchema,
} from "../../contracts/control-members.ts";
import { asId, type AccessRequestId } from "../../contracts/ids.ts";
import { accessRequestStatuses, type AccessRequest } from "../../workspaces/access-request-records.ts";
import { decideAccess, requestAccess } from "../../workspaces/access-review.ts";
import { operators, owners, personOf, readers } from "./access.ts";
import { callerId } from "./acting.ts";
import { controlRoute, noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import { isoTime, optionalTime } from "./shown-values.ts";

const tag = "Access review";

export const accessRequestRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/access",
    auth: readers,
    tag,
    summary: "Get a workspace's access",
    description: "Whether it waits for approval, and the last request.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: workspaceAccessSchema,
    handle: async ({ workspace, services }) => {
      const latest = await services.access.records.latest(workspace.id);
      return {
        object: "workspace_access" as const,
        pending: workspace.status === "access_pending",
        request: latest === undefined ? null : showAccessRequest(latest),
      };
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/access",
    auth: owners,
    tag,
    summary: "Request access",
    description: "Operators are told. After a refusal another request can be sent.",
    query: noQuery,
    body: createAccessRequestSchema,
    status: 201,
    response: accessRequestSchema,
    errors: ["conflict"],
    handle: async ({ workspace, body, caller, services }) => {
      const { name, company, use, expected_monthly_volume: monthlyVolume } = body;
      const answers = { name, company, use, monthlyVolume };
      return showAccessRequest(await requestAccess(services.access, workspace, personOf(caller), answers));
    },
  }),
  controlRoute({
    method: "GET",
    path: "/api/operator/access-requests",
    auth: operators,
    tag,
    summary: "List access requests",
    description: "Newest first.",
    query: z.strictObject({ ...pageQuerySchema.shape, status: z.enum(accessRequestStatuses).optional() }),
    body: noBody,
    status: 200,
    response: listSchema(accessRequestSchema),
    handle: ({ query, services }) =>
      page(
        query,
        (cursor, limit) => {
          const before = cursor === undefined ? undefined : asId<AccessRequestId>(cursor);
          return services.access.records.list({ before, limit, status: query.status });
        },
        (request) => request.id,
        (requests) => requests.map(showAccessRequest),
      ),
  }),
  decision("approve", "Approve an access request", "The workspace's keys work from the next request on."),
  decision("decline", "Decline an access request", "The workspace can send another one."),
];

function decision(verb: "approve" | "decline", summary: string, description: string) {
  return controlRoute({
    method: "POST",
    path: `/api/operator/access-requests/:request/${verb}`,
    auth: operators,
    tag,
    summary,
    description,
    query: noQuery,
    body: z.strictObject({ note: storableTextSchema(2000).optional().describe("For the person to read.") }).optional(),
    status: 200,
    response: accessRequestSchema,
    errors: ["conflict"],
    handle: async ({ param, body, caller, services }) => {
      const status = verb === "approve" ? ("approved" as const) : ("declined" as const);
      const made = { status, note: body?.note ?? "", decidedBy: callerId(caller) };
      return showAccessRequest(await decideAccess(services.access, asId<AccessRequestId>(param("request")), made));
    },
  });
}

export function showAccessRequest(request: AccessRequest) {
  return {
    object: "access_request" as const,
    id: request.id,
    workspace_id: request.workspaceId,
    status: request.status,
    name: request.name,
    company: request.company,
    email: request.email,
    use: request.use,
    expected_monthly_volume: request.monthlyVolume,
    note: request.note,
    decided_at: optionalTime(request.decidedAt),
    created_at: isoTime(request.createdAt),
  };
}
