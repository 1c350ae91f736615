// Routes by which operators look over all workspaces, and suspend and resume them.

import { listSchema } from "../../contracts/control.ts";
import {
  operatorWorkspaceDetailSchema,
  operatorWorkspaceQuerySchema,
  operatorWorkspaceSchema,
  suspendSchema,
} from "../../contracts/control-operator.ts";
import { workspaceSchema } from "../../contracts/control-workspaces.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { asId, type WorkspaceId } from "../../contracts/ids.ts";
import { formatUsd, picodollars } from "../../money/picodollars.ts";
import { getWorkspace } from "../../workspaces/manage-workspaces.ts";
import { resumeWorkspace, suspendWorkspace } from "../../workspaces/operate.ts";
import type { WorkspaceOverview } from "../../workspaces/operator-records.ts";
import { showAccessRequest } from "./access-request-routes.ts";
import { operators, owners } from "./access.ts";
import { controlRoute, noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { showMember } from "./member-routes.ts";
import { page } from "./pages.ts";
import type { ControlServices } from "./services.ts";
import { showWorkspace } from "./shown-workspaces.ts";

const tag = "Operating workspaces";
const mostMembersShown = 200;

export const operatorWorkspaceRoutes = [
  controlRoute({
    method: "GET",
    path: "/api/operator/workspaces",
    auth: operators,
    tag,
    summary: "Search workspaces",
    description: "Newest first, with balances and owners.",
    query: operatorWorkspaceQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(operatorWorkspaceSchema),
    handle: ({ query, services }) =>
      page(
        query,
        (cursor, limit) => {
          const before = cursor === undefined ? undefined : asId<WorkspaceId>(cursor);
          return services.operating.records.listWorkspaces({
            before,
            limit,
            search: query.search,
            status: query.status,
          });
        },
        ({ workspace }) => workspace.id,
        (found) => Promise.all(found.map((overview) => showOverview(services, overview))),
      ),
  }),
  controlRoute({
    method: "GET",
    path: "/api/operator/workspaces/:workspace",
    auth: operators,
    tag,
    summary: "Get a workspace's overview",
    query: noQuery,
    body: noBody,
    status: 200,
    response: operatorWorkspaceDetailSchema,
    handle: async ({ param, services }) => {
      const id = asId<WorkspaceId>(param("workspace"));
      const overview = await services.operating.records.findWorkspace(id);
      if (overview === undefined) throw new GatewayError("not_found", `There is no workspace ${id}.`);
      const members = await services.members.records.list(id, { after: undefined, limit: mostMembersShown });
      const request = await services.access.records.latest(id);
      return {
        ...(await showOverview(services, overview)),
        members: members.map(showMember),
        access_request: request === undefined ? null : showAccessRequest(request),
      };
    },
  }),
  controlRoute({
    method: "POST",
    path: "/api/operator/workspaces/:workspace/suspend",
    auth: operators,
    tag,
    summary: "Suspend a workspace",
    description: "Its keys answer 403 from the next request on; requests under way end. Its members see the reason.",
    query: noQuery,
    body: suspendSchema,
    status: 200,
    response: workspaceSchema,
    errors: ["conflict"],
    handle: async ({ param, body, services }) => {
      const workspace = await getWorkspace(services.workspaces, asId<WorkspaceId>(param("workspace")));
      return showWorkspace(services, await suspendWorkspace(services.operating, workspace, body.reason));
    },
  }),
  controlRoute({
    method: "POST",
    path: "/api/operator/workspaces/:workspace/resume",
    auth: operators,
    tag,
    summary: "Resume a workspace",
    description: "Its keys work from the next request on.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: workspaceSchema,
    errors: ["conflict"],
    handle: async ({ param, services }) => {
      const workspace = await getWorkspace(services.workspaces, asId<WorkspaceId>(param("workspace")));
      return showWorkspace(services, await resumeWorkspace(services.operating, workspace));
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/archive",
    auth: owners,
    tag: "Workspaces",
    summary: "Archive a workspace",
    description:
      "Suspends it: its keys answer 403, its records stay and can be read. An operator of the server can resume it.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: workspaceSchema,
    errors: ["conflict"],
    handle: async ({ workspace, services }) =>
      showWorkspace(services, await suspendWorkspace(services.operating, workspace, "Archived by an owner.")),
  }),
];

async function showOverview(services: ControlServices, overview: WorkspaceOverview) {
  const { workspace, balance, held, memberCount, ownerEmails } = overview;
  return {
    ...(await showWorkspace(services, workspace)),
    balance_usd: formatUsd(balance),
    held_usd: formatUsd(held),
    available_usd: formatUsd(picodollars(balance - held)),
    member_count: memberCount,
    owners: [...ownerEmails],
  };
}
