// Making, listing, changing, rotating and revoking API keys. A secret leaves this file once: in the answer of `createKey`
// or `rotateKey`.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type KeyId, type WorkspaceId } from "../contracts/ids.ts";
import type { ApiKey } from "./api-key.ts";
import type { KeyChanges, KeyFilter, KeyPage, KeyRecords, KeyStatus } from "./key-records.ts";
import { hashKeySecret, makeKeySecret, readKeySecret, type RandomBytes } from "./key-secret.ts";
import type { KeyUses } from "./key-uses.ts";

export type KeyServices = {
  readonly records: KeyRecords;
  readonly uses: Pick<KeyUses, "latest" | "note">;
  /** `deriveKey(master, "api-keys")`. */
  readonly hashKey: Uint8Array;
  readonly random: RandomBytes;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Called after every committed change. */
  readonly changed: () => void;
};

export type NewKey = Pick<ApiKey, "workspaceId" | "name" | "mode"> & KeyChanges & Partial<Pick<ApiKey, "purpose">>;

/** Longest time for which a rotated key's previous secret goes on working: 30 days. */
export const longestOverlapMinutes = 30 * 24 * 60;

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
    purpose: input.purpose ?? "api",
    prefix: facts.prefix,
    previous: undefined,
    stackId: input.stackId,
    rateLimitPerMinute: input.rateLimitPerMinute,
    spendLimit: input.spendLimit,
    budget: input.budget,
    allowedModels: input.allowedModels ?? [],
    expiresAt: input.expiresAt,
    revokedAt: undefined,
    rotatedAt: undefined,
    lastUsedAt: undefined,
    createdAt: services.now(),
  };
  return { key, secretHash: hashKeySecret(services.hashKey, secret) };
}

/** Newest first; `before` is the id of the last key of the previous page. */
export async function listKeys(
  services: KeyServices,
  workspaceId: WorkspaceId,
  page: KeyPage,
  filter: KeyFilter,
): Promise<ApiKey[]> {
  const keys = await services.records.list(workspaceId, page, filter, services.now());
  return keys.map((key) => withLatestUse(services, key));
}

/** Whether it was made for an agent, which got it by itself: server/agents/gateway-keys.ts looks after it. */
export function isOfAgent({ purpose }: Pick<ApiKey, "purpose">): boolean {
  return purpose === "development" || purpose === "deployment";
}

/** @param now Unix milliseconds */
export function keyStatus(key: ApiKey, now: number): KeyStatus {
  if (key.revokedAt !== undefined) return "revoked";
  return key.expiresAt !== undefined && key.expiresAt <= now ? "expired" : "active";
}

function withLatestUse({ uses }: KeyServices, key: ApiKey): ApiKey {
  const noted = uses.latest(key.id);
  return noted === undefined ? key : { ...key, lastUsedAt: Math.floor(Math.max(noted, key.lastUsedAt ?? 0)) };
}

/** @throws GatewayError not_found when the workspace has no such key. */
export async function getKey(services: KeyServices, workspaceId: WorkspaceId, id: KeyId): Promise<ApiKey> {
  const key = await services.records.find(workspaceId, id);
  if (key === undefined) throw new GatewayError("not_found", `The workspace has no key ${id}.`);
  return withLatestUse(services, key);
}

/**
 * @throws GatewayError not_found, or conflict when the key is revoked: a revoked key never changes again. Name and lifetime
 *   of an agent's key are not changed here either.
 */
export async function updateKey(
  services: KeyServices,
  workspaceId: WorkspaceId,
  id: KeyId,
  changes: KeyChanges,
): Promise<ApiKey> {
  const key = await getKey(services, workspaceId, id);
  if (key.revokedAt !== undefined) throw new GatewayError("conflict", `Key ${id} is revoked and cannot be changed.`);
  if (isOfAgent(key) && ("name" in changes || "expiresAt" in changes)) {
    throw new GatewayError("conflict", `Key ${id} belongs to an agent: its name and lifetime are not set by hand.`, {
      hint: "Change its stack, limits or budget; or revoke it.",
    });
  }
  await services.records.update(workspaceId, id, changes);
  services.changed();
  return getKey(services, workspaceId, id);
}

/**
 * Gives a key a new secret. Id, settings, limits and what was spent stay; the secret it had works for the overlap, and one
 * from before that ends.
 * @param overlapMinutes 0 to `longestOverlapMinutes`; 0 ends the old secret at once
 * @throws GatewayError not_found, or conflict for a key that is revoked, expired, the playground's or an agent's
 */
export async function rotateKey(
  services: KeyServices,
  workspaceId: WorkspaceId,
  id: KeyId,
  overlapMinutes: number,
): Promise<{ key: ApiKey; secret: string }> {
  const key = await getKey(services, workspaceId, id);
  const at = services.now();
  const status = keyStatus(key, at);
  if (status !== "active") throw new GatewayError("conflict", `Key ${id} is ${status} and cannot be rotated.`);
  if (key.purpose === "playground") {
    throw new GatewayError("conflict", "Nobody holds the playground's secret: there is nothing to rotate.");
  }
  if (isOfAgent(key)) {
    throw new GatewayError("conflict", `Key ${id} belongs to an agent, which has to be given its new secret.`, {
      hint: `Rotate it with \`ast keys rotate ${id}\`, or under Agents.`,
    });
  }
  const secret = makeKeySecret(key.mode, services.random);
  const { key: renewed, secretHash: hash } = keyForSecret(key, secret, services);
  const times = { at, previousEndsAt: at + overlapMinutes * 60_000 };
  await services.records.rotate(workspaceId, id, { prefix: renewed.prefix, hash }, times);
  services.changed();
  return { key: await getKey(services, workspaceId, id), secret };
}

/** Ends a key for good; revoking it again changes nothing. @throws GatewayError not_found */
export async function revokeKey(services: KeyServices, workspaceId: WorkspaceId, id: KeyId): Promise<ApiKey> {
  await getKey(services, workspaceId, id);
  await services.records.revoke(workspaceId, id, services.now());
  services.changed();
  return getKey(services, workspaceId, id);
}
