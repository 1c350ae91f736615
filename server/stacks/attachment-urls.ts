// Which addresses a request may point a provider to. The provider fetches them, not this server; the check keeps a
// provider inside our network from being sent to internal hosts, and keeps a stack's allowlists.

import { GatewayError } from "../contracts/errors.ts";
import type { StackPolicy } from "../contracts/policy.ts";
import type { Attachment } from "../routing/features.ts";
import { isPublicAddress, isPublicName } from "./public-hosts.ts";

type UrlBoundaries = Pick<StackPolicy["boundaries"], "fileUrlAllowlist" | "imageUrlAllowlist" | "maxUrlParts">;

const urlLengthAtMost = 8_192;

/**
 * Checks every URL among the attachments; those without one (inline data, provider file ids) pass.
 * @throws GatewayError invalid_request with param `input`, naming the URL by its position among the URLs, from 1. The
 * URL itself is not repeated: it may carry a signature.
 */
export function checkAttachmentUrls(attachments: readonly Attachment[], boundaries: UrlBoundaries): void {
  const withUrl = attachments.flatMap(({ kind, url }) => (url === undefined ? [] : [{ kind, url }]));
  if (new Set(withUrl.map(({ url }) => url)).size > boundaries.maxUrlParts) {
    throw refusal(`The stack allows at most ${boundaries.maxUrlParts} different URLs in one request.`);
  }
  for (const [index, { kind, url }] of withUrl.entries()) {
    const allowlist = kind === "image" ? boundaries.imageUrlAllowlist : boundaries.fileUrlAllowlist;
    const problem = urlProblem(url, allowlist);
    if (problem !== undefined) throw refusal(`URL ${index + 1} of the input ${problem}.`);
  }
}

function refusal(message: string): GatewayError {
  return new GatewayError("invalid_request", message, { param: "input" });
}

/** What is wrong with a URL, as the end of a sentence; undefined when it may be fetched. */
function urlProblem(text: string, allowlist: readonly string[]): string | undefined {
  if (text.length > urlLengthAtMost) return `is longer than ${urlLengthAtMost} characters`;
  // Parsers disagree about these, so what we check might not be what the provider fetches.
  if (/[\s\\\p{Cc}]/u.test(text)) return "holds spaces, backslashes or control characters";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return "is not a URL";
  if (url.protocol !== "http:" && url.protocol !== "https:") return "is neither http nor https";
  const authority = writtenAuthority(text);
  if (authority === "") return "names no host after `//`";
  if (authority.includes("@")) return "holds a user name or password";
  const problem = hostProblem(url.hostname, authority);
  if (problem !== undefined) return problem;
  const listed = allowlist.length === 0 || allowlist.some((entry) => matchesEntry(url, entry));
  return listed ? undefined : "is outside the stack's allowlist";
}

function hostProblem(hostname: string, authority: string): string | undefined {
  const host = hostname.replace(/\.$/, "");
  if (host.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(host)) {
    // 0x7f.1, 2130706433 and ０１２７.0.0.1 are all read as dotted addresses; only the plain spelling is taken.
    const written = authority.replace(/:\d*$/, "").toLowerCase();
    if (!host.startsWith("[") && written !== hostname) return "spells its IP address in an unusual way";
    return isPublicAddress(host.replace(/^\[|\]$/g, "")) ? undefined : "points to an address that is not public";
  }
  return isPublicName(host) ? undefined : "points to a host that is not public";
}

/** The part between `//` and the path, as the caller wrote it. */
function writtenAuthority(text: string): string {
  return /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? "";
}

/** An entry with a scheme is an exact origin; a bare host stands for itself and its subdomains, on any port. */
function matchesEntry(url: URL, entry: string): boolean {
  if (entry.includes("://")) return URL.canParse(entry) && new URL(entry).origin === url.origin;
  const host = entry.toLowerCase().replace(/^\*?\./, "");
  const asked = url.hostname.replace(/\.$/, "");
  return host !== "" && (asked === host || asked.endsWith(`.${host}`) || url.host === host);
}
