// What one policy says otherwise than another, field by field.

import { isObject, type Json } from "../contracts/json.ts";
import type { StackPolicy } from "../contracts/policy.ts";

export type PolicyChange = {
  /** JSON pointer of the field: `/objective/qualityTarget`. Lists are compared as a whole. */
  readonly pointer: string;
  /** Null where the field is not set. */
  readonly before: Json;
  readonly after: Json;
};

/** In the order of the schema; empty for policies that say the same. */
export function policyDifference(before: StackPolicy, after: StackPolicy): PolicyChange[] {
  return changes([], before, after);
}

function changes(path: readonly string[], before: unknown, after: unknown): PolicyChange[] {
  if (isObject(before) && isObject(after)) {
    const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...fields].flatMap((field) => changes([...path, field], before[field], after[field]));
  }
  if (Bun.deepEquals(before, after)) return [];
  return [{ pointer: pointerOf(path), before: jsonOf(before), after: jsonOf(after) }];
}

/** A JSON pointer (RFC 6901): empty for the whole. */
export function pointerOf(path: readonly string[]): string {
  return path.map((field) => `/${field.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** A policy, or a part of one, as the JSON that it is written in. */
export function jsonOf(value: unknown): Json {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (!isObject(value)) return null;
  const written = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(written.map(([key, part]) => [key, jsonOf(part)]));
}
