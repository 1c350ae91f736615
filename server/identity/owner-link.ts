// The link that makes someone the owner: printed by a start while nobody has claimed the installation, and by
// `astrolabe owner-link` when the owner can no longer sign in. Only its hash is stored; it works once, for a day.

import { createHash } from "node:crypto";
import type { UserId } from "../contracts/ids.ts";

const linkLifeMs = 24 * 60 * 60_000;

export type OwnerRecords = {
  /** Whether someone has become the owner. */
  isClaimed(): Promise<boolean>;
  addLink(tokenHash: string, now: number, expiresAt: number): Promise<void>;
  /** Whether the link would work. */
  hasLink(tokenHash: string, now: number): Promise<boolean>;
  /**
   * Uses the link up, with every other one, and makes the owner: of the first workspace and of the installation. Every
   * earlier way in of that person ends, their sessions with it.
   * @returns the owner's id; `email_taken` or undefined, changing nothing, when someone else has the
   * address or there is no such link.
   */
  claim(tokenHash: string, owner: OwnerDetails, now: number): Promise<UserId | "email_taken" | undefined>;
};

export type OwnerDetails = {
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  /** Whether the address counts as proven: where letters can be sent, it would have to be proven before signing in. */
  readonly emailVerified: boolean;
  /** Undefined: the owner will sign in by a passkey. */
  readonly passwordHash: string | undefined;
};

export type OwnerLinkServices = {
  readonly records: OwnerRecords;
  readonly random: (count: number) => Uint8Array;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Without a trailing slash. */
  readonly publicUrl: string;
};

/** A new link; earlier ones go on working until one of them is used. */
export async function makeOwnerLink(services: OwnerLinkServices): Promise<string> {
  const token = Buffer.from(services.random(32)).toString("base64url");
  const now = services.now();
  await services.records.addLink(hashOwnerToken(token), now, now + linkLifeMs);
  return `${services.publicUrl}/claim?token=${token}`;
}

/** A link for the terminal of the first start; undefined once someone is the owner. */
export async function ownerLinkAtStart(services: OwnerLinkServices): Promise<string | undefined> {
  return (await services.records.isClaimed()) ? undefined : makeOwnerLink(services);
}

/** The token has 256 random bits, so that a plain hash does. */
export function hashOwnerToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
