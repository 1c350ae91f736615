// A body that was sent once, back in the form: what the form can say is filled in, anything else stays JSON.

import { bodyOf } from "./request-body.ts";
import { isJsonList, isJsonObject, objectAt, textAt, type JsonObject, type JsonValue } from "./json-text.ts";
import { newRequest, protocols, type PlaygroundRequest, type Turn } from "./playground-request.ts";

export function protocolNamed(name: string | undefined): PlaygroundRequest["protocol"] {
  const plain = (name ?? "").replaceAll(/[^a-z]/g, "");
  return protocols.find(({ value }) => value.replaceAll("-", "") === plain)?.value ?? "responses";
}

/** Whatever the form cannot say exactly is kept as the JSON that it was. */
export function requestOfBody(protocol: PlaygroundRequest["protocol"], body: JsonObject): PlaygroundRequest {
  const form = formOf(protocol, body);
  const written = bodyOf(form);
  const same = "value" in written && canonical(written.value) === canonical(body);
  return same ? form : { ...form, raw: JSON.stringify(body, undefined, 2) };
}

function formOf(protocol: PlaygroundRequest["protocol"], body: JsonObject): PlaygroundRequest {
  const chat = protocol === "chat-completions";
  const said = chat || protocol === "messages" ? body["messages"] : body["input"];
  const turns = turnsOf(said ?? null);
  const [first] = isJsonList(said) ? said : [];
  const system = chat && isJsonObject(first) && first["role"] === "system" ? textAt(first, "content") : undefined;
  const format =
    objectAt(objectAt(body, "text"), "format") ??
    objectAt(objectAt(body, "response_format"), "json_schema") ??
    objectAt(objectAt(body, "output_config"), "format");
  const schema = objectAt(format, "schema");
  return {
    ...newRequest,
    protocol,
    model: textAt(body, "model") ?? newRequest.model,
    system: system ?? textAt(body, protocol === "messages" ? "system" : "instructions") ?? "",
    turns: turns.length === 0 ? newRequest.turns : turns,
    tools: body["tools"] === undefined ? "" : JSON.stringify(body["tools"], undefined, 2),
    schema: schema === undefined ? "" : JSON.stringify(schema, undefined, 2),
    temperature: numberText(body["temperature"]),
    topP: numberText(body["top_p"]),
    maxOutputTokens: numberText(body["max_output_tokens"] ?? body["max_completion_tokens"] ?? body["max_tokens"]),
    dimensions: numberText(body["dimensions"]),
    stream: body["stream"] === true,
    overrides: { ...objectAt(objectAt(body, "metadata"), "astrolabe") },
  };
}

function turnsOf(said: JsonValue): readonly Turn[] {
  if (typeof said === "string") return [{ role: "user", text: said, images: [] }];
  if (!isJsonList(said)) return [];
  return said.flatMap((item): Turn[] => {
    if (typeof item === "string") return [{ role: "user", text: item, images: [] }];
    if (!isJsonObject(item) || (item["role"] !== "user" && item["role"] !== "assistant")) return [];
    const { content, role } = item;
    if (typeof content === "string") return [{ role, text: content, images: [] }];
    const parts = isJsonList(content) ? content.filter((part) => isJsonObject(part)) : [];
    return [
      {
        role,
        text: parts.map((part) => textAt(part, "text") ?? "").join(""),
        images: parts.flatMap((part) => imageOf(part) ?? []),
      },
    ];
  });
}

function imageOf(part: JsonObject): string | undefined {
  const source = objectAt(part, "source");
  const data = textAt(source, "data");
  if (data !== undefined) return `data:${textAt(source, "media_type") ?? ""};base64,${data}`;
  return textAt(part, "image_url") ?? textAt(objectAt(part, "image_url"), "url") ?? textAt(source, "url");
}

function numberText(value: JsonValue | undefined): string {
  return typeof value === "number" ? String(value) : "";
}

/** The same text for bodies that mean the same. */
function canonical(value: JsonValue | undefined): string {
  if (isJsonList(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value ?? null);
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  return `{${names
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
    .join(",")}}`;
}
