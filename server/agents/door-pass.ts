// How the front door of agents knows members: a code that works once carries them over from the console, and a pass on the
// agent's own host lets them in from then on. Neither is of use for another deployment.

import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { asId, type UserId } from "../contracts/ids.ts";
import { parseJson } from "../contracts/json.ts";
import type { DoorCode, DoorRecords } from "./deployment-records.ts";
import type { Deployment } from "./deployment.ts";
import { openValue, sealValue, type RandomBytes } from "./sealed-value.ts";

const codeMs = 60_000;
const passMs = 12 * 3_600_000;
const tokenBytes = 32;
const longestPath = 2_000;

export type DoorServices = {
  readonly records: DoorRecords;
  /** `deriveKey(master, "agent-doors")`. */
  readonly sealingKey: Uint8Array;
  readonly random: RandomBytes;
  /** Whole Unix milliseconds. */
  readonly now: () => number;
};

export type Visitor = { readonly userId: UserId; readonly sessionId: string };

const passSchema = z.strictObject({ user: z.string(), session: z.string(), until: z.number() });

/** Something that nobody guesses. */
export function newToken({ random }: Pick<DoorServices, "random">): string {
  return Buffer.from(random(tokenBytes)).toString("base64url");
}

export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/**
 * A code for a member who is signed in, good for a minute.
 * @param browserHash of what the browser that asked for it holds on the agent's host: another browser cannot use the code.
 * @param path where to go then; anything but a path of that host becomes `/`.
 */
export async function makeCode(
  services: DoorServices,
  deployment: Deployment,
  visitor: Visitor,
  { browserHash, path }: Pick<DoorCode, "browserHash" | "path">,
): Promise<string> {
  const code = newToken(services);
  await services.records.prune(services.now());
  const stored = { ...visitor, deploymentId: deployment.id, browserHash, path: safePath(path) };
  await services.records.insert(hashOf(code), stored, services.now() + codeMs);
  return code;
}

/** Browsers read `//host` and `/\host` as another server. */
export function safePath(path: string): string {
  const isPath = /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && path.length <= longestPath;
  return isPath && !path.startsWith("/.astrolabe") ? path : "/";
}

/** Spends a code. Undefined when it was spent, is too old, or belongs to another deployment or browser. */
export async function spendCode(
  { records, now }: DoorServices,
  deployment: Deployment,
  code: string,
  browserToken: string,
): Promise<DoorCode | undefined> {
  const spent = await records.spend(hashOf(code), now());
  if (spent === undefined || spent.deploymentId !== deployment.id) return undefined;
  const [expected, given] = [Buffer.from(spent.browserHash), Buffer.from(hashOf(browserToken))];
  return expected.length === given.length && timingSafeEqual(expected, given) ? spent : undefined;
}

/** A pass for the deployment's host; `seconds` is how long it lasts. */
export function makePass(services: DoorServices, deployment: Deployment, { userId, sessionId }: Visitor) {
  const pass = JSON.stringify({ user: userId, session: sessionId, until: services.now() + passMs });
  return {
    value: sealValue(services.sealingKey, `door/${deployment.id}`, pass, services.random),
    seconds: passMs / 1_000,
  };
}

/** Who holds the pass; undefined for one that is too old, or was not made here for this deployment. */
export function openPass(
  services: DoorServices,
  deployment: Pick<Deployment, "id">,
  value: string,
): Visitor | undefined {
  try {
    const { user, session, until } = passSchema.parse(
      parseJson(openValue(services.sealingKey, `door/${deployment.id}`, value)),
    );
    return until > services.now() ? { userId: asId<UserId>(user), sessionId: session } : undefined;
  } catch {
    return undefined;
  }
}
