// The person behind a request, as the control API knows them, and how they are found by what the request carries.

import type { UserId } from "../contracts/ids.ts";
import type { AccessToken } from "./access-token.ts";

export type SignedInUser = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  /** Whether they run this server: operators may do everything that the operator token may. Never by an access token. */
  readonly isOperator: boolean;
  /** Undefined for those who come with an access token. */
  readonly sessionId: string | undefined;
  /** A browser sends a cookie by itself, so what comes with one has to prove its origin. */
  readonly via: "cookie" | "bearer";
  /** What they came with in the place of a session; it may do less than they may. */
  readonly accessToken?: AccessToken;
};

export type Sessions = {
  /** Undefined when the headers carry no session, or one that has ended. */
  find(headers: Headers): Promise<SignedInUser | undefined>;
};

/** For a server on which nobody can sign in. */
export const noSessions: Sessions = { find: async () => undefined };
