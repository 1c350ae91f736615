// How an upstream's own error, in an answer or in a stream, is read: what it says, and whether asking again may help.

import { objectAt, stringAt, type JsonObject } from "../../../contracts/json.ts";
import { ProviderFailure, type FailureKind } from "../../provider.ts";

export type UpstreamFault = {
  /** The upstream's code, `server_error` when it gave none. */
  readonly code: string;
  /** The upstream's words, without secrets, at most 500 characters. */
  readonly message: string;
  readonly kind: FailureKind;
  readonly retryable: boolean;
};

const messageLimit = 500;
/** Upstreams quote the credential they refuse. */
const secrets = /\b(?:[spr]k-[\w*-]{6,}|AIza[\w*-]{6,}|Bearer \S+)/g;

/** Codes that blame the request: the same request fails the same way everywhere. */
const requestCodes =
  /^(?:invalid_|image_|empty_image|unsupported_image|failed_to_download_image|context_length)|_policy/;

/**
 * @param source a response with an `error`, or an `error` event, whose fields some upstreams nest in `error`.
 */
export function readFault(source: JsonObject): UpstreamFault {
  const response = objectAt(source, "response") ?? source;
  const error = objectAt(response, "error") ?? objectAt(source, "error") ?? source;
  const code = stringAt(error, "code") ?? "server_error";
  const said = stringAt(error, "message") ?? "The provider failed without saying why.";
  const kind = kindOf(code);
  return {
    code,
    message: said.replaceAll(secrets, "[redacted]").slice(0, messageLimit),
    kind,
    retryable: kind !== "rejected",
  };
}

function kindOf(code: string): FailureKind {
  if (code === "rate_limit_exceeded") return "rate_limited";
  return requestCodes.test(code) ? "rejected" : "provider_error";
}

export function faultFailure(fault: UpstreamFault): ProviderFailure {
  return new ProviderFailure(fault.kind, "the upstream's response failed", { upstreamMessage: fault.message });
}

/** The upstream broke the protocol. `what` names the part that is wrong. */
export function malformed(what: string): ProviderFailure {
  return new ProviderFailure("provider_error", `the upstream sent a malformed Responses ${what}`);
}
