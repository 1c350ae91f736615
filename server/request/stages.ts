// What is known about a request after each rung of the ladder. Each step takes one stage and returns the next, so code
// that plans without a stack or settles without a hold does not compile.

import type { RequestId } from "../contracts/ids.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { StackPolicy } from "../contracts/policy.ts";
import type { Claim } from "../idempotency/claim.ts";
import type { RequestIdentity } from "../idempotency/idempotent-requests.ts";
import type { ApiKey } from "../keys/api-key.ts";
import type { Cap } from "../ledger/operations.ts";
import type { RateState } from "../limits/rate-limiter.ts";
import type { Asked, ClientProtocol } from "../protocols/protocol.ts";
import type { Plan } from "../routing/plan.ts";
import type { SessionPin } from "../routing/session-pins.ts";
import type { ResolvedStack } from "../stacks/stack.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { Earlier } from "./earlier-turns.ts";
import type { HoldSize } from "./hold-size.ts";

export type ReadBody = { readonly body: JsonObject; readonly bytes: number; readonly text: string };

/** As it came in: nothing believed yet, the body not even read. */
export type Received = {
  readonly requestId: RequestId;
  /** Unix milliseconds. */
  readonly arrivedAt: number;
  readonly protocol: ClientProtocol;
  /** The key as sent; undefined when none was. */
  readonly credential: string | undefined;
  /** The `Idempotency-Key` as sent; undefined when none was. */
  readonly idempotencyKey: string | undefined;
  /** Whether a person's confirmation came with the request. */
  readonly confirmed: boolean;
  /** The request's headers that belong to its protocol and go to upstreams that speak it; absent: none. */
  readonly protocolHeaders?: { readonly [name: string]: string };
  /** Reads and parses the body once. @throws GatewayError payload_too_large or invalid_json. */
  readonly readBody: () => Promise<ReadBody>;
  /** Aborts when the server shuts down, and when the client leaves unless it sent an `Idempotency-Key`. */
  readonly signal: AbortSignal;
};

export type Authenticated = Received & { readonly key: ApiKey; readonly workspace: Workspace };

export type Admitted = Authenticated & { readonly rate: RateState; readonly withinRate: boolean };

export type Parsed = Admitted & {
  readonly body: JsonObject;
  readonly asked: Asked;
  /** Undefined without an `Idempotency-Key`. */
  readonly identity: RequestIdentity | undefined;
  /** Only requests with an `Idempotency-Key` have one, and only while they run. */
  readonly claim?: Claim;
  /** Only of a request that goes on from a kept response; `body` then has the whole conversation. */
  readonly earlier?: Earlier;
};

export type Resolved = Parsed & {
  readonly stack: ResolvedStack;
  /** The stack's policy with the request's overrides applied. */
  readonly policy: StackPolicy;
  readonly untrustedContent: boolean;
};

export type Planned = Resolved & {
  readonly plan: Plan;
  readonly highStakes: boolean;
  /** What the conversation is remembered by; absent where the stack keeps none. */
  readonly session?: string;
  /** Who answered it before. */
  readonly pin?: SessionPin;
};

export type OpenedHold = HoldSize & {
  readonly caps: readonly Cap[];
  /** Unix milliseconds; as it was opened, before renewals. */
  readonly expiresAt: number;
  /** Less than the output limit when the hold is to grow while the answer streams. */
  readonly coveredOutputTokens: number;
};

export type Reserved = Planned & {
  /** Undefined for test keys, which spend nothing. */
  readonly hold: OpenedHold | undefined;
  /** The output limit of the first candidate. */
  readonly outputTokenLimit: number;
};

/**
 * The next stage: what is known already and what a step found out. The same object grows from stage to stage, since a
 * request is at one of them at a time and copying it seven times would be the dearest part of the ladder.
 */
export function advance<From extends Received, Found extends object>(stage: From, found: Found): From & Found {
  return Object.assign(stage, found);
}

/** Any stage: what a journal may have reached when a request ends. */
export type Stage = Received & Partial<Reserved>;
