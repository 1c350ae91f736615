// What a request would probably cost, by a dry run once the typing pauses.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { z } from "zod";
import type { dryRunResultSchema } from "../../../../server/contracts/control-dry-run.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import type { JsonObject } from "./json-text.ts";
import type { PlaygroundRequest } from "./playground-request.ts";

export type DryRun = z.output<typeof dryRunResultSchema>;

const pauseMs = 700;
/** A picture's bytes say nothing that its address would not. */
const longestBody = 200_000;

/** Undefined while nothing is asked, or nothing is known yet. */
export function useEstimate(
  workspacePath: string,
  { protocol, mode, confirmed }: PlaygroundRequest,
  body: JsonObject | undefined,
): DryRun | undefined {
  const text = body === undefined ? "" : JSON.stringify({ request: body, protocol, mode, confirmed });
  const paused = usePaused(text);
  const { data } = useQuery({
    queryKey: ["dry-run", workspacePath, paused],
    queryFn: ({ signal }) => {
      const asked = { request: body, protocol, mode, confirmed };
      return fetchApi<DryRun>("POST", `${workspacePath}/stacks/dry-run`, { body: asked, signal });
    },
    enabled: paused !== "" && paused === text && paused.length <= longestBody,
    retry: false,
    staleTime: 60_000,
  });
  return text === "" ? undefined : data;
}

/** The text once it has stayed the same for a moment. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}
