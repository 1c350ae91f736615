// Bodies and answers that go through unchanged, because client and upstream both speak the Responses API: only what
// is between us and the caller is taken out, and our metadata put in.

import { objectAt, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { AnswerContext, InlineMetadata } from "../protocol.ts";
import { textConfigurationOf } from "./output-format.ts";
import { keptIdentity, type Keeping } from "./kept-identity.ts";
import { mergedMetadata } from "./response-resource.ts";

/**
 * The caller's body for an upstream. `response_format`, which the API no longer takes, moves to `text.format`.
 * `maxOutputTokens` undefined leaves the caller's own limit.
 */
export function passBody(body: JsonObject, model: string, maxOutputTokens: number | undefined): JsonObject {
  const { response_format: _legacy, metadata: _metadata, ...rest } = body;
  const text = textConfigurationOf(body);
  return {
    ...rest,
    ...(text === undefined ? {} : { text }),
    // What is to be kept is kept here.
    ...(body["store"] === true ? { store: false } : {}),
    ...upstreamMetadata(body),
    model,
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
  };
}

/** Puts `text` in front of the caller's instructions. */
export function withInstruction(body: JsonObject, text: string): JsonObject {
  const own = stringAt(body, "instructions");
  return { ...body, instructions: own === undefined || own === "" ? text : `${text}\n\n${own}` };
}

export function passAnswer(raw: JsonObject, metadata: InlineMetadata, context: AnswerContext): JsonObject {
  return withMetadata(raw, context, metadata);
}

export type Ended = Pick<AnswerContext, "request"> & Keeping;

/** The upstream's response with the caller's and the routing metadata, and with what is true of its keeping. */
export function withMetadata(response: JsonObject, ended: Ended, metadata: InlineMetadata): JsonObject {
  const merged = mergedMetadata(objectAt(response, "metadata") ?? {}, ended.request, metadata);
  return { ...response, ...keptIdentity(ended, response), metadata: merged };
}

/** The caller's metadata without the overrides meant for us; nothing when nothing is left. */
function upstreamMetadata(body: JsonObject): JsonObject {
  const metadata = mergedMetadata({}, body, undefined);
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}
