// Making, listing, changing and revoking API keys. A secret leaves this file once: in the answer of `createKey`.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type KeyId, type WorkspaceId } from "../contracts/ids.ts";
import type { ApiKey } from "./api-key.ts";
import type { KeyChanges, KeyRecords } from "./key-records.ts";
import { hashKeySecret, makeKeySecret, readKeySecret, type RandomBytes } from "./key-secret.ts";

export type KeyServices = {
  readonly records: KeyRecords;
  /** `deriveKey(master, "api-keys")`. */
  readonly hashKey: Uint8Array;
  readonly random: RandomBytes;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Called after every committed change. */
  readonly changed: () => void;
};

export type NewKey = Pick<ApiKey, "workspaceId" | "name" | "mode"> & KeyChanges;

/** Makes a key with a fresh secret. The caller has checked that workspace and stack exist. */
export async function createKey(services: KeyServices, input: NewKey): Promise<{ key: ApiKey; secret: string }> {
  const secret = makeKeySecret(input.mode, services.random);
  const { key, secretHash } = keyForSecret(input, secret, services);
  await services.records.insert(key, secretHash);
  services.changed();
  return { key, secret };
}

/**
 * The record and hash of a key with this secret, not yet stored.
 * @throws Error when the secret is malformed or of the other mode.
 */
export function keyForSecret(
  input: NewKey,
  secret: string,
  services: Pick<KeyServices, "hashKey" | "now">,
): { key: ApiKey; secretHash: string } {
  const facts = readKeySecret(secret);
  if (facts?.mode !== input.mode) throw new Error(`The secret is not of the form astrolabe_${input.mode}_...`);
  const key: ApiKey = {
    id: newId("key"),
    workspaceId: input.workspaceId,
    name: input.name,
    mode: input.mode,
    prefix: facts.prefix,
    stackId: input.stackId,
    rateLimitPerMinute: input.rateLimitPerMinute,
    spendLimit: input.spendLimit,
    budget: input.budget,
    allowedModels: input.allowedModels ?? [],
    expiresAt: input.expiresAt,
    revokedAt: undefined,
    createdAt: services.now(),
  };
  return { key, secretHash: hashKeySecret(services.hashKey, secret) };
}

/** Newest first; `before` is the id of the last key of the previous page. */
export function listKeys(
  services: KeyServices,
  workspaceId: WorkspaceId,
  page: { readonly before: KeyId | undefined; readonly limit: number },
): Promise<ApiKey[]> {
  return services.records.list(workspaceId, page);
}

/** @throws GatewayError not_found when the workspace has no such key. */
export async function getKey(services: KeyServices, workspaceId: WorkspaceId, id: KeyId): Promise<ApiKey> {
  const key = await services.records.find(workspaceId, id);
  if (key === undefined) throw new GatewayError("not_found", `The workspace has no key ${id}.`);
  return key;
}

/** @throws GatewayError not_found, or conflict when the key is revoked: a revoked key never changes again. */
export async function updateKey(
  services: KeyServices,
  workspaceId: WorkspaceId,
  id: KeyId,
  changes: KeyChanges,
): Promise<ApiKey> {
  const key = await getKey(services, workspaceId, id);
  if (key.revokedAt !== undefined) throw new GatewayError("conflict", `Key ${id} is revoked and cannot be changed.`);
  await services.records.update(workspaceId, id, changes);
  services.changed();
  return getKey(services, workspaceId, id);
}

/** Ends a key for good; revoking it again changes nothing. @throws GatewayError not_found */
export async function revokeKey(services: KeyServices, workspaceId: WorkspaceId, id: KeyId): Promise<ApiKey> {
  await getKey(services, workspaceId, id);
  await services.records.revoke(workspaceId, id, services.now());
  services.changed();
  return getKey(services, workspaceId, id);
}
