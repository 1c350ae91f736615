// API keys as the control API shows them.

import type { WorkspaceId } from "../../contracts/ids.ts";
import type { ApiKey } from "../../keys/api-key.ts";
import { keyStatus } from "../../keys/manage-keys.ts";
import { formatUsd } from "../../money/picodollars.ts";
import type { ControlServices } from "./services.ts";
import { isoTime, optionalTime } from "./shown-values.ts";
import { stackSlugs } from "./stack-names.ts";

export async function showKey(services: ControlServices, key: ApiKey) {
  return describeKey(key, await stackSlugs(services.stacks, key.workspaceId, [key.stackId]), services.now());
}

export async function showKeys(services: ControlServices, workspaceId: WorkspaceId, keys: readonly ApiKey[]) {
  const slugs = await stackSlugs(
    services.stacks,
    workspaceId,
    keys.map((key) => key.stackId),
  );
  return keys.map((key) => describeKey(key, slugs, services.now()));
}

function describeKey(key: ApiKey, slugs: ReadonlyMap<string, string>, now: number) {
  return {
    object: "api_key" as const,
    id: key.id,
    name: key.name,
    mode: key.mode,
    purpose: key.purpose,
    prefix: shownPrefix(key.mode, key.prefix),
    previous: showPrevious(key, now),
    status: keyStatus(key, now),
    stack: key.stackId === undefined ? null : (slugs.get(key.stackId) ?? null),
    rate_limit_per_minute: key.rateLimitPerMinute ?? null,
    spend_limit_usd: key.spendLimit === undefined ? null : formatUsd(key.spendLimit),
    budget: key.budget ?? null,
    allowed_models: [...key.allowedModels],
    expires_at: optionalTime(key.expiresAt),
    revoked_at: optionalTime(key.revokedAt),
    rotated_at: optionalTime(key.rotatedAt),
    last_used_at: optionalTime(key.lastUsedAt),
    created_at: isoTime(key.createdAt),
  };
}

function showPrevious({ mode, previous, revokedAt }: ApiKey, now: number) {
  if (previous === undefined || revokedAt !== undefined || previous.endsAt <= now) return null;
  return { prefix: shownPrefix(mode, previous.prefix), ends_at: isoTime(previous.endsAt) };
}

function shownPrefix(mode: ApiKey["mode"], prefix: string): string {
  return `astrolabe_${mode}_${prefix}`;
}
