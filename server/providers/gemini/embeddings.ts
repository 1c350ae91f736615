// The embeddings of this API: one request each for any number of texts, in one call.

import { invalidField } from "../../contracts/errors.ts";
import { arrayAt, isObject, numberAt, objectAt, type Json, type JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { Prompt } from "../../conversation/prompt.ts";
import { exactUsage } from "../../conversation/usage.ts";
import type { Dialect } from "../dialect.ts";
import { ProviderFailure } from "../provider.ts";
import type { Warn } from "../warn-once.ts";
import { resourceName } from "./resource-name.ts";

export const embeddingsDialect: Dialect = {
  path: ({ model }) => `/${resourceName(model)}:batchEmbedContents`,
  translates: "embed",
  encodeRequest: (prompt, { model }, warn) => encodeRequest(prompt, model, warn),
  decodeAnswer,
  decodeStream() {
    throw malformed("embeddings do not stream");
  },
};

/** @throws GatewayError invalid_request for inputs that are tokens of another maker's. */
function encodeRequest(prompt: Prompt, model: string, warn: Warn): JsonObject {
  if (prompt.kind !== "embed") throw malformed("this dialect embeds only");
  if (prompt.user !== undefined) warn("user was not carried over: the upstream has no such parameter");
  const dimensions = prompt.dimensions === undefined ? {} : { outputDimensionality: prompt.dimensions };
  return {
    requests: prompt.inputs.map((input) => {
      if (typeof input !== "string") throw invalidField("input", "text for the chosen model");
      return { model: resourceName(model), content: { parts: [{ text: input }] }, ...dimensions };
    }),
  };
}

/** The usage is unknown where the API does not tell it. @throws ProviderFailure when a vector is missing or is none. */
function decodeAnswer(body: JsonObject): Answer {
  const embeddings = (arrayAt(body, "embeddings") ?? []).map((entry) => {
    const values = isObject(entry) ? arrayAt(entry, "values") : undefined;
    if (values === undefined || values.length === 0 || !areNumbers(values)) {
      throw malformed("the upstream's answer has an entry without a vector");
    }
    return values;
  });
  if (embeddings.length === 0) throw malformed("the upstream's answer has no embeddings");
  const inputTokens = numberAt(objectAt(body, "usageMetadata") ?? {}, "promptTokenCount");
  return { parts: [], finish: "stop", usage: exactUsage({ inputTokens, outputTokens: 0 }), embeddings };
}

function areNumbers(values: Json[]): values is number[] {
  return values.every((value) => typeof value === "number");
}

function malformed(message: string): ProviderFailure {
  return new ProviderFailure("provider_error", message);
}
