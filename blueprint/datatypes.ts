// Whether a text is a value of a datatype. Environment variables are text; this is what the agent makes of them.

import type { Datatype } from "./blueprint.ts";

const truths = ["true", "false", "1", "0"];

/** What is wrong, to follow the value's name in a sentence; undefined when nothing is. Lists may also be written with commas. */
export function datatypeProblem(datatype: Datatype, text: string): string | undefined {
  switch (datatype) {
    case "boolean":
      return truths.includes(text.toLowerCase()) ? undefined : "must be `true` or `false`";
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? undefined : "must be a number";
    case "object":
      return looksLikeObject(text) ? undefined : "must be a JSON object: `{ ... }`";
    case "array":
    case "string":
    default:
      return undefined;
  }
}

/** By its braces: what stands between them is for the agent to read. */
function looksLikeObject(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.startsWith("{") && trimmed.endsWith("}");
}
