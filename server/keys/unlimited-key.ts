// A key that is nobody's and allows everything: for trying a request out as no key in particular.

import { asId, type KeyId, type WorkspaceId } from "../contracts/ids.ts";
import type { ApiKey, KeyMode } from "./api-key.ts";

/** @param now Unix milliseconds */
export function unlimitedKey(workspaceId: WorkspaceId, mode: KeyMode, now: number): ApiKey {
  return {
    id: asId<KeyId>("key_any"),
    workspaceId,
    name: "any key",
    mode,
    purpose: "api",
    prefix: "",
    previous: undefined,
    stackId: undefined,
    rateLimitPerMinute: undefined,
    spendLimit: undefined,
    budget: undefined,
    allowedModels: [],
    expiresAt: undefined,
    revokedAt: undefined,
    rotatedAt: undefined,
    lastUsedAt: undefined,
    createdAt: now,
  };
}
