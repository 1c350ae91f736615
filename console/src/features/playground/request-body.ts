// The body that a protocol takes for what was put together: what is sent, shown and written into code alike.

import type { JsonObject, JsonValue, Read } from "./json-text.ts";
import { readObject } from "./json-text.ts";
import type { PlaygroundRequest, Turn } from "./playground-request.ts";
import { readTools, type Tool } from "./tools.ts";

type Parts = { readonly tools: readonly Tool[]; readonly schema: JsonObject | undefined };

/** @returns what stands in the way where a field cannot be read. */
export function bodyOf(request: PlaygroundRequest): Read<JsonObject> {
  if (request.raw.trim() !== "") return readObject(request.raw);
  const tools = readTools(request.tools);
  if ("problem" in tools) return { problem: `Tools: ${tools.problem}` };
  const schema = request.schema.trim() === "" ? undefined : readObject(request.schema);
  if (schema !== undefined && "problem" in schema) return { problem: `Schema: ${schema.problem}` };
  const parts = { tools: tools.value, schema: schema?.value };
  return { value: withoutAbsent(writers[request.protocol](request, parts)) };
}

const writers = {
  responses: responsesBody,
  "chat-completions": chatBody,
  messages: messagesBody,
  embeddings: embeddingsBody,
} as const;

function responsesBody(request: PlaygroundRequest, { tools, schema }: Parts): JsonObject {
  return {
    model: request.model,
    instructions: textOrAbsent(request.system),
    input: responsesInput(saidTurns(request)),
    tools: tools.length === 0 ? undefined : tools.map((tool) => ({ type: "function", ...toolFields(tool) })),
    text: schema && { format: { type: "json_schema", name: "answer", strict: true, schema } },
    ...sampling(request),
    max_output_tokens: numberOrAbsent(request.maxOutputTokens),
    stream: request.stream || undefined,
    metadata: metadataOf(request),
  };
}

/** One turn of text alone is sent as text, as most people would write it. */
function responsesInput(turns: readonly Turn[]): JsonValue {
  const [first] = turns;
  if (turns.length === 1 && first?.role === "user" && first.images.length === 0) return first.text;
  return turns.map(({ role, text, images }) => {
    if (images.length === 0) return { role, content: text };
    const pictures = images.map((image_url) => ({ type: "input_image", image_url }));
    return { role, content: [{ type: "input_text", text }, ...pictures] };
  });
}

function chatBody(request: PlaygroundRequest, { tools, schema }: Parts): JsonObject {
  const system = textOrAbsent(request.system);
  return {
    model: request.model,
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      ...saidTurns(request).map(({ role, text, images }) => {
        if (images.length === 0) return { role, content: text };
        const pictures = images.map((url) => ({ type: "image_url", image_url: { url } }));
        return { role, content: [{ type: "text", text }, ...pictures] };
      }),
    ],
    tools: tools.length === 0 ? undefined : tools.map((tool) => ({ type: "function", function: toolFields(tool) })),
    response_format: schema && { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
    ...sampling(request),
    max_completion_tokens: numberOrAbsent(request.maxOutputTokens),
    stream: request.stream || undefined,
    stream_options: request.stream ? { include_usage: true } : undefined,
    metadata: metadataOf(request),
  };
}

/** What this protocol, which knows no request without a limit, is sent where none is given. */
const messagesLimit = 1_024;

function messagesBody(request: PlaygroundRequest, { tools, schema }: Parts): JsonObject {
  return {
    model: request.model,
    system: textOrAbsent(request.system),
    messages: saidTurns(request).map(({ role, text, images }) => {
      if (images.length === 0) return { role, content: text };
      const pictures = images.map((url) => ({ type: "image", source: imageSource(url) }));
      return { role, content: [{ type: "text", text }, ...pictures] };
    }),
    tools:
      tools.length === 0
        ? undefined
        : tools.map(({ name, description, parameters }) =>
            withoutAbsent({ name, description, input_schema: parameters }),
          ),
    output_config: schema && { format: { type: "json_schema", schema } },
    ...sampling(request),
    max_tokens: numberOrAbsent(request.maxOutputTokens) ?? messagesLimit,
    stream: request.stream || undefined,
    metadata: metadataOf(request),
  };
}

function imageSource(url: string): JsonObject {
  const inline = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  return inline === null ? { type: "url", url } : { type: "base64", media_type: inline[1], data: inline[2] };
}

/** Every turn is a text to embed. */
function embeddingsBody(request: PlaygroundRequest): JsonObject {
  const texts = saidTurns(request).map(({ text }) => text);
  return {
    model: request.model,
    input: texts.length === 1 ? texts[0] : texts,
    dimensions: numberOrAbsent(request.dimensions),
    metadata: metadataOf(request),
  };
}

/** Without turns that were left empty. */
function saidTurns({ turns }: PlaygroundRequest): readonly Turn[] {
  return turns.filter(({ text, images }) => text.trim() !== "" || images.length > 0);
}

function toolFields({ name, description, parameters }: Tool): JsonObject {
  return withoutAbsent({ name, description, parameters });
}

function sampling({ temperature, topP }: PlaygroundRequest): JsonObject {
  return { temperature: numberOrAbsent(temperature), top_p: numberOrAbsent(topP) };
}

function metadataOf({ overrides }: PlaygroundRequest): JsonObject | undefined {
  const said = withoutAbsent({ ...overrides });
  return Object.keys(said).length === 0 ? undefined : { astrolabe: said };
}

function textOrAbsent(text: string): string | undefined {
  return text.trim() === "" ? undefined : text;
}

/** What cannot be read as a number is left out; the field says so. */
export function numberOrAbsent(text: string): number | undefined {
  const trimmed = text.trim();
  return /^\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}

function withoutAbsent(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
