// How a request ended: for the client, and in money.

import type { ErrorCode } from "../contracts/errors.ts";
import type { Usage } from "../conversation/usage.ts";
import type { Picodollars } from "../money/picodollars.ts";
import type { AttemptFacts } from "./6-call-provider.ts";
import type { HoldSize } from "./hold-size.ts";

/** Why a request is not debited; error codes are reasons too. */
export type UnbillableReason =
  ErrorCode | "test_key" | "missing_provider_usage" | "client_disconnected" | "hold_expired" | "idempotent_replay";

export type Ending = {
  readonly httpStatus: number;
  readonly errorCode: ErrorCode | undefined;
  /** Undefined: to be billed. */
  readonly unbillableReason: UnbillableReason | undefined;
  /** The attempt whose answer the client got; undefined when it got none. */
  readonly served: AttemptFacts | undefined;
  /** Of the attempt that served, or of the last one. */
  readonly usage: Usage;
  readonly hold: HoldSize;
};

/** What the client is told of the money. */
export type Billing = { readonly status: "billed" | "unbillable"; readonly debit: Picodollars };
