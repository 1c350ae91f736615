// The body of a whole answer as a JSON object, within bounds of size and depth.

import { isTooDeep, parseObject, type JsonObject } from "../../contracts/json.ts";
import { ProviderFailure } from "../provider.ts";
import { maxAnswerBytes, readText } from "./bounded-body.ts";

/** @throws ProviderFailure provider_error when the body is too large, too deep or no object. */
export async function readAnswerObject(response: Response): Promise<JsonObject> {
  const { text, whole } = await readText(response, maxAnswerBytes);
  if (!whole) throw malformed(`the upstream's answer exceeds ${maxAnswerBytes} bytes`);
  const body = parseObject(text);
  if (body === undefined) throw malformed("the upstream's answer is not a JSON object");
  if (isTooDeep(body, text.length)) throw malformed("the upstream's answer is nested too deeply");
  return body;
}

function malformed(message: string): ProviderFailure {
  return new ProviderFailure("provider_error", message);
}
