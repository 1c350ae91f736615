// Reads the filters that requests are found by. An agent or a deployment stands for the keys that it has had.

import type { UsageFilterQuery } from "../../contracts/control-activity.ts";
import { asId, type KeyId, type WorkspaceId } from "../../contracts/ids.ts";
import { keysOfAgent } from "../../agents/attribution.ts";
import { parseUsd } from "../../money/picodollars.ts";
import type { SummedFilter, UsageFilter } from "../../workspaces/usage-records.ts";
import type { ControlServices } from "./services.ts";

type SummedQuery = Pick<
  UsageFilterQuery,
  "from" | "to" | "key" | "agent" | "deployment" | "model" | "provider" | "stack" | "category"
>;

export async function summedFilterOf(
  { agents }: Pick<ControlServices, "agents">,
  workspaceId: WorkspaceId,
  query: SummedQuery,
): Promise<SummedFilter> {
  const { model, provider, stack, category } = query;
  const key = query.key === undefined ? undefined : asId<KeyId>(query.key);
  const keyIds = await keysOfAgent(agents.attribution, workspaceId, query);
  return { from: moment(query.from), to: moment(query.to), keyId: key, keyIds, model, provider, stack, category };
}

export async function usageFilterOf(
  services: Pick<ControlServices, "agents">,
  workspaceId: WorkspaceId,
  query: UsageFilterQuery,
): Promise<UsageFilter> {
  return {
    ...(await summedFilterOf(services, workspaceId, query)),
    requestedModel: query.requested_model,
    status: query.status === undefined ? undefined : statusRange(query.status),
    billed: query.billing === undefined ? undefined : query.billing === "billed",
    unbillableReason: query.unbillable_reason,
    leastDebit: query.min_cost_usd === undefined ? undefined : parseUsd(query.min_cost_usd),
    leastMs: query.min_ms,
  };
}

const statusRanges: { readonly [name: string]: readonly [number, number] } = {
  success: [100, 399],
  client_error: [400, 499],
  server_error: [500, 599],
  error: [400, 599],
};

function statusRange(status: string): readonly [number, number] {
  return statusRanges[status] ?? [Number(status), Number(status)];
}

function moment(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
