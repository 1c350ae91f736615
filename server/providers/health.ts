// How each provider's route to each model has done lately: success rate and speed over an hour, and a circuit that opens
// after failures in a row. In memory; a restart forgets it.

import type { RouteHealth, HealthSnapshot } from "../routing/plan.ts";
import type { ProviderId } from "./provider.ts";

const bucketMs = 5 * 60_000;
const bucketCount = 12;
const fewestCalls = 5;
const failuresToOpen = 5;
const openForMs = 30_000;
const firstByteSamples = 31;

type Bucket = { period: number; calls: number; successes: number };

/** How one route has done, for people to read. */
export type RouteOverview = {
  readonly model: string;
  /** Of the last hour. */
  readonly calls: number;
  readonly successes: number;
  readonly firstByteMs: number | undefined;
  readonly available: boolean;
  /** Unix milliseconds; undefined when nothing failed since the start. */
  readonly lastFailure: Failure | undefined;
};

type Failure = { readonly kind: string; readonly at: number };

type Route = {
  readonly buckets: Bucket[];
  readonly firstBytes: number[];
  failuresInARow: number;
  openUntil: number;
  lastFailure: Failure | undefined;
  median: number | undefined;
};

/** One attempt's outcome. Cancelled and rejected attempts say nothing about the route and are not reported. */
export type AttemptReport = {
  readonly ok: boolean;
  readonly firstByteMs: number | undefined;
  readonly at: number;
  /** What failed. */
  readonly kind?: string;
};

export class HealthTracker {
  readonly #routes = new Map<ProviderId, Map<string, Route>>();
  readonly #ignored: ReadonlySet<ProviderId>;

  /** @param ignored providers whose failures are staged and must not open a circuit. */
  constructor(ignored: readonly ProviderId[] = []) {
    this.#ignored = new Set(ignored);
  }

  report(provider: ProviderId, modelId: string, { ok, firstByteMs, at, kind }: AttemptReport): void {
    if (this.#ignored.has(provider)) return;
    const route = this.#route(provider, modelId);
    const bucket = currentBucket(route, at);
    bucket.calls += 1;
    if (ok) bucket.successes += 1;
    route.failuresInARow = ok ? 0 : route.failuresInARow + 1;
    route.openUntil = route.failuresInARow >= failuresToOpen ? at + openForMs : 0;
    if (!ok) route.lastFailure = { kind: kind ?? "failed", at };
    if (!ok || firstByteMs === undefined) return;
    route.firstBytes.push(firstByteMs);
    if (route.firstBytes.length > firstByteSamples) route.firstBytes.shift();
    route.median = undefined;
  }

  /** A view for planning at time `now` (Unix milliseconds). */
  snapshot(now: number): HealthSnapshot {
    return (provider, modelId) => {
      const route = this.#routes.get(provider)?.get(modelId);
      return route ? healthOf(route, now) : unseen;
    };
  }

  /** False while the circuits of all routes seen to a provider are open. */
  usable(provider: ProviderId, now: number): boolean {
    const seen = [...(this.#routes.get(provider)?.values() ?? [])];
    return seen.length === 0 || seen.some((route) => now >= route.openUntil);
  }

  /** The routes to a provider that were asked, by model. */
  routesTo(provider: ProviderId, now: number): RouteOverview[] {
    return [...(this.#routes.get(provider) ?? [])]
      .map(([model, route]) => {
        const { firstByteMs, available } = healthOf(route, now);
        return { model, ...countsOf(route, now), firstByteMs, available, lastFailure: route.lastFailure };
      })
      .toSorted((left, right) => (left.model < right.model ? -1 : 1));
  }

  #route(provider: ProviderId, modelId: string): Route {
    const routes = this.#routes.get(provider) ?? new Map<string, Route>();
    this.#routes.set(provider, routes);
    const known = routes.get(modelId);
    if (known) return known;
    const route: Route = {
      buckets: [],
      firstBytes: [],
      failuresInARow: 0,
      openUntil: 0,
      lastFailure: undefined,
      median: undefined,
    };
    routes.set(modelId, route);
    return route;
  }
}

const unseen: RouteHealth = { successRate: undefined, firstByteMs: undefined, available: true };

function currentBucket(route: Route, at: number): Bucket {
  const period = Math.floor(at / bucketMs);
  const last = route.buckets.at(-1);
  if (last?.period === period) return last;
  const bucket = { period, calls: 0, successes: 0 };
  route.buckets.push(bucket);
  if (route.buckets.length > bucketCount) route.buckets.shift();
  return bucket;
}

function countsOf(route: Route, now: number): Omit<Bucket, "period"> {
  const oldest = Math.floor(now / bucketMs) - bucketCount;
  let calls = 0;
  let successes = 0;
  for (const bucket of route.buckets) {
    if (bucket.period <= oldest) continue;
    calls += bucket.calls;
    successes += bucket.successes;
  }
  return { calls, successes };
}

function healthOf(route: Route, now: number): RouteHealth {
  const { calls, successes } = countsOf(route, now);
  return {
    successRate: calls >= fewestCalls ? successes / calls : undefined,
    firstByteMs: medianFirstByte(route),
    available: now >= route.openUntil,
  };
}

function medianFirstByte(route: Route): number | undefined {
  if (route.firstBytes.length < fewestCalls) return undefined;
  // A typed array sorts numbers without asking for their order, and this happens for every request.
  route.median ??= new Float64Array(route.firstBytes).toSorted()[route.firstBytes.length >> 1];
  return route.median;
}
