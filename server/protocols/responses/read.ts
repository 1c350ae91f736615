// Validates a Responses request as far as the gateway reads it, and collects what routing needs. All other fields are
// the upstream's business and stay untouched.

import { stringAt, type JsonObject } from "../../contracts/json.ts";
import { readOverrides } from "../../contracts/overrides.ts";
import { bodyTokenBound } from "../body-bound.ts";
import type { Asked, AskedKeeping } from "../protocol.ts";
import { readInputFeatures } from "./features.ts";
import { inputOf } from "./input-items.ts";
import { isLegacyFormatIgnored, outputFormatOf } from "./output-format.ts";
import {
  given,
  objectArray,
  optionalBoolean,
  optionalObject,
  optionalPositiveInteger,
  optionalString,
  readModel,
  requiredString,
  unsupported,
} from "../request-fields.ts";

/**
 * @param bodyBytes length of the raw body in bytes.
 * @throws GatewayError invalid_request with the field's path as `param`.
 */
export function readRequest(body: JsonObject, bodyBytes: number): Asked {
  const keeping = readKeeping(body, bodyBytes);
  const model = readModel(body);
  optionalString(body, "instructions");
  const maxOutputTokens = optionalPositiveInteger(body, "max_output_tokens");
  const { overrides, warnings } = readOverrides(optionalObject(body, "metadata")?.["astrolabe"]);
  const format = outputFormatOf(body);
  const { inlineDataLength, inlineData, ...inputFeatures } = readInputFeatures(inputOf(body));
  const textBytes = Math.max(0, bodyBytes - inlineDataLength);
  const { toolNames, toolSchemas } = readTools(body);
  return {
    model,
    stream: optionalBoolean(body, "stream") ?? false,
    choices: 1,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    overrides,
    warnings: [...warnings, ...ignoredFields(body)],
    features: {
      ...inputFeatures,
      textBytes,
      textTokenBound: bodyTokenBound(body, textBytes, inlineData),
      toolNames,
      toolsUsable: body["tool_choice"] !== "none",
      parallelToolCalls: body["parallel_tool_calls"] === true,
      format: format?.type ?? "text",
      reasoningRequested: isReasoningRequested(body),
      embeddingInputs: 0,
    },
    ...(keeping ? { keeping } : {}),
    ...(format?.type === "json_schema" ? { outputSchema: format.schema } : {}),
    toolSchemas,
  };
}

/** Undefined for a request that asks for no keeping and goes on from nothing that was kept. */
function readKeeping(body: JsonObject, bodyBytes: number): AskedKeeping | undefined {
  if (given(body, "conversation") !== undefined) {
    throw unsupported("conversation", "`conversation` is not supported. Use `previous_response_id` instead.");
  }
  if (optionalBoolean(body, "background") === true) {
    throw unsupported("background", "`background` is not supported. Use `stream` instead.");
  }
  const store = optionalBoolean(body, "store") ?? false;
  const previous = optionalString(body, "previous_response_id");
  if (!store && previous === undefined) return undefined;
  return { store, bodyBytes, ...(previous === undefined ? {} : { previous }) };
}

/** What is accepted for compatibility and changes nothing, for the trace. */
function ignoredFields(body: JsonObject): string[] {
  return isLegacyFormatIgnored(body) ? ["response_format was ignored because text.format is set"] : [];
}

function isReasoningRequested(body: JsonObject): boolean {
  const reasoning = optionalObject(body, "reasoning");
  if (!reasoning) return false;
  const effort = given(reasoning, "effort");
  return effort === undefined ? given(reasoning, "summary") !== undefined : effort !== "none";
}

/** Names for the router and argument schemas by name. A hosted tool has no name of its own: its type stands for it. */
function readTools(body: JsonObject): Pick<Asked, "toolSchemas"> & { toolNames: string[] } {
  const toolNames: string[] = [];
  const toolSchemas = new Map<string, JsonObject | undefined>();
  for (const { tool, path } of toolsOf(body)) {
    const type = requiredString(tool, "type", `${path}.type`);
    if (type !== "function") {
      const name = stringAt(tool, "name") ?? type;
      toolNames.push(name);
      // Its input is free text, so there is no schema; but a call of it is a call of a tool of the request.
      if (type === "custom") toolSchemas.set(name, undefined);
      continue;
    }
    const name = requiredString(tool, "name", `${path}.name`);
    toolNames.push(name);
    toolSchemas.set(name, optionalObject(tool, "parameters", `${path}.parameters`));
  }
  return { toolNames, toolSchemas };
}

/** Every declared tool; those inside a namespace follow it. */
function toolsOf(body: JsonObject): { tool: JsonObject; path: string }[] {
  return objectArray(body, "tools").flatMap((tool, index) => {
    const path = `tools[${index}]`;
    const inner = tool["type"] === "namespace" ? objectArray(tool, "tools", `${path}.tools`) : [];
    return [{ tool, path }, ...inner.map((nested, at) => ({ tool: nested, path: `${path}.tools[${at}]` }))];
  });
}
