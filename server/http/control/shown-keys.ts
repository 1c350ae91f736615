// API keys as the control API shows them.

import { holdersOf } from "../../agents/attribution.ts";
import type { KeyHolder } from "../../agents/managed-key-records.ts";
import type { WorkspaceId } from "../../contracts/ids.ts";
import type { ApiKey } from "../../keys/api-key.ts";
import { isOfAgent, keyStatus } from "../../keys/manage-keys.ts";
import { formatUsd } from "../../money/picodollars.ts";
import type { ControlServices } from "./services.ts";
import { isoTime, optionalTime } from "./shown-values.ts";
import { stackSlugs } from "./stack-names.ts";

export async function showKey(services: ControlServices, key: ApiKey) {
  const [shown] = await showKeys(services, key.workspaceId, [key]);
  if (shown === undefined) throw new Error("A key was not shown.");
  return shown;
}

export async function showKeys(services: ControlServices, workspaceId: WorkspaceId, keys: readonly ApiKey[]) {
  const stacks = keys.map((key) => key.stackId);
  const managed = keys.filter(isOfAgent);
  const [slugs, holders] = await Promise.all([
    stackSlugs(services.stacks, workspaceId, stacks),
    holdersOf(
      services.agents.attribution,
      workspaceId,
      managed.map(({ id }) => id),
    ),
  ]);
  return keys.map((key) => describeKey(key, { slugs, holder: holders.get(key.id), now: services.now() }));
}

type Known = {
  readonly slugs: ReadonlyMap<string, string>;
  readonly holder: KeyHolder | undefined;
  readonly now: number;
};

function describeKey(key: ApiKey, { slugs, holder, now }: Known) {
  return {
    object: "api_key" as const,
    id: key.id,
    name: key.name,
    mode: key.mode,
    purpose: key.purpose,
    managed: holder === undefined ? null : showHolder(holder),
    prefix: showPrefix(key),
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

function showHolder(holder: KeyHolder) {
  return holder.kind === "development"
    ? { user: holder.email, agent: null, deployment: null }
    : { user: null, agent: holder.agent, deployment: { id: holder.deploymentId, name: holder.name } };
}

function showPrevious({ mode, previous, revokedAt }: ApiKey, now: number) {
  if (previous === undefined || revokedAt !== undefined || previous.endsAt <= now) return null;
  return { prefix: showPrefix({ mode, prefix: previous.prefix }), ends_at: isoTime(previous.endsAt) };
}

/** What a secret begins with; not a secret. */
export function showPrefix({ mode, prefix }: Pick<ApiKey, "mode" | "prefix">): string {
  return `astrolabe_${mode}_${prefix}`;
}
