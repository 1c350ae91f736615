// Routes for the API keys of a workspace.

import type { z } from "zod";
import { listSchema } from "../../contracts/control.ts";
import {
  createdKeySchema,
  createKeySchema,
  keySchema,
  listKeysQuerySchema,
  rotateKeySchema,
  updateKeySchema,
} from "../../contracts/control-keys.ts";
import { invalidField } from "../../contracts/errors.ts";
import { asId, type KeyId, type WorkspaceId } from "../../contracts/ids.ts";
import type { KeyChanges, KeyFilter } from "../../keys/key-records.ts";
import { createKey, getKey, listKeys, revokeKey, rotateKey, updateKey } from "../../keys/manage-keys.ts";
import { parseUsd } from "../../money/picodollars.ts";
import { builders, readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import type { ControlServices } from "./services.ts";
import { showKey, showKeys } from "./shown-keys.ts";
import { anyStackId, assignedStack } from "./stack-names.ts";

const tag = "API keys";

export const keyRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/keys",
    auth: readers,
    tag,
    summary: "List API keys",
    description: "Newest first, revoked ones included. Secrets are never shown again.",
    query: listKeysQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(keySchema),
    handle: async ({ workspace, query, services }) => {
      const filter = await filterOf(services, workspace.id, query);
      return page(
        query,
        (cursor, limit) => {
          const before = cursor === undefined ? undefined : asId<KeyId>(cursor);
          return listKeys(services.keys, workspace.id, { before, limit }, filter);
        },
        (key) => key.id,
        (keys) => showKeys(services, workspace.id, keys),
      );
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/keys",
    auth: builders,
    tag,
    summary: "Create an API key",
    description: "The answer holds the secret: store it, it is not shown again.",
    query: noQuery,
    body: createKeySchema,
    status: 201,
    response: createdKeySchema,
    handle: async ({ workspace, body, services }) => {
      const changes = await changesOf(services, workspace.id, body);
      const { name, mode } = body;
      const { key, secret } = await createKey(services.keys, { ...changes, workspaceId: workspace.id, name, mode });
      return { ...(await showKey(services, key)), secret };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/keys/:key",
    auth: readers,
    tag,
    summary: "Get an API key",
    query: noQuery,
    body: noBody,
    status: 200,
    response: keySchema,
    handle: async ({ workspace, param, services }) =>
      showKey(services, await getKey(services.keys, workspace.id, asId<KeyId>(param("key")))),
  }),
  workspaceRoute({
    method: "PATCH",
    path: "/api/workspaces/:workspace/keys/:key",
    auth: builders,
    tag,
    summary: "Update an API key",
    description:
      "Fields that are absent stay as they are; null removes a limit or assignment. The name and the lifetime of an agent's " +
      "key cannot be changed.",
    query: noQuery,
    body: updateKeySchema,
    status: 200,
    response: keySchema,
    errors: ["conflict"],
    handle: async ({ workspace, param, body, services }) => {
      const changes = await changesOf(services, workspace.id, body);
      return showKey(services, await updateKey(services.keys, workspace.id, asId<KeyId>(param("key")), changes));
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/keys/:key/rotate",
    auth: builders,
    tag,
    summary: "Rotate an API key",
    description:
      "Gives the key a new secret, shown in this answer only. Id, settings, limits and what was spent stay. The secret " +
      "it had works until the overlap ends; one from before that ends at once.",
    query: noQuery,
    body: rotateKeySchema,
    status: 200,
    response: createdKeySchema,
    errors: ["conflict"],
    handle: async ({ workspace, param, body, services }) => {
      const id = asId<KeyId>(param("key"));
      const { key, secret } = await rotateKey(services.keys, workspace.id, id, body.overlap_minutes);
      return { ...(await showKey(services, key)), secret };
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/keys/:key/revoke",
    auth: builders,
    tag,
    summary: "Revoke an API key",
    description:
      "Counts from the next request on and cannot be undone; repeating it changes nothing. An agent's key is replaced by " +
      "another when its deployment is deployed, or its person asks for one, the next time.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: keySchema,
    handle: async ({ workspace, param, services }) =>
      showKey(services, await revokeKey(services.keys, workspace.id, asId<KeyId>(param("key")))),
  }),
];

/** @throws GatewayError invalid_request for a stack that the workspace does not have */
async function filterOf(
  { stacks }: ControlServices,
  workspaceId: WorkspaceId,
  query: z.output<typeof listKeysQuerySchema>,
): Promise<KeyFilter> {
  const stackId = query.stack === undefined ? undefined : await anyStackId(stacks, workspaceId, query.stack);
  return { status: query.status, mode: query.mode, stackId, search: searchedText(query.search) };
}

/** A prefix, or a whole secret pasted by mistake, is looked for by the part of it that is stored. */
function searchedText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (/^astrolabe_(?:live|test)_(.{1,8})/.exec(text)?.[1] ?? text);
}

/** From what was sent to what is stored: absent stays absent, null becomes undefined. */
async function changesOf(
  services: ControlServices,
  workspaceId: WorkspaceId,
  body: z.output<typeof updateKeySchema>,
): Promise<KeyChanges> {
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.stack !== undefined && { stackId: await assignedStack(services.stacks, workspaceId, body.stack) }),
    ...(body.rate_limit_per_minute !== undefined && { rateLimitPerMinute: body.rate_limit_per_minute ?? undefined }),
    ...(body.spend_limit_usd !== undefined && { spendLimit: parseUsd(body.spend_limit_usd ?? "") }),
    ...(body.budget !== undefined && { budget: body.budget ?? undefined }),
    ...(body.allowed_models !== undefined && { allowedModels: body.allowed_models }),
    ...(body.expires_at !== undefined && { expiresAt: futureTime(body.expires_at, services.now()) }),
  };
}

function futureTime(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const at = Date.parse(text);
  if (at <= now) throw invalidField("expires_at", "in the future; revoke the key to end it now");
  return at;
}
