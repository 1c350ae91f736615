// Everything the request path uses, handed in by wire.ts: no step reaches for the environment, a clock or a database.

import type { Catalogue, Upstream } from "../catalogue/catalogue.ts";
import type { RequestId } from "../contracts/ids.ts";
import type { ApiKey } from "../keys/api-key.ts";
import type { IdempotentRequests } from "../idempotency/idempotent-requests.ts";
import type { HoldKeeper } from "../ledger/hold-keeper.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { Picodollars } from "../money/picodollars.ts";
import type { HealthTracker } from "../providers/health.ts";
import type { Clocks, Provider, ProviderId } from "../providers/provider.ts";
import type { LearnedUsage } from "../routing/learned-usage.ts";
import type { SessionPins } from "../routing/session-pins.ts";
import type { StackDirectory } from "../stacks/stack.ts";
import type { StoredResponses } from "../stored-responses/stored-responses.ts";
import type { StoredText } from "../traces/sealed-text.ts";
import type { BudgetRefusal } from "../workspaces/exhausted-budgets.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { InFlight } from "./in-flight.ts";

export type KeyDirectory = {
  /**
   * The active key behind a secret; undefined when there is none.
   * @throws GatewayError service_unavailable when it cannot be looked up.
   */
  authenticate(secret: string): Promise<{ readonly key: ApiKey; readonly workspace: Workspace } | undefined>;
};

/** Upstreams that may serve: real ones, or the sandbox alone. */
export type UpstreamPool = {
  readonly upstreams: readonly Upstream[];
  readonly providers: ReadonlyMap<ProviderId, Provider>;
};

export type RequestSettings = {
  /** For keys without a limit of their own. */
  readonly requestsPerMinute: number;
  /** Available balance must be above this before routing. */
  readonly balanceFloor: Picodollars;
  /** `totalMs` bounds the whole request, all attempts together. */
  readonly clocks: Clocks;
};

export type Services = {
  readonly keys: KeyDirectory;
  readonly limits: RateLimiter;
  readonly stacks: StackDirectory;
  readonly ledger: Ledger;
  readonly idempotency: IdempotentRequests;
  readonly responses: StoredResponses;
  /** Renews the holds of requests that are under way. */
  readonly holds: HoldKeeper;
  readonly catalogue: Catalogue;
  readonly live: UpstreamPool;
  /** Serves test keys. */
  readonly sandbox: UpstreamPool;
  readonly health: HealthTracker;
  readonly learned: LearnedUsage;
  readonly sessions: SessionPins;
  readonly inFlight: InFlight;
  readonly settings: RequestSettings;
  /** Unix milliseconds, with fractions where the platform has them. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Keyed hash of text, for traces that keep a fingerprint instead of the text. */
  readonly fingerprint: (text: string) => string;
  /** Encrypts what a stack stores of a request's texts. */
  readonly sealText: (requestId: RequestId, text: StoredText) => Uint8Array;
  /** Hears of every request that a daily, monthly or lifetime limit refused; returns at once. */
  readonly refusedByBudget: (refusal: BudgetRefusal) => void;
  /** Hears of faults nobody else will see. */
  readonly reportFault: (where: string, error: unknown) => void;
};
