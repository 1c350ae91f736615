// Bodies of Anthropic's Messages for Claude, as they came: by InvokeModel, which knows the same fields, but for where the
// model, the stream and the versions are said. Its stream holds Anthropic's events, each packed into a frame.

import {
  arrayAt,
  isObject,
  objectAt,
  parseObject,
  stringAt,
  type Json,
  type JsonObject,
} from "../../contracts/json.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import { messagesDialect, withoutUnpricedExtras } from "../anthropic/index.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { StreamParser } from "../http-provider/reply-stream.ts";
import { ProviderFailure } from "../provider.ts";
import type { Warn } from "../warn-once.ts";
import { failureOfEvent } from "./bedrock-errors.ts";
import { EventStreamParser } from "./event-stream.ts";

/** The one version that InvokeModel has of the API. */
const bedrockVersion = "bedrock-2023-05-31";
/** Fields of Anthropic's own servers, which the runtime refuses. */
const elsewhere: { readonly [field: string]: string } = {
  service_tier: "the upstream chooses it elsewhere",
  cache_control: "the upstream takes cache marks on blocks only",
};

/** Whether the model takes such bodies. The ARN of a profile does not say so, and is asked by Converse. */
export function takesMessages(upstreamModel: string): boolean {
  return /(?:^|[./])anthropic\.claude/.test(upstreamModel);
}

/** @throws ProviderFailure untranslatable for content that the upstream would have to fetch */
export function invokeBody(body: JsonObject, warn: Warn): JsonObject {
  if (asksToFetch(body.messages, 0)) {
    throw new ProviderFailure("untranslatable", "the upstream fetches no images or files by address or id");
  }
  const { model: _model, stream: _stream, ...rest } = withoutUnpricedExtras(body, warn);
  for (const [field, reason] of Object.entries(elsewhere)) {
    if (rest[field] === undefined) continue;
    warn(`${field} was not sent to the upstream: ${reason}`);
    delete rest[field];
  }
  return { anthropic_version: bedrockVersion, ...rest };
}

/** What the client asks for by header is said in the body here. */
export function betasOf(headers: { readonly [name: string]: string } | undefined): readonly string[] {
  const names = (headers?.["anthropic-beta"] ?? "").split(",").map((name) => name.trim());
  return names.filter((name) => name !== "");
}

/** Results of tools hold content of their own, and nothing is nested deeper. */
const deepestContent = 3;

function asksToFetch(list: Json | undefined, depth: number): boolean {
  if (!Array.isArray(list) || depth > deepestContent) return false;
  return list.filter(isObject).some((entry) => {
    const source = stringAt(objectAt(entry, "source") ?? {}, "type");
    return source === "url" || source === "file" || asksToFetch(arrayAt(entry, "content"), depth + 1);
  });
}

/** Anthropic's events out of the frames, as its own API would send them. */
export function messagesParser(): StreamParser {
  const frames = new EventStreamParser();
  return {
    *push(bytes) {
      for (const event of frames.push(bytes)) yield event.event === "chunk" ? unpacked(event.data) : event;
    },
  };
}

/** Imitations of the runtime send the event itself. */
function unpacked(payload: string): ServerSentEvent {
  const bytes = stringAt(parseObject(payload) ?? {}, "bytes");
  const data = bytes === undefined ? payload : Buffer.from(bytes, "base64").toString("utf8");
  const type = stringAt(parseObject(data) ?? {}, "type");
  if (type === undefined) throw new ProviderFailure("provider_error", "the upstream sent an event without a type");
  return { event: type, data };
}

/** Anthropic's events, and the runtime's exceptions among them. */
export function decodeMessages(): StreamDecoder {
  const decoder = messagesDialect.decodeStream();
  return {
    step(event) {
      const failure = failureOfEvent(event.event ?? "", event.data);
      if (failure !== undefined && event.event !== "error") throw failure;
      return decoder.step(event);
    },
    finish: () => decoder.finish(),
  };
}
