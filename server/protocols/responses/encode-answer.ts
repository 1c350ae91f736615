// A whole neutral answer as a Response object.

import type { JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { AnswerContext, InlineMetadata } from "../protocol.ts";
import { itemOf, renderItem } from "./output-items.ts";
import { endedState, responseId, responseResource } from "./response-resource.ts";

export function encodeAnswer(answer: Answer, context: AnswerContext, metadata: InlineMetadata): JsonObject {
  const ended = endedState(answer.finish);
  const lastIndex = answer.parts.length - 1;
  const output = answer.parts.map((part, index) =>
    // Only the part that was being written when the answer was cut is itself incomplete.
    renderItem(itemOf(part, context.answerId, index), index === lastIndex ? ended.status : "completed"),
  );
  return responseResource(responseId(answer.id, context), context, { ...ended, output, usage: answer.usage, metadata });
}
