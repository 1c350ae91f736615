// The Responses API as clients speak it to the gateway: `POST /v1/responses`.

import { objectAt, parseObject, type JsonObject } from "../../contracts/json.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import { openingOf } from "../opening.ts";
import type { ClientProtocol } from "../protocol.ts";
import { continued, inputItems, outputItems, resumable } from "./earlier-turns.ts";
import { encodeAnswer } from "./encode-answer.ts";
import { encodeStream } from "./encode-stream.ts";
import { passStream } from "./pass-stream.ts";
import { passAnswer, passBody, withInstruction } from "./pass-through.ts";
import { readRequest } from "./read.ts";
import { toGeneratePrompt } from "./to-prompt.ts";

export const responsesProtocol: ClientProtocol = {
  name: "responses",
  read: readRequest,
  toPrompt: toGeneratePrompt,
  passBody,
  withInstruction,
  opening: (body) => openingOf(body, body.input),
  encodeAnswer,
  passAnswer,
  encodeStream,
  passStream,
  keeping: { continued, resumable, inputItems, answerIn },
};

/** Some upstreams end their streams without saying again what they answered. */
function answerIn(events: readonly ServerSentEvent[]): JsonObject | undefined {
  const last = events.at(-1);
  const response = last && objectAt(parseObject(last.data) ?? {}, "response");
  return response && outputItems(response).length > 0 ? response : undefined;
}
