// A wire dialect: how one upstream API is written and read. A provider is a transport plus its dialects.

import type { JsonObject } from "../contracts/json.ts";
import type { Answer, AnswerPart } from "../conversation/answer.ts";
import type { ServerSentEvent } from "../conversation/events.ts";
import type { Prompt } from "../conversation/prompt.ts";
import type { ProtocolName } from "../protocols/protocol.ts";

/** Where a call goes, below the upstream's base URL: `/responses`, or what the model and the kind of answer make of it. */
export type DialectPath = string | ((to: { readonly model: string; readonly stream: boolean }) => string);

export type Dialect = {
  /** Absent: no client speaks it, so that everything is translated. */
  readonly protocol?: ProtocolName;
  readonly path: DialectPath;
  readonly translates: Prompt["kind"];
  /** The request body for a neutral prompt. `warn` hears of everything that cannot be carried over. */
  encodeRequest(
    prompt: Prompt,
    options: { readonly model: string; readonly maxOutputTokens: number | undefined; readonly stream: boolean },
    warn: (sentence: string) => void,
  ): JsonObject;
  /** @throws ProviderFailure provider_error when the body is not an answer of this dialect. */
  decodeAnswer(body: JsonObject): Answer;
  /** A new decoder for one stream. */
  decodeStream(): StreamDecoder;
};

/**
 * Turns upstream events into neutral parts, one call per event. Emits exactly one `end` or `failed`, last.
 * Malformed events throw ProviderFailure provider_error.
 */
export type StreamDecoder = {
  step(event: ServerSentEvent): readonly AnswerPart[];
  /** Called when the bytes end. @throws ProviderFailure cut when no terminal event has come. */
  finish(): readonly AnswerPart[];
};
