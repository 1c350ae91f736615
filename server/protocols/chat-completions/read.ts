// Validates the fields of a chat request that the gateway itself reads; everything else is the upstream's business.

import { invalidField } from "../../contracts/errors.ts";
import { isObject, objectAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import { readOverrides } from "../../contracts/overrides.ts";
import type { RequestFeatures } from "../../routing/features.ts";
import type { Asked } from "../protocol.ts";
import { optionalBoolean, readModel, optionalObject, optionalPositiveInteger } from "../request-fields.ts";
import { chatFeatures } from "./features.ts";
import { readOutputLimit } from "./output-limit.ts";

/** OpenAI's own bound of `n`. */
const mostChoices = 128;
const mostTools = 1_024;

/** @throws GatewayError invalid_request naming the field. */
export function readChatCompletions(body: JsonObject, bodyBytes: number): Asked {
  const messages = readMessages(body.messages);
  const tools = readTools(body);
  checkToolChoice(body.tool_choice);
  optionalBoolean(body, "parallel_tool_calls");
  const { format, schema } = readResponseFormat(body);
  const maxOutputTokens = readOutputLimit(body);
  const { overrides, warnings } = readOverrides(optionalObject(body, "metadata")?.astrolabe);
  return {
    model: readModel(body),
    stream: optionalBoolean(body, "stream") ?? false,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    choices: optionalPositiveInteger(body, "n", mostChoices) ?? 1,
    overrides,
    warnings,
    features: chatFeatures(body, messages, [...tools.keys()], format, bodyBytes),
    ...(schema === undefined ? {} : { outputSchema: schema }),
    toolSchemas: tools,
  };
}

function readMessages(messages: Json | undefined): JsonObject[] {
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalidField("messages", "a non-empty array of messages");
  return messages.map((message, index) => {
    if (!isObject(message)) throw invalidField(`messages[${index}]`, "an object with a `role`");
    if (typeof message.role !== "string" || message.role === "") {
      throw invalidField(`messages[${index}].role`, "a role such as `user`, `assistant`, `system` or `tool`");
    }
    return message;
  });
}

/** Names of all tools, with their argument schemas where they state one; the older `functions` count as tools. */
function readTools(body: JsonObject): Map<string, JsonObject | undefined> {
  const tools = new Map<string, JsonObject | undefined>();
  readToolList(body, "tools").forEach((tool, index) => {
    const type = stringAt(tool, "type");
    if (type === undefined) throw invalidField(`tools[${index}].type`, "a tool type such as `function`");
    const definition = objectAt(tool, type);
    const name = definition === undefined ? undefined : stringAt(definition, "name");
    if (type === "function") addFunction(tools, definition ?? {}, `tools[${index}].function`);
    else tools.set(name ?? type, undefined);
  });
  readToolList(body, "functions").forEach((definition, index) => addFunction(tools, definition, `functions[${index}]`));
  return tools;
}

function readToolList(body: JsonObject, field: string): JsonObject[] {
  const list = body[field];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list) || list.length > mostTools)
    throw invalidField(field, `an array of at most ${mostTools} tools`);
  return list.map((tool, index) => {
    if (!isObject(tool)) throw invalidField(`${field}[${index}]`, "an object");
    return tool;
  });
}

function addFunction(tools: Map<string, JsonObject | undefined>, definition: JsonObject, path: string): void {
  const name = stringAt(definition, "name");
  if (name === undefined || name === "") throw invalidField(`${path}.name`, "the function's name");
  const parameters = definition.parameters;
  if (parameters !== undefined && parameters !== null && !isObject(parameters)) {
    throw invalidField(`${path}.parameters`, "a JSON Schema object");
  }
  tools.set(name, parameters ?? undefined);
}

function checkToolChoice(choice: Json | undefined): void {
  if (choice === undefined || choice === null) return;
  if (choice === "auto" || choice === "none" || choice === "required") return;
  if (isObject(choice) && typeof choice.type === "string") return;
  throw invalidField("tool_choice", "`auto`, `none`, `required` or an object that names a tool");
}

function readResponseFormat(body: JsonObject): {
  format: RequestFeatures["format"];
  schema: JsonObject | undefined;
} {
  const responseFormat = optionalObject(body, "response_format");
  if (responseFormat === undefined) return { format: "text", schema: undefined };
  const type = stringAt(responseFormat, "type");
  if (type === undefined) throw invalidField("response_format.type", "`text`, `json_object` or `json_schema`");
  if (type === "json_object") return { format: "json_object", schema: undefined };
  if (type !== "json_schema") return { format: "text", schema: undefined };
  const described = objectAt(responseFormat, "json_schema");
  if (described === undefined) throw invalidField("response_format.json_schema", "an object with `name` and `schema`");
  const schema = described.schema;
  if (schema !== undefined && schema !== null && !isObject(schema)) {
    throw invalidField("response_format.json_schema.schema", "a JSON Schema object");
  }
  return { format: "json_schema", schema: schema ?? undefined };
}
