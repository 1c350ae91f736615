// A change of one's own account. What takes a fresh session sends its person to sign in again, and back here.

import { useQueryClient } from "@tanstack/react-query";
import { asApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/item.ts";
import { meQuery } from "../../api/me.ts";
import { enter } from "../../api/auth.ts";

export const accountPaths = {
  passkeys: "/api/auth/passkey/list-user-passkeys",
  identities: "/api/auth/list-accounts",
  sessions: "/api/me/sessions",
  tokens: "/api/me/access-tokens",
  events: "/api/me/audit-events",
} as const;

export function useOwnChange<Input, Output>(
  run: (input: Input) => Promise<Output>,
  done?: (output: Output, input: Input) => void,
) {
  const client = useQueryClient();
  return useChange(freshly(run), Object.values(accountPaths), (output, input) => {
    void client.invalidateQueries(meQuery);
    done?.(output, input);
  });
}

/** For changes after which there is nothing left to read. */
export function freshly<Input, Output>(run: (input: Input) => Promise<Output>): (input: Input) => Promise<Output> {
  return async (input) => {
    try {
      return await run(input);
    } catch (thrown) {
      if (isStale(thrown)) enter("/sign-in?next=/account&again=1");
      throw thrown;
    }
  };
}

function isStale(thrown: unknown): boolean {
  const reason = asApiError(thrown).details["reason"];
  return reason === "session_not_fresh" || reason === "session_expired";
}
