// Routes for the gateway keys that agents get: a person's development key, and the keys of deployments.

import {
  developmentKeySchema,
  managedKeySchema,
  managedKeysQuerySchema,
  managedKeysSchema,
  rotateManagedKeySchema,
} from "../../contracts/agents-keys.ts";
import { asId, type KeyId } from "../../contracts/ids.ts";
import { holdersOf } from "../../agents/attribution.ts";
import { developmentKey, listManagedKeys, revokeManagedKey, rotateManagedKey } from "../../agents/gateway-keys.ts";
import type { HeldKey } from "../../agents/managed-key-records.ts";
import { builders, personOf, readers } from "../control/access.ts";
import { accountRoute, noBody, noQuery } from "../control/declared-route.ts";
import type { ControlServices } from "../control/services.ts";
import { showPrefix } from "../control/shown-keys.ts";
import { isoTime, optionalTime } from "../control/shown-values.ts";
import { stackSlugs } from "../control/stack-names.ts";
import { keyStatus } from "../../keys/manage-keys.ts";

const tag = "Agents: gateway keys";
const path = "/api/v1/accounts/:account/ai-gateway-keys";

export const gatewayKeyRoutes = [
  accountRoute({
    method: "POST",
    path,
    auth: builders,
    tag,
    summary: "Get your development key",
    description:
      "One for each person and account: the same for 24 hours, then with a new secret, which ends the one before. It " +
      "spends the account's credits.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: developmentKeySchema,
    errors: ["account_suspended", "access_pending", "conflict"],
    handle: async ({ workspace, caller, services }) => {
      const person = personOf(caller);
      const { gatewayKeys } = services.agents;
      const { key, secret, reuseUntil } = await developmentKey(gatewayKeys, workspace, person);
      return {
        key_id: key.id,
        api_key: secret,
        base_url: gatewayKeys.baseUrl,
        expires_at: isoTime(key.expiresAt ?? 0),
        renews_at: isoTime(reuseUntil ?? 0),
      };
    },
  }),
  accountRoute({
    method: "GET",
    path,
    auth: readers,
    tag,
    summary: "List managed keys",
    description: "Development keys and keys of deployments, without their secrets.",
    query: managedKeysQuerySchema,
    body: noBody,
    status: 200,
    response: managedKeysSchema,
    handle: async ({ workspace, query, services }) => {
      const ended = query.all === "true";
      const held = await listManagedKeys(services.agents.gatewayKeys, workspace.id, { ended });
      return { keys: await showAll(services, held) };
    },
  }),
  accountRoute({
    method: "POST",
    path: `${path}/:key/rotate`,
    auth: builders,
    tag,
    summary: "Rotate a managed key",
    description:
      "Gives it a new secret, in no answer: a deployment is rolled out with it, a person gets it by asking for their " +
      "key. The secret it had works until the overlap ends.",
    query: noQuery,
    body: rotateManagedKeySchema,
    status: 200,
    response: managedKeySchema,
    errors: ["conflict"],
    handle: async ({ workspace, param, body, services }) => {
      const id = asId<KeyId>(param("key"));
      return show(
        services,
        await rotateManagedKey(services.agents.gatewayKeys, workspace.id, id, body.overlap_minutes),
      );
    },
  }),
  accountRoute({
    method: "DELETE",
    path: `${path}/:key`,
    auth: builders,
    tag,
    summary: "Revoke a managed key",
    description:
      "Counts from the next request on and cannot be undone. A deployment gets another key when it is deployed the next " +
      "time, a person when they ask for theirs.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: managedKeySchema,
    handle: async ({ workspace, param, services }) => {
      const id = asId<KeyId>(param("key"));
      return show(services, await revokeManagedKey(services.agents.gatewayKeys, workspace.id, id));
    },
  }),
];

async function show(services: ControlServices, held: HeldKey) {
  const [shown] = await showAll(services, [held]);
  if (shown === undefined) throw new Error("A key was not shown.");
  return shown;
}

async function showAll(services: ControlServices, all: readonly HeldKey[]) {
  const [first] = all;
  if (first === undefined) return [];
  const { workspaceId } = first.managed;
  const ids = all.map(({ key }) => key.id);
  const stacks = all.map(({ key }) => key.stackId);
  const [holders, slugs] = await Promise.all([
    holdersOf(services.agents.attribution, workspaceId, ids),
    stackSlugs(services.stacks, workspaceId, stacks),
  ]);
  const now = services.now();
  return all.map(({ key, managed }) => {
    const holder = holders.get(key.id) ?? managed.holder;
    const latest = services.keys.uses.latest(key.id);
    const isOver = key.previous === undefined || key.revokedAt !== undefined || key.previous.endsAt <= now;
    return {
      key_id: key.id,
      kind: holder.kind,
      name: key.name,
      prefix: showPrefix(key),
      status: keyStatus(key, now),
      user: holder.kind === "development" ? { id: holder.userId, email: holder.email } : null,
      deployment:
        holder.kind === "deployment" ? { id: holder.deploymentId, agent: holder.agent, name: holder.name } : null,
      stack: key.stackId === undefined ? null : (slugs.get(key.stackId) ?? null),
      previous_ends_at: isOver ? null : optionalTime(key.previous?.endsAt),
      created_at: isoTime(key.createdAt),
      expires_at: optionalTime(key.expiresAt),
      rotated_at: optionalTime(key.rotatedAt),
      last_used_at: optionalTime(latest === undefined ? key.lastUsedAt : Math.floor(latest)),
    };
  });
}
