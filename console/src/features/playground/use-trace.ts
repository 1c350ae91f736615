// What is written down about a request: its trace, and the row that says what was debited.

import { useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { traceDetailSchema, usageRowSchema } from "../../../../server/contracts/control-activity.ts";
import { getApi } from "../../api/fetch-api.ts";
import { useItem, type ItemState } from "../../api/item.ts";
import type { ListPage } from "../../api/list.ts";

export type TraceDetail = z.output<typeof traceDetailSchema>;
export type UsageRow = z.output<typeof usageRowSchema>;

const tries = 20;
const betweenMs = 300;
const rowsLookedThrough = 50;

/** @param requestId undefined: nothing to ask for. */
export function useTrace(workspacePath: string, requestId: string | undefined): ItemState<TraceDetail> {
  return useItem<TraceDetail>(`${workspacePath}/traces/${requestId ?? ""}`, {}, { enabled: requestId !== undefined });
}

/**
 * The row of a request that has just ended. It is written a moment after the answer, so that it is looked for among the
 * newest until it is there.
 */
export function useNewRow(workspacePath: string, requestId: string | undefined): UsageRow | undefined {
  const { data } = useQuery({
    queryKey: ["new-row", workspacePath, requestId],
    queryFn: async ({ signal }) => {
      const page = await getApi<ListPage<UsageRow>>(`${workspacePath}/usage`, { limit: rowsLookedThrough }, signal);
      const row = page.data.find((one) => one.request_id === requestId);
      if (row === undefined) throw new Error("The row is not written yet.");
      return row;
    },
    enabled: requestId !== undefined,
    retry: tries,
    retryDelay: betweenMs,
    staleTime: Infinity,
  });
  return data;
}
