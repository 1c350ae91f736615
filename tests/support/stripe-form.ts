// Bodies as Stripe's API takes them: form-encoded, with brackets for what is nested.

import { isObject, type Json, type JsonObject } from "../../server/contracts/json.ts";

/** `a[b][0]=c` becomes `{ a: { b: { "0": "c" } } }`; every value stays text. */
export function readForm(body: string): JsonObject {
  const form: JsonObject = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.replaceAll("]", "").split("[");
    let at = form;
    for (const part of path.slice(0, -1)) {
      const next: Json | undefined = at[part];
      const inner: JsonObject = isObject(next) ? next : {};
      at[part] = inner;
      at = inner;
    }
    at[path.at(-1) ?? ""] = value;
  }
  return form;
}

/** Whole cents out of a form. @throws Error for anything else */
export function centsIn(form: JsonObject, field: string): number {
  const text = form[field];
  if (typeof text !== "string" || !/^\d+$/.test(text)) throw new Error(`${field} must be a whole number.`);
  return Number(text);
}
