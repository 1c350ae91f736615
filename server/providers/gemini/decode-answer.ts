// A whole answer as a neutral one: the one piece of a stream that has only one.

import type { JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import { AnswerCollector } from "../../conversation/collect.ts";
import { ProviderFailure } from "../provider.ts";
import { finish, newAnswer, readPiece } from "./decode-stream.ts";

/** @throws ProviderFailure when the body is an error, or no finished answer. */
export function decodeAnswer(body: JsonObject): Answer {
  const state = newAnswer();
  const collector = new AnswerCollector(true);
  for (const part of readPiece(state, body)) collector.add(part);
  if (state.stopped === undefined) {
    throw new ProviderFailure("provider_error", "the upstream's answer is not a finished one");
  }
  for (const part of finish(state)) collector.add(part);
  return collector.answer();
}
