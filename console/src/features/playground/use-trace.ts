// The trace of a request: written just after the answer ends, so that it is asked for until it is there.

import { useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { traceDetailSchema } from "../../../../server/contracts/control-activity.ts";
import { ApiError } from "../../api/api-error.ts";
import { getApi } from "../../api/fetch-api.ts";

export type TraceDetail = z.output<typeof traceDetailSchema>;

const tries = 8;
const betweenMs = 250;

/** @param requestId undefined: nothing to ask for yet. */
export function useTrace(workspacePath: string, requestId: string | undefined) {
  return useQuery({
    queryKey: ["item", `${workspacePath}/traces/${requestId ?? ""}`, {}],
    queryFn: ({ signal }) => getApi<TraceDetail>(`${workspacePath}/traces/${requestId ?? ""}`, {}, signal),
    enabled: requestId !== undefined,
    retry: (failures, error) => failures < tries && error instanceof ApiError && error.status === 404,
    retryDelay: betweenMs,
    staleTime: Infinity,
  });
}
