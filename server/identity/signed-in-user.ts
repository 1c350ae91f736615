// Who a request comes from, once its session is found.

import type { UserId } from "../contracts/ids.ts";

export type SignedInUser = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  /** Whether this person operates the whole installation. */
  readonly isOperator: boolean;
  readonly sessionId: string;
  /** How the session came: by a browser's cookie, or as a program's bearer token. */
  readonly via: "cookie" | "bearer";
};

export type Sessions = {
  /** The person whose session the headers carry; undefined without one, or when it has ended. */
  find(headers: Headers): Promise<SignedInUser | undefined>;
};
