// A whole message as a neutral answer.

import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { AssistantPart } from "../../conversation/prompt.ts";
import { claudeRedacted, claudeThinking, finishOf } from "../../protocols/messages-wire.ts";
import { ProviderFailure } from "../provider.ts";
import { failureOfErrorValue } from "../http-provider/upstream-errors.ts";
import { nothingReported, report, usageOf } from "./outcome.ts";

/** @throws ProviderFailure when the body is an error, or no finished message. */
export function decodeAnswer(body: JsonObject): Answer {
  if (body.error !== undefined && body.error !== null) throw failureOfErrorValue(body.error);
  const content = arrayAt(body, "content");
  const stopReason = stringAt(body, "stop_reason");
  if (content === undefined || stopReason === undefined) {
    throw new ProviderFailure("provider_error", "the upstream's answer is not a finished message");
  }
  const reported = nothingReported();
  report(reported, objectAt(body, "usage"));
  const id = stringAt(body, "id");
  const model = stringAt(body, "model");
  return {
    ...(id === undefined ? {} : { id }),
    ...(model === undefined ? {} : { model }),
    parts: content.filter(isObject).flatMap(partsOf),
    finish: finishOf(stopReason),
    usage: usageOf(reported),
  };
}

/** Blocks of tools that the provider ran mean nothing outside this API. */
function partsOf(block: JsonObject): AssistantPart[] {
  switch (block.type) {
    case "text":
      return [{ type: "text", text: stringAt(block, "text") ?? "" }];
    case "thinking":
      return [claudeThinking(stringAt(block, "thinking") ?? "", stringAt(block, "signature") ?? "")];
    case "redacted_thinking":
      return [claudeRedacted(stringAt(block, "data") ?? "")];
    case "tool_use": {
      const name = stringAt(block, "name");
      if (name === undefined) throw new ProviderFailure("provider_error", "the upstream's tool call has no name");
      const callId = stringAt(block, "id") ?? name;
      return [{ type: "tool-call", callId, name, arguments: JSON.stringify(block.input ?? {}) }];
    }
    default:
      return [];
  }
}
