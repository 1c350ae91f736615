// The most tokens a request body can become: its strings by the token bound, what stands around them by a fixed figure.
// Inline attachment data is left out, since attachments have a bound of their own.

import type { Json, JsonObject } from "../contracts/json.ts";
import { tokenBound } from "../routing/token-bound.ts";

/** Inline data by the content part that holds it. */
export type InlineData = ReadonlyMap<JsonObject, string>;

/** Quotes, colon and comma around a member, and the line break and indentation that some vendors write schemas with. */
const memberTokens = 4;
const elementTokens = 1;
/** A number is written with one to three digits, or with as many signs as a double can take. */
const shortNumberTokens = 3;
const longNumberTokens = 24;

/** @param textBytes bytes of the body without the inline data: the bound never exceeds them. */
export function bodyTokenBound(body: JsonObject, textBytes: number, inline: InlineData): number {
  let sum = 0;
  for (const field in body) {
    const value = body[field];
    // Settings of the call, the output limit among them, are not read by the model.
    if (typeof value === "number" || typeof value === "boolean") continue;
    sum += memberTokens + tokenBound(field) + valueBound(value, inline, undefined);
  }
  return Math.min(textBytes, sum);
}

/** @param data of the part that the value belongs to. */
function valueBound(value: Json | undefined, inline: InlineData, data: string | undefined): number {
  if (typeof value === "string") return value === data ? 0 : tokenBound(value);
  if (typeof value === "number") return isShort(value) ? shortNumberTokens : longNumberTokens;
  if (typeof value !== "object" || value === null) return 1;
  let sum = 1;
  if (Array.isArray(value)) {
    for (const element of value) sum += elementTokens + valueBound(element, inline, data);
    return sum;
  }
  const own = inline.size === 0 ? data : (inline.get(value) ?? data);
  for (const key in value) sum += memberTokens + tokenBound(key) + valueBound(value[key], inline, own);
  return sum;
}

function isShort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 1_000;
}
