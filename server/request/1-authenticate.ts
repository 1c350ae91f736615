// Rung 1: who is asking? The key must exist and its workspace be active. Fails with 401, 403; 503 when unsure.

import { GatewayError } from "../contracts/errors.ts";
import { isAccessToken } from "../identity/access-token.ts";
import type { KeyDirectory } from "./services.ts";
import { advance, type Authenticated, type Received } from "./stages.ts";

export async function authenticate(received: Received, keys: KeyDirectory): Promise<Authenticated> {
  if (received.credential === undefined) throw new GatewayError("unauthorized", "An API key is required.");
  const found = await keys.authenticate(received.credential);
  if (!found) throw refusalOf(received.credential);
  return advance(received, found);
}

function refusalOf(credential: string): GatewayError {
  if (!isAccessToken(credential))
    return new GatewayError("unauthorized", "The API key is unknown, revoked or expired.");
  return new GatewayError("unauthorized", "This is an access token of a person; requests take an API key.", {
    hint: "Send `Authorization: Bearer astrolabe_live_...`: a key of the workspace that pays. Access tokens are for `ast` and the control API.",
  });
}

/** Separate from `authenticate`, so that a refusal here is recorded with its workspace and key. */
export function requireActiveWorkspace({ workspace }: Pick<Authenticated, "workspace">): void {
  if (workspace.status === "suspended") throw new GatewayError("workspace_suspended");
  if (workspace.status === "access_pending") throw new GatewayError("access_pending");
}
