// Usage over time, by group: agents and deployments are groups of keys.

import type { z } from "zod";
import type { seriesQuerySchema } from "../../contracts/control-activity.ts";
import { asId, type KeyId, type WorkspaceId } from "../../contracts/ids.ts";
import { holdersOf } from "../../agents/attribution.ts";
import type { KeyHolder } from "../../agents/managed-key-records.ts";
import { regroup } from "../../workspaces/regroup-series.ts";
import type { Series, SeriesQuery } from "../../workspaces/usage-records.ts";
import { seriesQueryOf } from "./series-range.ts";
import type { ControlServices } from "./services.ts";
import { showSums } from "./shown-usage.ts";
import { isoTime } from "./shown-values.ts";
import { summedFilterOf } from "./usage-filters.ts";

type Query = z.output<typeof seriesQuerySchema>;
type Named = { readonly series: Series; readonly labels: ReadonlyMap<string, string> };

/** Keys told apart before they are put together by agent; what further ones sent is among the rest. */
const mostKeys = 500;

export async function seriesFor(services: ControlServices, workspaceId: WorkspaceId, query: Query) {
  const filter = await summedFilterOf(services, workspaceId, query);
  const { group_by: grouping } = query;
  const byAgent = grouping === "agent" || grouping === "deployment" ? grouping : undefined;
  const groupBy = grouping === "agent" || grouping === "deployment" ? "key" : grouping;
  const asked = seriesQueryOf(query, filter, groupBy, services.now());
  const { series, labels } = await (byAgent === undefined
    ? plainSeries(services, workspaceId, asked)
    : agentSeries(services, workspaceId, asked, byAgent));
  return {
    object: "usage_series" as const,
    from: isoTime(asked.filter.from),
    to: isoTime(asked.filter.to),
    interval: query.interval,
    group_by: grouping ?? null,
    groups: series.groups.map(({ kind, name, sums }) => {
      const label = name === undefined ? null : (labels.get(name) ?? (groupBy === "key" ? null : name));
      return { kind, name: name ?? null, label, ...showSums(sums) };
    }),
    points: series.points.map(({ startsAt, group, sums }) => ({
      starts_at: isoTime(startsAt),
      group,
      ...showSums(sums),
    })),
    total: showSums(series.total),
  };
}

async function plainSeries(services: ControlServices, workspaceId: WorkspaceId, asked: SeriesQuery): Promise<Named> {
  const series = await services.usage.series(workspaceId, asked);
  const labels = asked.groupBy === "key" ? await keyNames(services, workspaceId, keysIn(series)) : new Map();
  return { series, labels };
}

async function agentSeries(
  services: ControlServices,
  workspaceId: WorkspaceId,
  asked: SeriesQuery,
  grouping: "agent" | "deployment",
): Promise<Named> {
  const byKey = await services.usage.series(workspaceId, { ...asked, top: mostKeys });
  const holders = await holdersOf(services.agents.attribution, workspaceId, keysIn(byKey));
  const nameOf = (key: string | undefined): string | undefined => {
    const holder = key === undefined ? undefined : holders.get(asId<KeyId>(key));
    if (holder?.kind !== "deployment") return undefined;
    return grouping === "agent" ? holder.agent : holder.deploymentId;
  };
  const { rankBy, top } = asked;
  return { series: regroup(byKey, { nameOf, rankBy, top }), labels: labelsOf(holders, grouping) };
}

function labelsOf(
  holders: ReadonlyMap<KeyId, KeyHolder>,
  grouping: "agent" | "deployment",
): ReadonlyMap<string, string> {
  return new Map(
    [...holders.values()].flatMap((holder) => {
      if (holder.kind !== "deployment") return [];
      const { agent, deploymentId, name } = holder;
      return [grouping === "agent" ? [agent, agent] : [deploymentId, name]] as const;
    }),
  );
}

function keysIn(series: Series): KeyId[] {
  return series.groups.flatMap(({ name }) => (name === undefined ? [] : [asId<KeyId>(name)]));
}

/** Names of keys, revoked ones included. */
export async function keyNames(
  { keys }: ControlServices,
  workspaceId: WorkspaceId,
  keyIds: readonly KeyId[],
): Promise<ReadonlyMap<KeyId, string>> {
  const found = await Promise.all([...new Set(keyIds)].map((id) => keys.records.find(workspaceId, id)));
  return new Map(found.flatMap((key) => (key ? [[key.id, key.name]] : [])));
}
