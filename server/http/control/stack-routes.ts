// Routes for routing stacks: managed ones to read and clone, custom ones to edit, publish and activate.

import { z } from "zod";
import { listSchema, pageQuerySchema } from "../../contracts/control.ts";
import {
  createStackSchema,
  publishStackSchema,
  stackHeadlineSchema,
  stackSchema,
  updateStackSchema,
  validatePolicySchema,
  validationSchema,
  versionHeadlineSchema,
  versionSchema,
} from "../../contracts/control-stacks.ts";
import { invalidField } from "../../contracts/errors.ts";
import { policySchema } from "../../contracts/policy.ts";
import { policyProblems } from "../../stacks/checked-policy.ts";
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
import { builders, signedIn, readers } from "./access.ts";
import { controlRoute, noBody, noQuery, workspaceRoute } from "./declared-route.ts";
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
        (stacks) => stacks.map(headlineOf),
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
    handle: async ({ workspace, body, services }) => {
      const { slug, name, description, clone_from: cloneFrom, policy } = body;
      const start = cloneFrom === undefined ? { policy: policy ?? policySchema.parse({}) } : { cloneFrom };
      const stack = await createStack(services.stacks, {
        workspaceId: workspace.id,
        slug,
        name,
        description,
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
    handle: async ({ workspace, param, body, services }) => {
      const changes = {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.description !== undefined && { description: body.description }),
        ...(body.policy !== undefined && { draft: body.policy }),
      };
      const stack = await editStack(services.stacks, workspace.id, param("stack"), changes);
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
    handle: async ({ workspace, param, body, services }) =>
      describeVersion(await publishStack(services.stacks, workspace.id, param("stack"), body)),
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
    handle: async ({ workspace, param, services }) => {
      const number = versionNumber(param("version"));
      const stack = await activateVersion(services.stacks, workspace.id, param("stack"), number);
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
    handle: async ({ workspace, param, services }) => {
      const status = action === "archive" ? "archived" : "active";
      const stack = await setStackStatus(services.stacks, workspace.id, param("stack"), status);
      return describeStack({ kind: "custom", stack });
    },
  }),
);

const policyRoutes = [
  controlRoute({
    method: "POST",
    path: "/api/stacks/validate",
    audited: false,
    auth: signedIn,
    tag,
    summary: "Validate a policy",
    description: "Answers 200 with every problem; stores nothing.",
    query: noQuery,
    body: validatePolicySchema,
    status: 200,
    response: validationSchema,
    handle: ({ body }) => {
      const problems = policyProblems(body.policy);
      return { object: "stack_validation" as const, valid: problems.length === 0, problems };
    },
  }),
  controlRoute({
    method: "GET",
    path: "/api/policy-schema",
    auth: signedIn,
    tag,
    summary: "Get the policy schema",
    description: "JSON Schema 2020-12 of a stack's policy as one may write it, for editors.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: z.looseObject({ $schema: z.string() }),
    handle: () => ({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      ...z.toJSONSchema(policySchema, { io: "input" }),
    }),
  }),
];

export const stackRoutes = [...policyRoutes, ...draftRoutes, ...versionRoutes, ...statusRoutes];

function versionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidField("version", "a whole number from 1");
  return Number(text);
}
