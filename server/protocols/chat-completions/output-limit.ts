// Under which name the output limit travels: Chat Completions has had three of them.

import type { JsonObject } from "../../contracts/json.ts";
import { outputLimitField } from "../chat-wire.ts";
import { optionalPositiveInteger } from "../request-fields.ts";

/** The names callers use. `max_output_tokens` is not of this protocol, but callers of both endpoints send it. */
const callerNames = ["max_completion_tokens", "max_tokens", "max_output_tokens"] as const;
/**
 * The caller's limit in tokens, the smallest when it sent several; undefined when it set none.
 * @throws GatewayError invalid_request naming the field.
 */
export function readOutputLimit(body: JsonObject): number | undefined {
  let smallest: number | undefined;
  for (const name of callerNames) {
    const limit = optionalPositiveInteger(body, name);
    if (limit !== undefined && (smallest === undefined || limit < smallest)) smallest = limit;
  }
  return smallest;
}

/**
 * Puts the one limit into `body`, under the caller's own name where the upstream's model knows it. The other names go,
 * so that no upstream can read a larger limit than the one that is paid for.
 */
export function setOutputLimit(body: JsonObject, upstreamModel: string, maxOutputTokens: number | undefined): void {
  const field =
    typeof body.max_completion_tokens === "number" ? "max_completion_tokens" : outputLimitField(upstreamModel);
  for (const name of callerNames) delete body[name];
  if (maxOutputTokens !== undefined) body[field] = maxOutputTokens;
}
