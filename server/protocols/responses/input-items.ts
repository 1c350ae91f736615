// Responses input items as neutral messages: what the assistant did in one turn (reasoning, text, calls) becomes one
// message, because that is what other protocols call a turn.

import { invalidField } from "../../contracts/errors.ts";
import { entryOf, stringAt, type JsonObject } from "../../contracts/json.ts";
import type { AssistantPart, Message, ReasoningPart } from "../../conversation/prompt.ts";
import {
  isUserPart,
  readAssistantContent,
  readSystemContent,
  readUserContent,
  readUserPart,
  type PartPlace,
} from "./input-content.ts";
import { objectArray, optionalString, requiredString, unsupported } from "../request-fields.ts";

const itemReaders: { readonly [type: string]: (item: JsonObject, place: PartPlace) => Message } = {
  message: readMessage,
  reasoning: (item, place) => assistant([readReasoning(item, place)]),
  function_call: readFunctionCall,
  function_call_output: readFunctionCallOutput,
};

/** @throws GatewayError invalid_request for an item that other protocols have no equivalent of. */
export function readInputItems(input: string | readonly JsonObject[], warnings: string[]): Message[] {
  if (typeof input === "string") return [{ role: "user", parts: [{ type: "text", text: input }] }];
  const messages: Message[] = [];
  for (const [index, item] of input.entries()) {
    const message = readItem(item, { path: `input[${index}]`, warnings });
    const previous = messages.at(-1);
    if (message.role === "assistant" && previous?.role === "assistant") {
      messages[messages.length - 1] = assistant([...previous.parts, ...message.parts]);
    } else {
      messages.push(message);
    }
  }
  return messages;
}

function readItem(item: JsonObject, place: PartPlace): Message {
  const type = optionalString(item, "type", `${place.path}.type`) ?? "message";
  const reader = entryOf(itemReaders, type);
  if (reader) return reader(item, place);
  if (isUserPart(item)) return { role: "user", parts: [readUserPart(item, place)] };
  if (type === "item_reference") {
    throw unsupported(
      `${place.path}.id`,
      `\`${place.path}\` refers to a stored item, and only whole responses can be gone on from. Send the item itself.`,
    );
  }
  throw unsupported(
    `${place.path}.type`,
    `\`${place.path}.type\` is \`${type}\`, which only a provider with the Responses API understands.`,
  );
}

function assistant(parts: readonly AssistantPart[]): Message {
  return { role: "assistant", parts };
}

function readMessage(item: JsonObject, place: PartPlace): Message {
  const role = requiredString(item, "role", `${place.path}.role`);
  switch (role) {
    case "user":
      return { role, parts: readUserContent(item, "content", place) };
    case "assistant":
      return assistant(readAssistantContent(item, place));
    case "system":
    case "developer":
      return { role, parts: readSystemContent(item, place) };
    default:
      throw invalidField(`${place.path}.role`, "`user`, `assistant`, `system` or `developer`");
  }
}

function readFunctionCall(item: JsonObject, { path }: PartPlace): Message {
  return assistant([
    {
      type: "tool-call",
      callId: requiredString(item, "call_id", `${path}.call_id`),
      name: requiredString(item, "name", `${path}.name`),
      arguments: requiredString(item, "arguments", `${path}.arguments`),
    },
  ]);
}

function readFunctionCallOutput(item: JsonObject, place: PartPlace): Message {
  const callId = requiredString(item, "call_id", `${place.path}.call_id`);
  return { role: "tool", callId, parts: readUserContent(item, "output", place) };
}

function readReasoning(item: JsonObject, { path }: PartPlace): ReasoningPart {
  const summary = readableText(item, "summary", path);
  const id = optionalString(item, "id", `${path}.id`);
  const encrypted = optionalString(item, "encrypted_content", `${path}.encrypted_content`);
  return {
    type: "reasoning",
    text: summary === "" ? readableText(item, "content", path) : summary,
    ...(encrypted === undefined ? {} : { encrypted }),
    ...(id === undefined ? {} : { id }),
  };
}

function readableText(item: JsonObject, field: string, path: string): string {
  return objectArray(item, field, `${path}.${field}`)
    .flatMap((part) => stringAt(part, "text") ?? [])
    .join("\n\n");
}

/**
 * The conversation so far: a plain string is one user message.
 * @throws GatewayError invalid_request when `input` is missing or neither a string nor an array of objects.
 */
export function inputOf(body: JsonObject): string | readonly JsonObject[] {
  const input = body["input"];
  if (typeof input === "string") return input;
  if (!Array.isArray(input)) throw invalidField("input", "a string or an array of input items");
  return objectArray(body, "input");
}
