// Does structured output have the structure asked for: JSON that parses, satisfies the schema, and tool arguments that
// fit their tools?

import { isObject, parseJson, type JsonObject } from "../contracts/json.ts";
import type { ToolCallPart } from "../conversation/prompt.ts";
import { checkSchema } from "./check-schema.ts";
import { failed, notRun, passed, type CheckedAnswer, type Finding } from "./finding.ts";

/**
 * Undefined where no JSON is due: plain text, a turn that calls tools or declines instead of answering, or an answer cut
 * at its limit. Another model would be cut there too; that it was cut is the finding of `complete`.
 */
export function checkJson(checked: CheckedAnswer): Finding | undefined {
  if (!isJsonDue(checked)) return undefined;
  const value = parseJson(checked.text);
  if (value === undefined) return isCut(checked) ? undefined : failed("the text is not JSON");
  if (checked.format === "json_object" && !isObject(value)) return failed("the JSON is not an object");
  return passed;
}

/** Undefined without a schema, and for text that is not JSON: that is `checkJson`'s finding. */
export function checkOutputSchema(checked: CheckedAnswer): Finding | undefined {
  if (checked.outputSchema === undefined || !isJsonDue(checked)) return undefined;
  const value = parseJson(checked.text);
  if (value === undefined) return undefined;
  const outcome = checkSchema(checked.outputSchema, value);
  if (outcome.kind === "satisfied") return passed;
  return outcome.kind === "violated" ? failed(outcome.detail) : notRun(outcome.detail);
}

/** Undefined when no tool is called. */
export function checkToolArguments(checked: CheckedAnswer): Finding | undefined {
  const calls = checked.answer.parts.filter((part) => part.type === "tool-call");
  if (calls.length === 0) return undefined;
  let unchecked: Finding | undefined;
  for (const call of calls) {
    const finding = checkCall(call, checked.toolSchemas);
    if (finding.outcome === "failed" && isCut(checked)) continue;
    if (finding.outcome === "failed") return finding;
    if (finding.outcome === "not_run") unchecked ??= finding;
  }
  return unchecked ?? passed;
}

function checkCall(call: ToolCallPart, schemas: ReadonlyMap<string, JsonObject | undefined>): Finding {
  if (!schemas.has(call.name)) return failed(`${call.name} is not a tool of the request`);
  const schema = schemas.get(call.name);
  // A tool without a schema may be a custom one, whose input is free text.
  if (schema === undefined) return passed;
  // Providers write the arguments of a tool that has none as an empty text.
  const value = parseJson(call.arguments.trim() === "" ? "{}" : call.arguments);
  if (!isObject(value)) return failed(`the arguments of ${call.name} are not a JSON object`);
  const outcome = checkSchema(schema, value);
  if (outcome.kind === "satisfied") return passed;
  const detail = `${call.name}: ${outcome.detail}`;
  return outcome.kind === "violated" ? failed(detail) : notRun(detail);
}

function isCut({ answer }: CheckedAnswer): boolean {
  return answer.finish === "length";
}

function isJsonDue(checked: CheckedAnswer): boolean {
  if (checked.format === "text" || checked.embeddingInputs > 0) return false;
  const { answer, text } = checked;
  const instead =
    answer.finish === "tool_calls" || answer.parts.some((part) => part.type === "tool-call" || part.type === "refusal");
  return !(instead && text.trim() === "");
}
