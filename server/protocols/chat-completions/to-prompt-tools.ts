// Tools, tool choice and output format of a chat request in neutral terms.

import { invalidField } from "../../contracts/errors.ts";
import { arrayAt, isObject, objectAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import type { OutputFormat, Tool, ToolChoice } from "../../conversation/prompt.ts";

/** @throws GatewayError invalid_request for tools other than functions. */
export function readTools(body: JsonObject): Tool[] {
  const tools = (arrayAt(body, "tools") ?? []).map((tool, index) => {
    const definition = isObject(tool) && tool.type === "function" ? objectAt(tool, "function") : undefined;
    const name = definition === undefined ? undefined : stringAt(definition, "name");
    if (definition === undefined || name === undefined) {
      throw invalidField(`tools[${index}].type`, "`function` for the chosen model");
    }
    const description = stringAt(definition, "description");
    const parameters = objectAt(definition, "parameters");
    return {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(typeof definition.strict === "boolean" ? { strict: definition.strict } : {}),
    };
  });
  const allowed = allowedToolNames(body.tool_choice);
  return allowed === undefined ? tools : tools.filter((tool) => allowed.has(tool.name));
}

/** `allowed_tools` narrows the list and has a mode of its own; both are carried over by narrowing here. */
function allowedToolNames(choice: Json | undefined): ReadonlySet<string> | undefined {
  const allowed = isObject(choice) && choice.type === "allowed_tools" ? objectAt(choice, "allowed_tools") : undefined;
  if (allowed === undefined) return undefined;
  const names = (arrayAt(allowed, "tools") ?? []).map((tool) => {
    const definition = isObject(tool) ? objectAt(tool, "function") : undefined;
    return definition === undefined ? undefined : stringAt(definition, "name");
  });
  return new Set(names.filter((name) => name !== undefined));
}

/** @throws GatewayError invalid_request for choices that name anything but a function. */
export function readToolChoice(choice: Json | undefined): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === "auto" || choice === "none" || choice === "required") return choice;
  if (isObject(choice) && choice.type === "function") {
    const definition = objectAt(choice, "function");
    const name = definition === undefined ? undefined : stringAt(definition, "name");
    if (name === undefined) throw invalidField("tool_choice.function.name", "the name of a tool");
    return { name };
  }
  if (isObject(choice) && choice.type === "allowed_tools") {
    return objectAt(choice, "allowed_tools")?.mode === "required" ? "required" : "auto";
  }
  throw invalidField("tool_choice", "`auto`, `none`, `required` or a function for the chosen model");
}

/** Undefined means plain text. @throws GatewayError invalid_request for formats other models do not have. */
export function readFormat(body: JsonObject): OutputFormat | undefined {
  const responseFormat = objectAt(body, "response_format");
  if (responseFormat === undefined || responseFormat.type === "text") return undefined;
  if (responseFormat.type === "json_object") return { type: "json_object" };
  const described = responseFormat.type === "json_schema" ? objectAt(responseFormat, "json_schema") : undefined;
  if (described === undefined) {
    throw invalidField("response_format.type", "`text`, `json_object` or `json_schema` for the chosen model");
  }
  const description = stringAt(described, "description");
  return {
    type: "json_schema",
    name: stringAt(described, "name") ?? "answer",
    schema: objectAt(described, "schema") ?? {},
    ...(description === undefined ? {} : { description }),
    ...(typeof described.strict === "boolean" ? { strict: described.strict } : {}),
  };
}
