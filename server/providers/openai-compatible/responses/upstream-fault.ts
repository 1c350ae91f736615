// How an upstream's own error, in a response or in a stream, is read: what it says, and whether asking again may help.

import { objectAt, stringAt, type JsonObject } from "../../../contracts/json.ts";
import { ProviderFailure, type FailureKind } from "../../provider.ts";
import { cleanMessage, kindOfWord } from "../../http-provider/upstream-errors.ts";

/** Codes that blame the request: the same request fails the same way everywhere. */
const requestCodes =
  /^(?:invalid_|image_|empty_image|unsupported_image|failed_to_download_image|context_length)|_policy/;

/**
 * @param source a response with an `error`, or an `error` event, whose fields some upstreams nest in `error`.
 */
export function failureIn(source: JsonObject): ProviderFailure {
  const response = objectAt(source, "response") ?? source;
  const error = objectAt(response, "error") ?? objectAt(source, "error") ?? source;
  const said = stringAt(error, "message") ?? "The provider failed without saying why.";
  return new ProviderFailure(kindOfCode(stringAt(error, "code") ?? ""), "the upstream's response failed", {
    upstreamMessage: cleanMessage(said, undefined),
  });
}

function kindOfCode(code: string): FailureKind {
  return kindOfWord(code) ?? (requestCodes.test(code) ? "rejected" : "provider_error");
}

/** The upstream broke the protocol. `what` names the part that is wrong. */
export function malformed(what: string): ProviderFailure {
  return new ProviderFailure("provider_error", `the upstream sent a malformed Responses ${what}`);
}
