// Where webhooks may go: public addresses over https, so that an endpoint cannot make the server talk to what only the
// server can reach. A name is judged by what it resolves to, at each attempt, and that very address is connected to.

import { isIP } from "node:net";
import { isPublicAddress, isPublicName } from "../stacks/public-hosts.ts";

const longestUrl = 2_048;

/**
 * What a URL must be to complete "`url` must be ..."; undefined when it can be used.
 * @param allowPrivate also takes http and addresses that are not public: for development.
 */
export function urlFault(text: string, allowPrivate: boolean): string | undefined {
  const expected = allowPrivate ? "an http or https address" : "an https address";
  const url = text.length <= longestUrl && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return `${expected} of at most ${longestUrl} characters`;
  if (url.protocol !== "https:" && !(allowPrivate && url.protocol === "http:")) return expected;
  if (url.username !== "" || url.password !== "") return `${expected} without a user name or password in it`;
  if (allowPrivate) return undefined;
  const host = bareHost(url);
  const reachable = isIP(host) === 0 ? isPublicName(host) : isPublicAddress(host);
  return reachable ? undefined : `${expected} on the public internet`;
}

/** The host without the brackets of an IPv6 address. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "").toLowerCase();
}

export type ResolvedAddress = { readonly address: string; readonly family: number };
/** Every address of a host name. */
export type ResolveHost = (host: string) => Promise<readonly ResolvedAddress[]>;

/** The address to connect to. @throws Error when the name leads nowhere, or to any address that is not public. */
export async function checkedAddress(
  host: string,
  resolve: ResolveHost,
  allowPrivate: boolean,
): Promise<ResolvedAddress> {
  const family = isIP(host);
  const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
  const [first] = addresses;
  if (first === undefined) throw new Error("the host name has no address");
  if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new Error("the host name leads to an address that is not public");
  }
  return first;
}
