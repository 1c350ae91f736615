// Reads the policy's schema from the server, once.

import { useQuery } from "@tanstack/react-query";
import { getApi } from "../../api/fetch-api.ts";
import type { PolicySchema } from "./policy-schema.ts";

/** Undefined until it is there. It changes with the server only. */
export function usePolicySchema(): PolicySchema | undefined {
  const { data } = useQuery({
    queryKey: ["policy-schema"],
    queryFn: ({ signal }) => getApi<PolicySchema>("/api/policy-schema", {}, signal),
    staleTime: Infinity,
  });
  return data;
}
