// The embeddings wire dialect: `POST /embeddings`.

import {
  arrayAt,
  isObject,
  numberAt,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
} from "../../../contracts/json.ts";
import type { Answer } from "../../../conversation/answer.ts";
import type { Prompt } from "../../../conversation/prompt.ts";
import { exactUsage } from "../../../conversation/usage.ts";
import { decodeVector } from "../../../protocols/embedding-vectors.ts";
import type { Dialect, StreamDecoder } from "../../dialect.ts";
import { ProviderFailure } from "../../provider.ts";
import { failureOfErrorValue } from "../../http-provider/upstream-errors.ts";

export const embeddingsDialect: Dialect = {
  protocol: "embeddings",
  path: "/embeddings",
  translates: "embed",
  encodeRequest: (prompt, { model }) => encodeRequest(prompt, model),
  decodeAnswer,
  decodeStream,
};

function encodeRequest(prompt: Prompt, model: string): JsonObject {
  if (prompt.kind !== "embed") throw malformed("this dialect embeds only");
  return {
    model,
    input: prompt.inputs.map((input) => (typeof input === "string" ? input : [...input])),
    encoding_format: "float",
    ...(prompt.dimensions === undefined ? {} : { dimensions: prompt.dimensions }),
    ...(prompt.user === undefined ? {} : { user: prompt.user }),
  };
}

/** @throws ProviderFailure provider_error when a vector is missing or is none. */
function decodeAnswer(body: JsonObject): Answer {
  if (body.error !== undefined && body.error !== null) throw failureOfErrorValue(body.error);
  const data = arrayAt(body, "data");
  if (data === undefined || data.length === 0) throw malformed("the upstream's answer has no embeddings");
  const embeddings: (readonly number[])[] = [];
  data.forEach((entry, position) => {
    const vector = isObject(entry) ? readVector(entry.embedding) : undefined;
    if (!isObject(entry) || vector === undefined)
      throw malformed("the upstream's answer has an entry without a vector");
    embeddings[readIndex(entry, position, data.length)] = vector;
  });
  if (Object.keys(embeddings).length !== data.length) throw malformed("the upstream's answer has an index twice");
  const usage = objectAt(body, "usage") ?? {};
  const model = stringAt(body, "model");
  return {
    ...(model === undefined ? {} : { model }),
    parts: [],
    finish: "stop",
    usage: exactUsage({
      inputTokens: numberAt(usage, "prompt_tokens") ?? numberAt(usage, "total_tokens"),
      outputTokens: 0,
    }),
    embeddings,
  };
}

/** Entries say which input they belong to; where they do not, they come in order. */
function readIndex(entry: JsonObject, position: number, count: number): number {
  const index = numberAt(entry, "index") ?? position;
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw malformed("the upstream's answer has a wrong index");
  return index;
}

function readVector(value: Json | undefined): readonly number[] | undefined {
  if (typeof value === "string") return decodeVector(value);
  return Array.isArray(value) && value.length > 0 && isNumbers(value) ? value : undefined;
}

function isNumbers(values: Json[]): values is number[] {
  return values.every((value) => typeof value === "number");
}

function decodeStream(): StreamDecoder {
  throw malformed("embeddings do not stream");
}

function malformed(message: string): ProviderFailure {
  return new ProviderFailure("provider_error", message);
}
