// Work under a lease: renewed while the work goes on, and the work told when it is no longer wanted.

import type { Standing } from "./deployment-records.ts";

/** How long a claim lives unless it is renewed: after a crash another server takes over then. */
export const leaseMs = 30_000;
const renewalMs = 5_000;

/** Why work was cut short. `lost`: another server has it. `outdated`: something else is wanted. `stopping`: the server ends. */
export class CutShort extends Error {
  override readonly name = "CutShort";
  readonly why: "lost" | "outdated" | "stopping";

  constructor(why: CutShort["why"]) {
    super(why);
    this.why = why;
  }
}

export type LeaseOptions = {
  readonly renew: () => Promise<Standing | undefined>;
  readonly isWanted: (standing: Standing) => boolean;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  /** Hands over what makes the lease look at once whether the work is still wanted. */
  readonly onLook: (look: () => void) => void;
  readonly everyMs?: number;
};

/** Ends with the work. A renewal that fails is tried again: the lease is longer than a few of them. */
export async function underLease<Result>(
  { renew, isWanted, stopping, onLook, everyMs = renewalMs }: LeaseOptions,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const cut = new AbortController();
  const end = (why: CutShort["why"]): void => cut.abort(new CutShort(why));
  const onStop = (): void => end("stopping");
  if (stopping.aborted) onStop();
  stopping.addEventListener("abort", onStop);
  const look = async (): Promise<void> => {
    const standing = await renew().catch(() => "unknown" as const);
    if (standing === undefined) end("lost");
    else if (standing !== "unknown" && !isWanted(standing)) end("outdated");
  };
  onLook(() => void look());
  const timer = setInterval(() => void look(), everyMs);
  try {
    return await work(cut.signal);
  } finally {
    clearInterval(timer);
    stopping.removeEventListener("abort", onStop);
  }
}
