// What a gateway key of an agent stands for, and what such keys ask of storage. server/storage/managed-key-store.ts
// implements it.

import type { KeyId, UserId, WorkspaceId } from "../contracts/ids.ts";
import type { ApiKey } from "../keys/api-key.ts";
import type { NewSecret } from "../keys/key-records.ts";

/** Who or what a key belongs to. The words are those of when the key was made, and stay when the person is gone. */
export type KeyHolder =
  | { readonly kind: "development"; readonly userId: UserId; readonly email: string }
  | {
      readonly kind: "deployment";
      readonly deploymentId: string;
      /** The blueprint's name. */
      readonly agent: string;
      /** The deployment's, as it was called then. */
      readonly name: string;
    };

export type ManagedKey = {
  readonly keyId: KeyId;
  readonly workspaceId: WorkspaceId;
  readonly holder: KeyHolder;
  /** The secret, encrypted; undefined once the key has ended. */
  readonly sealed: string | undefined;
  /** Unix milliseconds until which a development key's secret is handed out again; undefined: for ever. */
  readonly reuseUntil: number | undefined;
};

/** A managed key together with its API key. */
export type HeldKey = { readonly key: ApiKey; readonly managed: ManagedKey };

/** A secret that takes another's place. */
export type RenewedSecret = {
  readonly secret: NewSecret;
  readonly sealed: string;
  readonly reuseUntil: number | undefined;
  readonly expiresAt: number | undefined;
  /** Until when the secret of now goes on working. */
  readonly previousEndsAt: number;
  readonly at: number;
};

/** Which keys may not be told apart by anybody but their holder. */
export type HolderQuery =
  | { readonly kind: "development"; readonly workspaceId: WorkspaceId; readonly userId: UserId }
  | { readonly kind: "deployment"; readonly deploymentId: string };

export type ManagedKeyRecords = {
  /** The one that has not ended; at most one, whatever the API key's status. */
  current(holder: HolderQuery): Promise<HeldKey | undefined>;
  find(workspaceId: WorkspaceId, id: KeyId): Promise<HeldKey | undefined>;
  /** Newest first. */
  list(workspaceId: WorkspaceId, options: { readonly ended: boolean; readonly limit: number }): Promise<HeldKey[]>;
  /** Stores a key, unless its holder has one that has not ended: then false. */
  insert(held: HeldKey, secretHash: string): Promise<boolean>;
  /** Gives the key another secret, unless it got one since `sealed` was read, or was revoked: then false. */
  renew(managed: Pick<ManagedKey, "keyId" | "sealed">, renewed: RenewedSecret): Promise<boolean>;
  /** Revokes keys for good and forgets their secrets; gives how many had not ended before. */
  end(keyIds: readonly KeyId[], at: number): Promise<number>;
  /** Keys that have not ended. */
  currentOf(workspaceId: WorkspaceId, kind: KeyHolder["kind"]): Promise<readonly KeyId[]>;
  /** What these keys stand for; plain API keys are missing. */
  holders(workspaceId: WorkspaceId, ids: readonly KeyId[]): Promise<ReadonlyMap<KeyId, KeyHolder>>;
  /** Keys, ended ones included, that an agent or a deployment ever had; the newest, at most `limit`. */
  keysOf(
    workspaceId: WorkspaceId,
    of: { readonly agent?: string | undefined; readonly deploymentId?: string | undefined },
    limit: number,
  ): Promise<readonly KeyId[]>;
};
