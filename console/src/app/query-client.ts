// The cache of everything read from the API: how long it counts as fresh, what is tried again, and what a lost session
// leads to.

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/api-error.ts";
import { leaveForSignIn } from "./sign-in-address.ts";

const freshMs = 10_000;
const mostRetries = 2;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeLostSession }),
  mutationCache: new MutationCache({ onError: noticeLostSession }),
  defaultOptions: {
    queries: {
      staleTime: freshMs,
      // A refusal stays one; only silence and the server's own failures are worth another try.
      retry: (failures, error) => failures < mostRetries && error instanceof ApiError && isPassing(error),
      refetchOnWindowFocus: true,
    },
  },
});

function isPassing({ status }: ApiError): boolean {
  return status === 0 || status === 429 || status >= 502;
}

function noticeLostSession(error: Error): void {
  if (error instanceof ApiError && error.status === 401 && error.code === "unauthorized") leaveForSignIn();
}
