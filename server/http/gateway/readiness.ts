// Whether the server can serve: its database answers, some upstream is usable, and it is not shutting down.

import type { HealthTracker } from "../../providers/health.ts";
import type { ProviderId } from "../../providers/provider.ts";

export type Readiness = {
  /** Resolves when the database answers. */
  readonly pingDatabase: () => Promise<void>;
  readonly draining: () => boolean;
  readonly providers: readonly ProviderId[];
  readonly health: HealthTracker;
  readonly now: () => number;
  readonly mode: "sandbox" | "live";
};

export type ReadinessReport = { ok: boolean; service: "gateway"; mode: string; issues: string[] };

const databasePatienceMs = 2_000;

export async function readiness(checks: Readiness): Promise<ReadinessReport> {
  const issues: string[] = [];
  if (checks.draining()) issues.push("the server is shutting down");
  if (!(await databaseAnswers(checks))) issues.push("the database does not answer");
  const usable = checks.providers.some((provider) => checks.health.usable(provider, checks.now()));
  if (!usable) issues.push(`no upstream is usable: ${checks.providers.join(", ")}`);
  return { ok: issues.length === 0, service: "gateway", mode: checks.mode, issues };
}

async function databaseAnswers({ pingDatabase }: Readiness): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), databasePatienceMs);
  });
  const answered = pingDatabase().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, patience]);
  } finally {
    clearTimeout(timer);
  }
}
