// Routes for workspaces: list, create, read, change.

import { asId, type WorkspaceId } from "../../contracts/ids.ts";
import { listSchema, pageQuerySchema } from "../../contracts/control.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { createWorkspaceSchema, updateWorkspaceSchema, workspaceSchema } from "../../contracts/control-workspaces.ts";
import { foundWorkspace } from "../../workspaces/found-workspace.ts";
import { createWorkspace, updateWorkspace } from "../../workspaces/manage-workspaces.ts";
import { accessTokenOf, acrossWorkspaces, administrators, isOperator, personOf, readers, signedIn } from "./access.ts";
import { controlRoute, noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import { showWorkspace } from "./shown-workspaces.ts";
import { assignedStack } from "./stack-names.ts";

const tag = "Workspaces";

export const workspaceRoutes = [
  controlRoute({
    method: "GET",
    path: "/api/workspaces",
    auth: signedIn,
    tag,
    summary: "List workspaces",
    description: "Operators see all, others those that they are members of.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(workspaceSchema),
    handle: async ({ query, services, caller }) => {
      const { records } = services.workspaces;
      const memberId = isOperator(caller) ? undefined : personOf(caller).id;
      const only = accessTokenOf(caller)?.workspaceId;
      return page(
        query,
        (cursor, limit) =>
          records.list({ before: cursor === undefined ? undefined : asId<WorkspaceId>(cursor), limit, memberId, only }),
        (workspace) => workspace.id,
        (workspaces) => Promise.all(workspaces.map((workspace) => showWorkspace(services, workspace))),
      );
    },
  }),
  controlRoute({
    method: "POST",
    path: "/api/workspaces",
    auth: acrossWorkspaces,
    tag,
    summary: "Create a workspace",
    description:
      "Without keys and without credits. Whoever makes it is its owner. Where operators review access it waits for their approval; where only they make workspaces others get 403.",
    query: noQuery,
    body: createWorkspaceSchema,
    status: 201,
    response: workspaceSchema,
    errors: ["conflict"],
    handle: async ({ body, caller, services }) => {
      const workspace =
        caller.kind === "operator"
          ? await createWorkspace(services.workspaces, body.name)
          : await foundWorkspace(services.founding, caller.user, body.name);
      return showWorkspace(services, workspace);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace",
    auth: readers,
    tag,
    summary: "Get a workspace",
    query: noQuery,
    body: noBody,
    status: 200,
    response: workspaceSchema,
    handle: ({ workspace, services }) => showWorkspace(services, workspace),
  }),
  workspaceRoute({
    method: "PATCH",
    path: "/api/workspaces/:workspace",
    auth: administrators,
    tag,
    summary: "Update a workspace",
    description:
      "Fields that are absent stay as they are. Only operators change `status`; a suspended workspace's keys answer 403.",
    query: noQuery,
    body: updateWorkspaceSchema,
    status: 200,
    response: workspaceSchema,
    handle: async ({ workspace, body, services, caller }) => {
      if (body.status !== undefined && !isOperator(caller)) {
        throw new GatewayError("forbidden", "Only operators of the server change a workspace's status.");
      }
      const changes = {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.slug !== undefined && { slug: body.slug }),
        // A reason given before says nothing of a status that is set here.
        ...(body.status !== undefined && { status: body.status, statusReason: undefined }),
        ...(body.stack !== undefined && { stackId: await assignedStack(services.stacks, workspace.id, body.stack) }),
        ...(body.budget !== undefined && { budget: body.budget ?? undefined }),
      };
      return showWorkspace(services, await updateWorkspace(services.workspaces, workspace.id, changes));
    },
  }),
];
