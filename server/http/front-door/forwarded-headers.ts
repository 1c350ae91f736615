// Headers on their way through the front door: what belongs to one connection stays there, our own cookies stay with us, and
// the agent learns who asked.

/** About a connection, not about the message on it. */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
const forwarding = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];
/** Cookies of this server, whatever comes before or after. */
const ownCookie = /^(?:__host-|__secure-)?astrolabe/i;

export type Asker = {
  /** Address of the client; undefined when it is not known. */
  readonly address: string | undefined;
  readonly host: string;
  readonly scheme: "http" | "https";
};

/** What the agent gets. */
export function headersForAgent(headers: Headers, asker: Asker): Headers {
  const sent = withoutHopByHop(headers);
  for (const name of forwarding) sent.delete(name);
  if (asker.address !== undefined) sent.set("x-forwarded-for", asker.address);
  sent.set("x-forwarded-host", asker.host);
  sent.set("x-forwarded-proto", asker.scheme);
  sent.set("host", asker.host);
  const cookies = (headers.get("cookie") ?? "").split(";").filter((pair) => pair.trim() !== "");
  const theirs = cookies.filter((pair) => !ownCookie.test(pair.trim()));
  if (theirs.length === 0) sent.delete("cookie");
  else sent.set("cookie", theirs.map((pair) => pair.trim()).join("; "));
  return sent;
}

/** What the client gets. An agent sets cookies for its own host alone, and none that look like ours. */
export function headersForClient(headers: Headers): Headers {
  const sent = withoutHopByHop(headers);
  sent.delete("set-cookie");
  for (const cookie of headers.getSetCookie()) {
    if (!ownCookie.test(cookie.trim())) sent.append("set-cookie", cookie.replaceAll(/;\s*domain\s*=[^;]*/gi, ""));
  }
  return sent;
}

export function withoutHopByHop(headers: Headers): Headers {
  const sent = new Headers(headers);
  const named = (headers.get("connection") ?? "").split(",").map((name) => name.trim().toLowerCase());
  for (const name of [...hopByHop, ...named]) if (/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) sent.delete(name);
  return sent;
}

/** The value of a cookie; undefined when there is none. */
export function cookieOf(headers: Headers, name: string): string | undefined {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
