// Stacks as the API gives them, and the questions that their pages ask.

import { useQuery, keepPreviousData } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { JsonObject } from "../../../../server/contracts/json.ts";
import type { PolicyReview } from "../../../../server/contracts/control-stacks.ts";
import { fetchApi, getApi } from "../../api/fetch-api.ts";
import { parseJson } from "../../api/parse-json.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { canonical } from "./policy-schema.ts";
import type { KnownNames } from "./suggestions.ts";

export type { DryRunResult } from "../../../../server/contracts/control-dry-run.ts";
export type { WhatIfItem, WhatIfResult } from "../../../../server/contracts/control-what-if.ts";
export type {
  PolicyDifference,
  PolicyReview,
  Stack,
  StackHeadline,
  StackTraffic,
  StackUses,
  StackVersionHeadline,
} from "../../../../server/contracts/control-stacks.ts";

/** How long the text rests before it is reviewed. */
const restMs = 250;

/** What the server says of a policy while it is written; undefined until it has said anything. */
export function useReview(policy: JsonObject | undefined): PolicyReview | undefined {
  const { path } = useWorkspace();
  const text = useRested(policy === undefined ? "" : canonical(policy));
  const { data } = useQuery({
    queryKey: ["policy-review", path, text],
    queryFn: ({ signal }) =>
      fetchApi<PolicyReview>("POST", `${path}/stacks/review`, {
        body: { policy: parseJson<JsonObject>(text) },
        signal,
      }),
    enabled: text !== "",
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  return policy === undefined ? undefined : data;
}

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

type Catalogue = {
  readonly data: readonly { readonly id: string; readonly providers: readonly { readonly provider: string }[] }[];
};

/** Models and providers by name, for suggestions; empty until they are there. */
export function useKnownNames(): KnownNames {
  const { data } = useQuery({
    queryKey: ["known-names"],
    queryFn: async ({ signal }) => (await getApi<Catalogue>("/api/catalogue", {}, signal)).data,
    staleTime: Infinity,
    retry: false,
  });
  return useMemo(() => {
    const models = data ?? [];
    const providers = models.flatMap((model) => model.providers.map(({ provider }) => provider));
    return { models: models.map(({ id }) => id), providers: [...new Set(providers)].sort() };
  }, [data]);
}
