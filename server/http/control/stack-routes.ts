// Routes for routing stacks: managed ones to read and clone, custom ones to edit, publish and activate.

import { listSchema, pageQuerySchema } from "../../contracts/control.ts";
import {
  createStackSchema,
  publishStackSchema,
  stackHeadlineSchema,
  stackSchema,
  updateStackSchema,
  versionHeadlineSchema,
  versionSchema,
} from "../../contracts/control-stacks.ts";
import { invalidField } from "../../contracts/errors.ts";
import { policySchema } from "../../contracts/policy.ts";
import {
  activateVersion,
  createStack,
  customStack,
  editStack,
  findStack,
  publishStack,
  setStackStatus,
  stackVersion,
} from "../../stacks/edit-stacks.ts";
import { isOfWorkspace } from "../../stacks/managed.ts";
import { authorOf, builders, readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { numberCursor, page } from "./pages.ts";
import { describeStack, describeVersion, headlineOf, listAnyStacks, versionHeadlineOf } from "./shown-stacks.ts";

const tag = "Stacks";

const draftRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/stacks",
    auth: readers,
    tag,
    summary: "List stacks",
    description: "Managed stacks first, then the workspace's own by slug, archived ones included.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(stackHeadlineSchema),
    handle: ({ workspace, query, services }) =>
      page(
        query,
        (cursor, limit) => listAnyStacks(services.stacks, workspace.id, cursor, limit),
        ({ kind, stack }) => `${kind}:${stack.slug}`,
        async (stacks) => {
          const counts = await services.stackUses.keyCounts(workspace.id);
          return stacks.map((shown) => {
            const used = isOfWorkspace(workspace.stackId, shown.stack);
            return { ...headlineOf(shown), used_by: { workspace: used, keys: counts.get(shown.stack.id) ?? 0 } };
          });
        },
      ),
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/stacks",
    auth: builders,
    tag,
    summary: "Create a stack",
    description: "Starts as a draft: a clone, a given policy, or all defaults. Publish it before requests can use it.",
    query: noQuery,
    body: createStackSchema,
    status: 201,
    response: stackSchema,
    errors: ["conflict", "routing_stack_not_found"],
    handle: async ({ workspace, caller, body, services }) => {
      const { slug, name, description, clone_from: cloneFrom, policy } = body;
      const start = cloneFrom === undefined ? { policy: policy ?? policySchema.parse({}) } : { cloneFrom };
      const stack = await createStack(services.stacks, {
        workspaceId: workspace.id,
        slug,
        name,
        description,
        by: authorOf(caller),
        ...start,
      });
      return describeStack({ kind: "custom", stack });
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/stacks/:stack",
    auth: readers,
    tag,
    summary: "Get a stack",
    description: "By slug or id.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: stackSchema,
    errors: ["routing_stack_not_found"],
    handle: async ({ workspace, param, services }) =>
      describeStack(await findStack(services.stacks, workspace.id, param("stack"))),
  }),
  workspaceRoute({
    method: "PATCH",
    path: "/api/workspaces/:workspace/stacks/:stack",
    auth: builders,
    tag,
    summary: "Update a stack",
    description: "Changes name, description or draft; requests keep the active version.",
    query: noQuery,
    body: updateStackSchema,
    status: 200,
    response: stackSchema,
    errors: ["conflict", "forbidden", "routing_stack_not_found"],
    handle: async ({ workspace, caller, param, body, services }) => {
      const edit = { by: authorOf(caller), ifRevision: body.if_revision };
      const changes = {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.description !== undefined && { description: body.description }),
        ...(body.policy !== undefined && { draft: body.policy }),
      };
      const stack = await editStack(services.stacks, workspace.id, param("stack"), changes, edit);
      return describeStack({ kind: "custom", stack });
    },
  }),
];

const versionRoutes = [
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/stacks/:stack/publish",
    auth: builders,
    tag,
    summary: "Publish a stack",
    description: "Freezes the draft as the next version and, unless told otherwise, makes requests use it.",
    query: noQuery,
    body: publishStackSchema,
    status: 201,
    response: versionSchema,
    errors: ["conflict", "forbidden", "routing_stack_not_found"],
    handle: async ({ workspace, caller, param, body, services }) => {
      const edit = { by: authorOf(caller), ifRevision: body.if_revision };
      return describeVersion(await publishStack(services.stacks, workspace.id, param("stack"), body, edit));
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/stacks/:stack/versions",
    auth: readers,
    tag,
    summary: "List versions of a stack",
    description: "Newest first.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(versionHeadlineSchema),
    errors: ["forbidden", "routing_stack_not_found"],
    handle: async ({ workspace, param, query, services }) => {
      const stack = await customStack(services.stacks, workspace.id, param("stack"));
      return page(
        query,
        (cursor, limit) => services.stacks.records.listVersions(stack.id, { before: numberCursor(cursor), limit }),
        ({ version }) => String(version),
        (versions) => versions.map(versionHeadlineOf),
      );
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/stacks/:stack/versions/:version",
    auth: readers,
    tag,
    summary: "Get a version of a stack",
    query: noQuery,
    body: noBody,
    status: 200,
    response: versionSchema,
    errors: ["forbidden", "routing_stack_not_found"],
    handle: async ({ workspace, param, services }) => {
      const stack = await customStack(services.stacks, workspace.id, param("stack"));
      return describeVersion(await stackVersion(services.stacks, stack, versionNumber(param("version"))));
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/stacks/:stack/versions/:version/activate",
    auth: builders,
    tag,
    summary: "Activate a version of a stack",
    description: "Any published version, older ones included.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: stackSchema,
    errors: ["conflict", "forbidden", "routing_stack_not_found"],
    handle: async ({ workspace, caller, param, services }) => {
      const number = versionNumber(param("version"));
      const edit = { by: authorOf(caller) };
      const stack = await activateVersion(services.stacks, workspace.id, param("stack"), number, edit);
      return describeStack({ kind: "custom", stack });
    },
  }),
];

const statusRoutes = (["archive", "restore"] as const).map((action) =>
  workspaceRoute({
    method: "POST",
    path: `/api/workspaces/:workspace/stacks/:stack/${action}`,
    auth: builders,
    tag,
    summary: action === "archive" ? "Archive a stack" : "Restore a stack",
    description:
      action === "archive"
        ? "Requests that name it, or whose key or workspace does, fail from now on."
        : "Brings an archived stack back with the version it had.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: stackSchema,
    errors: ["forbidden", "routing_stack_not_found"],
    handle: async ({ workspace, caller, param, services }) => {
      const edit = { by: authorOf(caller) };
      const status = action === "archive" ? "archived" : "active";
      const stack = await setStackStatus(services.stacks, workspace.id, param("stack"), status, edit);
      return describeStack({ kind: "custom", stack });
    },
  }),
);

export const stackRoutes = [...draftRoutes, ...versionRoutes, ...statusRoutes];

function versionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidField("version", "a whole number from 1");
  return Number(text);
}
