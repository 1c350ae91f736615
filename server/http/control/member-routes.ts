// Routes for the members of a workspace and their roles.

import { listSchema, pageQuerySchema } from "../../contracts/control.ts";
import { memberSchema, removedMemberSchema, updateMemberSchema } from "../../contracts/control-members.ts";
import { asId, type UserId } from "../../contracts/ids.ts";
import { changeRole, leaveWorkspace, removeMember } from "../../workspaces/manage-members.ts";
import type { Member } from "../../workspaces/member-records.ts";
import { administrators, personOf, readers } from "./access.ts";
import { actingRole } from "./acting.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import { isoTime } from "./shown-values.ts";

const tag = "Members";

export const memberRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/members",
    auth: readers,
    tag,
    summary: "List members",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(memberSchema),
    handle: ({ workspace, query, services }) =>
      page(
        query,
        (cursor, limit) => {
          const after = cursor === undefined ? undefined : asId<UserId>(cursor);
          return services.members.records.list(workspace.id, { after, limit });
        },
        (member) => member.userId,
        (members) => members.map(showMember),
      ),
  }),
  workspaceRoute({
    method: "PATCH",
    path: "/api/workspaces/:workspace/members/:member",
    auth: administrators,
    tag,
    summary: "Change a member's role",
    description: "Only owners make owners or change them. The last owner stays one: make another one first.",
    query: noQuery,
    body: updateMemberSchema,
    status: 200,
    response: memberSchema,
    errors: ["conflict"],
    handle: async ({ workspace, param, body, caller, role, services }) => {
      const change = { workspaceId: workspace.id, userId: asId<UserId>(param("member")), role: body.role };
      return showMember(await changeRole(services.members, { ...change, by: actingRole(caller, role) }));
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/api/workspaces/:workspace/members/:member",
    auth: administrators,
    tag,
    summary: "Remove a member",
    description: "Access ends at once. Keys that the person made stay: revoke those that they know.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: removedMemberSchema,
    errors: ["conflict"],
    handle: async ({ workspace, param, caller, role, services }) => {
      const removal = { workspaceId: workspace.id, userId: asId<UserId>(param("member")) };
      return showRemoved(await removeMember(services.members, { ...removal, by: actingRole(caller, role) }));
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/leave",
    auth: readers,
    tag,
    summary: "Leave a workspace",
    description: "Ends one's own membership. The last owner stays: make another one first.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: removedMemberSchema,
    errors: ["conflict"],
    handle: async ({ workspace, caller, services }) =>
      showRemoved(await leaveWorkspace(services.members, workspace.id, personOf(caller).id)),
  }),
];

export function showMember({ userId, email, name, role, joinedAt }: Member) {
  return { object: "member" as const, id: userId, email, name, role, joined_at: isoTime(joinedAt) };
}

function showRemoved({ userId }: Member) {
  return { object: "member" as const, id: userId, removed: true as const };
}
