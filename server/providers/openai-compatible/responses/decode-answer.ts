// A whole Response object as a neutral answer.

import { arrayAt, stringAt, type JsonObject } from "../../../contracts/json.ts";
import type { Answer } from "../../../conversation/answer.ts";
import { finishOf, isClientCall, outputOf, usageOf } from "./outcome.ts";
import { partsOf } from "./output-items.ts";
import { failureIn, malformed } from "./upstream-fault.ts";

/**
 * @throws ProviderFailure when the response failed (`rate_limited`, `rejected` or `provider_error`, by its code), is
 * unfinished, or is no response at all (`provider_error`).
 */
export function decodeAnswer(body: JsonObject): Answer {
  const status = stringAt(body, "status") ?? "completed";
  if (status === "failed") throw failureIn(body);
  if (status !== "completed" && status !== "incomplete") throw malformed(`answer with status ${status.slice(0, 40)}`);
  if (!arrayAt(body, "output")) throw malformed("answer without output");
  const items = outputOf(body);
  const id = stringAt(body, "id");
  const model = stringAt(body, "model");
  return {
    ...(id === undefined ? {} : { id }),
    ...(model === undefined ? {} : { model }),
    parts: items.flatMap(partsOf),
    finish: finishOf(body, items.some(isClientCall)),
    usage: usageOf(body),
  };
}
