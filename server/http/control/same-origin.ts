// Keeps other sites from acting through a visitor's browser: it sends the session's cookie along with whatever they make
// it send, so a call that changes something has to prove that our own pages made it.

import { GatewayError } from "../../contracts/errors.ts";

/**
 * For calls other than GET that come with a cookie.
 * @param publicUrl how others reach the server; a browser may also use the address that the request names itself.
 * @throws GatewayError forbidden
 */
export function requireSameOrigin(headers: Headers, publicUrl: string): void {
  if (!isSameOrigin(headers, publicUrl)) {
    throw new GatewayError("forbidden", "A session's cookie counts only for calls from this server's own pages.");
  }
  const contentType = headers.get("content-type");
  const hasBody = headers.has("transfer-encoding") || !["0", null].includes(headers.get("content-length"));
  if ((hasBody || contentType !== null) && !/^application\/json\s*(?:;|$)/i.test(contentType ?? "")) {
    throw new GatewayError("forbidden", "Send `Content-Type: application/json`: forms of other sites cannot.");
  }
}

/** Browsers say where a call comes from, and no page can make them lie; older ones say it by `Origin` alone. */
function isSameOrigin(headers: Headers, publicUrl: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin") ?? "";
  if (!URL.canParse(origin)) return false;
  if (origin === new URL(publicUrl).origin) return true;
  const { protocol, host } = new URL(origin);
  return /^https?:$/.test(protocol) && host === headers.get("host");
}
