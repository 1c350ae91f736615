// Validates the fields of a Messages request that the gateway itself reads; everything else is the upstream's business.

import { GatewayError, invalidField } from "../../contracts/errors.ts";
import { isObject, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import { readOverrides } from "../../contracts/overrides.ts";
import type { Asked } from "../protocol.ts";
import {
  given,
  objectArray,
  optionalBoolean,
  optionalObject,
  optionalPositiveInteger,
  readModel,
  unsupported,
} from "../request-fields.ts";
import { messagesFeatures } from "./features.ts";
import { readSchema } from "./output-format.ts";

const mostTools = 1_024;
const roles: ReadonlySet<Json | undefined> = new Set(["user", "assistant", "system"]);
/** Tools that the provider would run: outside the stack's tool policy, at prices and with input that nothing bounds. */
const providerTools = /^(?:web_search|web_fetch|code_execution|tool_search_tool|advisor)_|^mcp_toolset$/;

/** @throws GatewayError invalid_request naming the field. */
export function readMessagesRequest(body: JsonObject, bodyBytes: number): Asked {
  const maxOutputTokens = optionalPositiveInteger(body, "max_tokens");
  if (maxOutputTokens === undefined) throw invalidField("max_tokens", "a whole number of at least 1");
  return { ...readCountRequest(body, bodyBytes), maxOutputTokens };
}

/** Everything but the output limit, which counting does not need. @throws GatewayError invalid_request naming the field. */
export function readCountRequest(body: JsonObject, bodyBytes: number): Asked {
  refuseState(body);
  const messages = readTurns(body.messages);
  checkSystem(body.system);
  const tools = readTools(body);
  checkToolChoice(body.tool_choice);
  checkStopSequences(body.stop_sequences);
  const schema = readSchema(body);
  const { overrides, warnings } = readOverrides(optionalObject(body, "metadata")?.astrolabe);
  return {
    model: readModel(body),
    stream: optionalBoolean(body, "stream") ?? false,
    choices: 1,
    overrides,
    warnings,
    features: messagesFeatures(
      body,
      messages,
      [...tools.keys()],
      schema === undefined ? "text" : "json_schema",
      bodyBytes,
    ),
    ...(schema === undefined ? {} : { outputSchema: schema }),
    toolSchemas: tools,
  };
}

/** What refers to something kept at a provider, or lets it call others, cannot be bounded or answered for. */
function refuseState(body: JsonObject): void {
  const servers = given(body, "mcp_servers");
  if (servers !== undefined && !(Array.isArray(servers) && servers.length === 0)) {
    throw unsupported("mcp_servers", "`mcp_servers` is not supported: connect to the servers in your own client.");
  }
  for (const field of ["container", "thread"]) {
    if (given(body, field) === undefined) continue;
    throw unsupported(field, `\`${field}\` is not supported: nothing is kept between requests.`);
  }
}

function readTurns(messages: Json | undefined): JsonObject[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalidField("messages", "a non-empty array of messages");
  }
  return messages.map((message, index) => {
    const path = `messages[${index}]`;
    if (!isObject(message) || !roles.has(message.role)) {
      throw invalidField(`${path}.role`, "`user`, `assistant` or `system`");
    }
    checkContent(message.content, `${path}.content`);
    return message;
  });
}

function checkContent(content: Json | undefined, path: string): void {
  if (typeof content === "string") return;
  if (!Array.isArray(content)) throw invalidField(path, "text or an array of content blocks");
  content.forEach((block, index) => {
    if (isObject(block) && typeof block.type === "string") return;
    throw invalidField(`${path}[${index}].type`, "the block's type, such as `text` or `image`");
  });
}

function checkSystem(system: Json | undefined): void {
  if (system === undefined || system === null || typeof system === "string") return;
  checkContent(system, "system");
}

/** Names of all tools, with their argument schemas where they state one. */
function readTools(body: JsonObject): Map<string, JsonObject | undefined> {
  const tools = new Map<string, JsonObject | undefined>();
  const listed = objectArray(body, "tools");
  if (listed.length > mostTools) throw invalidField("tools", `an array of at most ${mostTools} tools`);
  listed.forEach((tool, index) => {
    const path = `tools[${index}]`;
    const type = stringAt(tool, "type") ?? "custom";
    if (providerTools.test(type)) throw runByProvider(`${path}.type`, type);
    const name = stringAt(tool, "name") ?? (type === "custom" ? undefined : type);
    if (name === undefined || name === "") throw invalidField(`${path}.name`, "the tool's name");
    tools.set(name, optionalObject(tool, "input_schema", `${path}.input_schema`));
  });
  return tools;
}

function runByProvider(param: string, type: string): GatewayError {
  const message = `\`${type.slice(0, 80)}\` is a tool that the provider runs itself, which this gateway does not offer.`;
  const hint =
    "Give the model a tool of your own for it and run it in your client; such tools have a name and a schema.";
  return new GatewayError("invalid_request", message, { param, hint });
}

function checkToolChoice(choice: Json | undefined): void {
  if (choice === undefined || choice === null) return;
  if (isObject(choice) && typeof choice.type === "string") return;
  throw invalidField("tool_choice", "an object whose `type` is `auto`, `any`, `tool` or `none`");
}

function checkStopSequences(sequences: Json | undefined): void {
  if (sequences === undefined || sequences === null) return;
  if (Array.isArray(sequences) && sequences.every((text) => typeof text === "string")) return;
  throw invalidField("stop_sequences", "an array of texts");
}
