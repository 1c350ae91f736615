// The keys that the playground spends under: one of each mode for a workspace, made at first use. Their secrets are thrown
// away when they are made: people run requests under them by being signed in, and by nothing else.

import { GatewayError } from "../contracts/errors.ts";
import type { WorkspaceId } from "../contracts/ids.ts";
import type { ApiKey, KeyMode } from "./api-key.ts";
import { makeKeySecret } from "./key-secret.ts";
import { keyForSecret, keyStatus, type KeyServices } from "./manage-keys.ts";

/** Enough for people; owners can change it like any key's. */
const requestsPerMinute = 60;

/** The newest of this mode, whatever its status; undefined before the first use. */
export function findPlaygroundKey(
  services: KeyServices,
  workspaceId: WorkspaceId,
  mode: KeyMode,
): Promise<ApiKey | undefined> {
  return services.records.findPlayground(workspaceId, mode);
}

/** The key to run a request under. @throws GatewayError forbidden when it is revoked or expired */
export async function playgroundKey(services: KeyServices, workspaceId: WorkspaceId, mode: KeyMode): Promise<ApiKey> {
  const key = (await findPlaygroundKey(services, workspaceId, mode)) ?? (await make(services, workspaceId, mode));
  const status = keyStatus(key, services.now());
  if (status === "active") return key;
  throw new GatewayError("forbidden", `The playground's ${mode} key is ${status}: an owner or admin can renew it.`);
}

/** Makes a new one when the last is revoked. @throws GatewayError conflict while there is one that is not revoked */
export async function renewPlaygroundKey(
  services: KeyServices,
  workspaceId: WorkspaceId,
  mode: KeyMode,
): Promise<ApiKey> {
  const key = await findPlaygroundKey(services, workspaceId, mode);
  if (key === undefined || key.revokedAt !== undefined) return make(services, workspaceId, mode);
  throw new GatewayError("conflict", `The playground has a ${mode} key, ${key.id}: revoke it first, or change it.`);
}

/** Of several that are made at once the first stays, and all get it. */
async function make(services: KeyServices, workspaceId: WorkspaceId, mode: KeyMode): Promise<ApiKey> {
  const name = mode === "live" ? "Playground" : "Playground (test)";
  const input = { workspaceId, name, mode, purpose: "playground" as const, rateLimitPerMinute: requestsPerMinute };
  const { key, secretHash } = keyForSecret(input, makeKeySecret(mode, services.random), services);
  await services.records.insertPlayground(key, secretHash);
  const kept = await findPlaygroundKey(services, workspaceId, mode);
  if (kept === undefined) throw new Error("The playground's key was not stored.");
  return kept;
}
