// Gateway keys that agents get by themselves: one for each person's development in an account, and one for each
// deployment. They are API keys like others; only their names, lifetimes and secrets are looked after here.

import { GatewayError } from "../contracts/errors.ts";
import type { KeyId, UserId } from "../contracts/ids.ts";
import type { ApiKey } from "../keys/api-key.ts";
import { hashKeySecret, makeKeySecret, readKeySecret } from "../keys/key-secret.ts";
import { keyForSecret, keyStatus, type KeyServices } from "../keys/manage-keys.ts";
import type { WorkspaceId } from "../contracts/ids.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { DeploymentLinks } from "./deployment-links.ts";
import type { HeldKey, HolderQuery, KeyHolder, ManagedKeyRecords } from "./managed-key-records.ts";
import { openValue, sealValue } from "./sealed-value.ts";

export type GatewayKeyServices = {
  readonly keys: KeyServices;
  readonly records: ManagedKeyRecords;
  readonly deployments: DeploymentLinks;
  /** `deriveKey(master, "managed-keys")`. */
  readonly sealingKey: Uint8Array;
  /** What agents call, with `/v1`. */
  readonly baseUrl: string;
};

const hourMs = 3_600_000;
/** A development key's secret is handed out again for this long, and works for as long once more. */
const reusedForMs = 24 * hourMs;
const developmentKeyMs = 48 * hourMs;
/** Attempts against others who change the same key; each that fails means that another one got through. */
const mostTries = 5;
const longestName = 100;

export type HandedOutKey = {
  readonly key: ApiKey;
  readonly secret: string;
  /** Unix milliseconds; undefined: handed out for ever. */
  readonly reuseUntil: number | undefined;
};

/**
 * This person's development key in the account: the same one until it has been handed out for a day, then with a new
 * secret, which ends the old one. Id, stack, limits and budget stay. One that was revoked is replaced by another.
 * @throws GatewayError account_suspended, access_pending
 */
export async function developmentKey(
  services: GatewayKeyServices,
  workspace: Workspace,
  user: { readonly id: UserId; readonly email: string },
): Promise<HandedOutKey> {
  requireActive(workspace);
  const holder: KeyHolder = { kind: "development", userId: user.id, email: user.email };
  return handOut(services, workspace.id, holder, `Development: ${user.email}`);
}

export type KeyedDeployment = {
  readonly workspace: Workspace;
  readonly deploymentId: string;
  /** The blueprint's name. */
  readonly agent: string;
  /** The deployment's name. */
  readonly name: string;
};

/**
 * The deployment's key: made once, the same on every redeploy, without an end. One that was revoked is replaced.
 * @throws GatewayError account_suspended, access_pending
 */
export async function keyOfDeployment(
  services: GatewayKeyServices,
  { workspace, deploymentId, agent, name }: KeyedDeployment,
): Promise<HandedOutKey> {
  requireActive(workspace);
  return handOut(services, workspace.id, { kind: "deployment", deploymentId, agent, name }, `Deployment: ${name}`);
}

/** Ends the deployment's key, if it has one. Repeating it changes nothing. */
export async function revokeKeyOfDeployment(services: GatewayKeyServices, deploymentId: string): Promise<void> {
  const held = await services.records.current({ kind: "deployment", deploymentId });
  if (held !== undefined) await end(services, [held.key.id]);
}

/** Ends the development keys of an account; gives how many there were. */
export async function revokeDevelopmentKeys(services: GatewayKeyServices, workspaceId: WorkspaceId): Promise<number> {
  return end(services, await services.records.currentOf(workspaceId, "development"));
}

/** Newest first. @param ended whether those that were replaced or revoked are listed too */
export function listManagedKeys(
  { records }: GatewayKeyServices,
  workspaceId: WorkspaceId,
  { ended }: { readonly ended: boolean },
): Promise<HeldKey[]> {
  return records.list(workspaceId, { ended, limit: 500 });
}

/**
 * Gives a key a new secret. The one it has works for the overlap, so that what runs can be given the new one; a
 * deployment is rolled out with it, a person gets it when they ask the next time.
 * @throws GatewayError not_found; conflict for a key that has ended
 */
export async function rotateManagedKey(
  services: GatewayKeyServices,
  workspaceId: WorkspaceId,
  id: KeyId,
  overlapMinutes: number,
): Promise<HeldKey> {
  for (let tries = 0; tries < mostTries; tries++) {
    const held = await getManagedKey(services, workspaceId, id);
    const status = keyStatus(held.key, services.keys.now());
    if (status !== "active") {
      throw new GatewayError("conflict", `Key ${id} is ${status}: it has no secret to replace.`, {
        hint: "Redeploy, or start `ast dev` again: that makes a new one.",
      });
    }
    if ((await renew(services, held, overlapMinutes * 60_000)) === undefined) continue;
    const { holder } = held.managed;
    if (holder.kind === "deployment") await services.deployments.keyRotated(holder.deploymentId, id);
    return getManagedKey(services, workspaceId, id);
  }
  throw changedMeanwhile();
}

