// A request that goes on from a kept response, as if it had brought the whole conversation: the earlier turns' items in
// front of its own. Instructions are not inherited, as the API has it.

import { isObject, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { EarlierTurn, Maker } from "../../conversation/earlier-turn.ts";
import type { Asker } from "../protocol.ts";
import { inputOf } from "./input-items.ts";

/** What an upstream is asked for, so that reasoning can be gone on from without its keeping anything. */
const resumableReasoning = "reasoning.encrypted_content";

/** Items whose ids their makers look up: another one, or the same one without the reasoning before them, refuses them. */
const lookedUp = new Set(["message", "function_call", "custom_tool_call"]);

export function continued(body: JsonObject, turns: readonly EarlierTurn[], asker?: Asker): JsonObject {
  const { previous_response_id: _previous, ...own } = body;
  const earlier = turns.flatMap((turn) => [...turn.input, ...(asker ? outputFor(asker, turn) : turn.output)]);
  return { ...own, input: [...earlier, ...inputItems(body)] };
}

/** The body's own input as items: a text is one message. @throws GatewayError invalid_request naming `input`. */
export function inputItems(body: JsonObject): JsonObject[] {
  const input = inputOf(body);
  return typeof input === "string" ? [{ type: "message", role: "user", content: input }] : [...input];
}

export function resumable(body: JsonObject): JsonObject {
  const include = Array.isArray(body["include"]) ? body["include"] : [];
  return include.includes(resumableReasoning) ? body : { ...body, include: [...include, resumableReasoning] };
}

/**
 * What a turn's answer is to somebody: encrypted reasoning is for its maker alone, and readable reasoning is taken back by
 * no upstream with this API.
 */
function outputFor(asker: Asker, { maker, output }: EarlierTurn): JsonObject[] {
  const own = isSame(maker, asker.maker);
  const kept = output.filter((item) => item["type"] !== "reasoning" || isCarried(item, own, asker.passes));
  if (own && kept.length === output.length) return kept;
  if (kept.length < output.length) {
    asker.warn(`the reasoning of an earlier answer by ${maker.model} was not carried over`);
  }
  return kept.map(withoutLookedUpId);
}

function isCarried(reasoning: JsonObject, own: boolean, passes: boolean): boolean {
  return stringAt(reasoning, "encrypted_content") === undefined ? !passes : own;
}

function withoutLookedUpId(item: JsonObject): JsonObject {
  if (!lookedUp.has(stringAt(item, "type") ?? "")) return item;
  const { id: _id, ...rest } = item;
  return rest;
}

function isSame(one: Maker, other: Maker): boolean {
  return one.model === other.model && one.provider === other.provider;
}

/** The items of a kept response's answer. */
export function outputItems(response: JsonObject): JsonObject[] {
  const { output } = response;
  return Array.isArray(output) ? output.filter(isObject) : [];
}
