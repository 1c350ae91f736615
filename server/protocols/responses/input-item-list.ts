// The items that a kept response was made from, page by page: the turns before it with their answers, and its own input.

import { invalidField } from "../../contracts/errors.ts";
import { stringAt, type JsonObject } from "../../contracts/json.ts";
import type { EarlierTurn } from "../../conversation/earlier-turn.ts";

type KeptTurn = EarlierTurn & { readonly requestId: string };

export type ItemPage = {
  /** Most items of the page. */
  readonly limit: number;
  readonly order: "asc" | "desc";
  /** The id of the last item of the page before. */
  readonly after?: string | undefined;
  /** Whether encrypted reasoning is to be in it. */
  readonly encrypted: boolean;
};

/** @param turns oldest first; the last is the response's own. @throws GatewayError invalid_request naming `after`. */
export function inputItemPage(turns: readonly KeptTurn[], { limit, order, after, encrypted }: ItemPage): JsonObject {
  const items = turns.flatMap((turn, index) => [
    ...turn.input.map((item, place) => listed(item, turn.requestId, place)),
    ...(index === turns.length - 1 ? [] : turn.output),
  ]);
  const ordered = order === "asc" ? items : items.reverse();
  const found = after === undefined ? -1 : ordered.findIndex((item) => item["id"] === after);
  if (after !== undefined && found < 0) throw invalidField("after", "the id of an item of this response");
  const data = ordered.slice(found + 1, found + 1 + limit).map((item) => (encrypted ? item : withoutEncrypted(item)));
  return {
    object: "list",
    data,
    first_id: data[0]?.["id"] ?? null,
    last_id: data.at(-1)?.["id"] ?? null,
    has_more: found + 1 + limit < ordered.length,
  };
}

/** An item as the API lists it: with an id, the same each time, and content in parts. */
function listed(item: JsonObject, requestId: string, place: number): JsonObject {
  const type = stringAt(item, "type") ?? "message";
  const prefix = type === "message" ? "msg" : "item";
  const id = stringAt(item, "id") ?? `${prefix}_${requestId.slice("req_".length)}_in_${place}`;
  const { content } = item;
  if (type !== "message" || typeof content !== "string") return { ...item, id, type };
  const part = { type: item["role"] === "assistant" ? "output_text" : "input_text", text: content };
  return { ...item, id, type, content: [part] };
}

function withoutEncrypted(item: JsonObject): JsonObject {
  if (item["encrypted_content"] === undefined) return item;
  const { encrypted_content: _encrypted, ...rest } = item;
  return rest;
}
