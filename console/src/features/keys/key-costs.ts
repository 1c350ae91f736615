// What each key cost lately, for the table of keys.

import { useCallback } from "react";
import type { z } from "zod";
import type { usageSeriesSchema } from "../../../../server/contracts/control-activity.ts";
import { useItem } from "../../api/item.ts";
import type { CostOf } from "./key-columns.tsx";

type UsageSeries = z.output<typeof usageSeriesSchema>;

const days = 30;
const dayMs = 86_400_000;
/** As many as the server sums up by name. */
const mostKeys = 50;

/** @param path of the workspace */
export function useKeyCosts(path: string): CostOf {
  const from = new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);
  const query = { from: `${from}T00:00:00Z`, interval: "day", group_by: "key", top: mostKeys };
  const groups = useItem<UsageSeries>(`${path}/usage/series`, query).item?.groups;
  return useCallback(
    (keyId) => {
      const own = groups?.find(({ kind, name }) => kind === "named" && name === keyId);
      if (own !== undefined) return own.cost_usd;
      // A key that is not among the named ones cost nothing, unless there is a rest.
      return groups === undefined || groups.some(({ kind }) => kind === "rest") ? undefined : "0";
    },
    [groups],
  );
}
