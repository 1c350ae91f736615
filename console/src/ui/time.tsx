// A moment: how long ago, kept up to date, with the exact time on hover.

import { useSyncExternalStore } from "react";
import { exactTime, relativeTime } from "./time-format.ts";
import { Tooltip } from "./tooltip.tsx";

const tickMs = 15_000;
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** One clock for the whole page, running while somebody looks at it. */
function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const tell of listeners) tell();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Unix milliseconds, renewed every 15 seconds. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => nowMs);
}

export type TimeProps = {
  /** ISO 8601 as the API gives it; null: never. */
  readonly at: string | null | undefined;
  /** The exact time in full. */
  readonly exact?: boolean;
  /** What stands for null. */
  readonly never?: string;
};

export function Time({ at, exact = false, never = "–" }: TimeProps) {
  const now = useNow();
  if (at === null || at === undefined) return <span className="text-faint">{never}</span>;
  const atMs = Date.parse(at);
  const full = exactTime(atMs);
  if (exact) {
    return (
      <time dateTime={at} className="figures whitespace-nowrap">
        {full}
      </time>
    );
  }
  return (
    <Tooltip text={<span className="figures">{full}</span>}>
      <time dateTime={at} className="whitespace-nowrap tabular-nums">
        {relativeTime(atMs, now)}
      </time>
    </Tooltip>
  );
}
