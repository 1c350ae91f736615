// What the API keys of a workspace have used, today and in the last 30 days, out of the sums that usage keeps.

import { z } from "zod";
import { keyUsageSchema } from "../../contracts/control-keys.ts";
import { noMoney, formatUsd, picodollars } from "../../money/picodollars.ts";
import type { Series, UsageSums } from "../../workspaces/usage-records.ts";
import { readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";

const dayMs = 86_400_000;
const days = 30;
/** Keys told apart; a workspace that used more in a month sees those with most requests. */
const mostKeys = 500;

export const keyUsageRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/key-usage",
    auth: readers,
    tag: "API keys",
    summary: "List what API keys have used",
    description: `Keys with requests in the last ${days} days, those with most requests first, at most ${mostKeys}.`,
    query: noQuery,
    body: noBody,
    status: 200,
    response: z.strictObject({ object: z.literal("list"), data: z.array(keyUsageSchema) }),
    handle: async ({ workspace, services }) => {
      const today = Math.floor(services.now() / dayMs) * dayMs;
      const series = await services.usage.series(workspace.id, {
        filter: { from: today - (days - 1) * dayMs, to: today + dayMs },
        interval: "day",
        groupBy: "key",
        rankBy: "requests",
        top: mostKeys,
      });
      return { object: "list" as const, data: keysOf(series, today) };
    },
  }),
];

function keysOf({ groups, points }: Series, today: number) {
  const todays = new Map(points.filter(({ startsAt }) => startsAt === today).map(({ group, sums }) => [group, sums]));
  return groups.flatMap(({ kind, name, sums }, place) =>
    kind === "rest" || name === undefined
      ? []
      : [{ object: "key_usage" as const, key: name, today: shown(todays.get(place)), last_30_days: shown(sums) }],
  );
}

function shown(sums: UsageSums | undefined) {
  return { requests: sums?.requests ?? 0, cost_usd: formatUsd(picodollars(sums?.debit ?? noMoney)) };
}
