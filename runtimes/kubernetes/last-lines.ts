// The last lines that a container wrote, for the report of its failure.

import type { ClusterApi } from "./cluster-api.ts";
import { logLines } from "./log-lines.ts";
import { containerName } from "./pod-template.ts";

const lineCount = 20;
const timeoutMs = 5_000;

/** Oldest first; empty when there are none or they cannot be had. */
export async function lastLines(
  api: ClusterApi,
  pod: string,
  which: "current" | "previous",
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  for (const previous of which === "previous" ? [true, false] : [false]) {
    const lines: string[] = [];
    try {
      const options = { container: containerName, follow: false, previous, tailLines: lineCount };
      const body = await api.log(pod, options, limit);
      for await (const line of body === undefined ? [] : logLines(body, pod)) lines.push(line.text);
    } catch {
      // The failure itself is what matters.
    }
    if (lines.length > 0) return lines.slice(-lineCount);
  }
  return [];
}