/** Ends a key for good; repeating it changes nothing. @throws GatewayError not_found */
export async function revokeManagedKey(
  services: GatewayKeyServices,
  workspaceId: WorkspaceId,
  id: KeyId,
): Promise<HeldKey> {
  await getManagedKey(services, workspaceId, id);
  await end(services, [id]);
  return getManagedKey(services, workspaceId, id);
}

/** @throws GatewayError not_found, for plain API keys too */
export async function getManagedKey(
  { records }: GatewayKeyServices,
  workspaceId: WorkspaceId,
  id: KeyId,
): Promise<HeldKey> {
  const held = await records.find(workspaceId, id);
  if (held === undefined) throw new GatewayError("not_found", `The account has no managed key ${id.slice(0, 100)}.`);
  return held;
}

async function handOut(
  services: GatewayKeyServices,
  workspaceId: WorkspaceId,
  holder: KeyHolder,
  name: string,
): Promise<HandedOutKey> {
  for (let tries = 0; tries < mostTries; tries++) {
    const held = await services.records.current(queryOf(workspaceId, holder));
    const handed = held === undefined ? undefined : await handOutHeld(services, held);
    if (handed !== undefined) return handed;
    if (held !== undefined && held.key.revokedAt === undefined) continue;
    // The row of a revoked key gives its place to the next one; the key itself stays revoked.
    if (held !== undefined) await end(services, [held.key.id]);
    const made = await make(services, workspaceId, holder, name);
    if (made !== undefined) return made;
  }
  throw changedMeanwhile();
}

/** Undefined when the key was revoked, or somebody else just gave it another secret: look again. */
async function handOutHeld(services: GatewayKeyServices, held: HeldKey): Promise<HandedOutKey | undefined> {
  const { key, managed } = held;
  const now = services.keys.now();
  const status = keyStatus(key, now);
  if (status === "revoked") return undefined;
  const isFresh = status === "active" && now < (managed.reuseUntil ?? Infinity);
  if (!isFresh || managed.sealed === undefined) return renew(services, held, 0);
  return { key, secret: openValue(services.sealingKey, key.id, managed.sealed), reuseUntil: managed.reuseUntil };
}

async function make(
  services: GatewayKeyServices,
  workspaceId: WorkspaceId,
  holder: KeyHolder,
  name: string,
): Promise<HandedOutKey | undefined> {
  const { keys, records } = services;
  const { reuseUntil, expiresAt } = lifetimeOf(holder, keys.now());
  const secret = makeKeySecret("live", keys.random);
  const input = { workspaceId, name: name.slice(0, longestName), mode: "live" as const, purpose: holder.kind };
  const { key, secretHash } = keyForSecret({ ...input, expiresAt }, secret, keys);
  const sealed = sealValue(services.sealingKey, key.id, secret, keys.random);
  const managed = { keyId: key.id, workspaceId, holder, sealed, reuseUntil };
  if (!(await records.insert({ key, managed }, secretHash))) return undefined;
  keys.changed();
  return { key, secret, reuseUntil };
}

/** Undefined when somebody else was faster. */
async function renew(
  services: GatewayKeyServices,
  { key, managed }: HeldKey,
  overlapMs: number,
): Promise<HandedOutKey | undefined> {
  const { keys, records, sealingKey } = services;
  const at = keys.now();
  const secret = makeKeySecret(key.mode, keys.random);
  const prefix = readKeySecret(secret)?.prefix ?? "";
  const { reuseUntil, expiresAt } = lifetimeOf(managed.holder, at);
  const renewed = {
    secret: { prefix, hash: hashKeySecret(keys.hashKey, secret) },
    sealed: sealValue(sealingKey, key.id, secret, keys.random),
    reuseUntil,
    expiresAt,
    previousEndsAt: at + overlapMs,
    at,
  };
  if (!(await records.renew(managed, renewed))) return undefined;
  keys.changed();
  return { key: { ...key, prefix, expiresAt, rotatedAt: at }, secret, reuseUntil };
}

function lifetimeOf({ kind }: KeyHolder, now: number) {
  return kind === "deployment"
    ? { reuseUntil: undefined, expiresAt: undefined }
    : { reuseUntil: now + reusedForMs, expiresAt: now + developmentKeyMs };
}

async function end({ keys, records }: GatewayKeyServices, ids: readonly KeyId[]): Promise<number> {
  if (ids.length === 0) return 0;
  const ended = await records.end(ids, keys.now());
  keys.changed();
  return ended;
}

function queryOf(workspaceId: WorkspaceId, holder: KeyHolder): HolderQuery {
  return holder.kind === "development"
    ? { kind: "development", workspaceId, userId: holder.userId }
    : { kind: "deployment", deploymentId: holder.deploymentId };
}

/** What a suspended account is refused with when it would start something. @throws GatewayError */
export function requireActive({ status, statusReason }: Workspace): void {
  if (status === "access_pending") throw new GatewayError("access_pending");
  if (status !== "suspended") return;
  throw new GatewayError("account_suspended", undefined, {
    details: { code: "suspended", reason: statusReason ?? "suspended", action: "contact_support" },
  });
}

function changedMeanwhile(): GatewayError {
  return new GatewayError("conflict", "The key kept changing while it was asked for.", {
    hint: "Ask for it again.",
  });
}
