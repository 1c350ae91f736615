// What tells one conversation from another: how it began. Its later turns repeat that word for word.

import { isObject, stringAt, type Json, type JsonObject } from "../contracts/json.ts";
import { headAndTail } from "../routing/features.ts";

const openingCharacters = 4_000;

/**
 * The client's own name for the prompt's prefix (`prompt_cache_key`), where it gives one, and the text of the first turn
 * that the user wrote; undefined when neither is there.
 * @param turns a list of messages or input items, or one text.
 */
export function openingOf(body: JsonObject, turns: Json | undefined): string | undefined {
  const named = stringAt(body, "prompt_cache_key") ?? "";
  const first = typeof turns === "string" ? turns : textOfFirst(Array.isArray(turns) ? turns : []);
  return named === "" && first === "" ? undefined : `${named}\n${headAndTail(first, openingCharacters)}`;
}

function textOfFirst(turns: readonly Json[]): string {
  for (const turn of turns) {
    if (!isObject(turn) || turn["role"] !== "user") continue;
    const { content } = turn;
    if (typeof content === "string") return content;
    if (!Array.isArray(content)) return "";
    return content.flatMap((part) => (isObject(part) ? (stringAt(part, "text") ?? []) : [])).join("\n");
  }
  return "";
}
