// API keys as records. The secret itself is never stored: only its keyed hash, and its public prefix.

import type { Budget } from "../contracts/budget.ts";
import type { KeyId, StackId, WorkspaceId } from "../contracts/ids.ts";
import type { Picodollars } from "../money/picodollars.ts";

export type KeyMode = "live" | "test";

/**
 * `api`: for whoever holds the secret. `playground`: for signed-in people; nobody holds its secret. `development` and
 * `deployment`: for agents, which get them by themselves (server/agents/gateway-keys.ts).
 */
export const keyPurposes = ["api", "playground", "development", "deployment"] as const;
export type ApiKeyPurpose = (typeof keyPurposes)[number];

/** The secret before the last rotation. */
export type PreviousSecret = {
  readonly prefix: string;
  /** Unix milliseconds from which it is refused. */
  readonly endsAt: number;
};

export type ApiKey = {
  readonly id: KeyId;
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly mode: KeyMode;
  readonly purpose: ApiKeyPurpose;
  /** First 8 characters of the random part; public, sent in `x-astrolabe-cloud-key` as `astrolabe_live_<prefix>`. */
  readonly prefix: string;
  /** Undefined before the first rotation; may be over already. */
  readonly previous: PreviousSecret | undefined;
  readonly stackId: StackId | undefined;
  /** Requests a minute; undefined means the server's default. */
  readonly rateLimitPerMinute: number | undefined;
  /** Most this key may ever spend; undefined means no limit of its own. */
  readonly spendLimit: Picodollars | undefined;
  /** What its requests may cost in a day, a month and one by one; undefined means no limit of its own. */
  readonly budget: Budget | undefined;
  /** Model ids, `*` at the end allowed; empty allows all. */
  readonly allowedModels: readonly string[];
  /** Unix milliseconds. */
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
  readonly rotatedAt: number | undefined;
  /** To a few seconds; undefined: never used. */
  readonly lastUsedAt: number | undefined;
  readonly createdAt: number;
};
