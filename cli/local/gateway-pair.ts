// How a local agent reaches the gateway: a development key of the account, and an address that its container can use.

import { developmentKeySchema } from "../api/development-key.ts";
import type { Api } from "../api/api.ts";
import { nobodySignedIn } from "../api/refusal.ts";

export type GatewayPair = {
  /** Ends in `/v1`, as this machine reaches it. */
  readonly url: string;
  readonly apiKey: string;
  /** ISO 8601; undefined for a pair of one's own. */
  readonly expiresAt: string | undefined;
};

/**
 * The account's development key; without a session the pair that the values name.
 * @throws Problem sign_in when there is neither
 */
export async function gatewayPair(api: Api, values: ReadonlyMap<string, string>): Promise<GatewayPair> {
  if (await api.isSignedIn()) {
    const account = await api.account();
    const path = `/api/v1/accounts/${encodeURIComponent(account)}/ai-gateway-keys`;
    const key = await api.read(developmentKeySchema, "POST", path);
    return { url: key.base_url, apiKey: key.api_key, expiresAt: key.expires_at };
  }
  const url = values.get("ASTRO_GATEWAY_URL");
  const apiKey = values.get("ASTRO_GATEWAY_API_KEY");
  if (url && apiKey) return { url, apiKey, expiresAt: undefined };
  throw nobodySignedIn(api.server);
}
