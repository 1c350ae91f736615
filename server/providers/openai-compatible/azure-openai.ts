// Azure OpenAI: OpenAI's protocols at addresses of its own, with deployments for models.

import type { JsonObject } from "../../contracts/json.ts";
import { outputLimitField } from "../../protocols/chat-wire.ts";
import type { Dialect } from "../dialect.ts";
import type { ProviderCall } from "../provider.ts";
import { extendOpenAiBody } from "./openai-body.ts";

/**
 * The dialect at a dated version of the API, where chat and embeddings have an address for each deployment.
 * @param apiVersion undefined: the API v1, whose addresses are OpenAI's.
 */
export function atAzure(dialect: Dialect, apiVersion: string | undefined): Dialect {
  const { path } = dialect;
  if (apiVersion === undefined || typeof path !== "string") return dialect;
  const version = `?api-version=${encodeURIComponent(apiVersion)}`;
  const deployed = dialect.protocol === "chat-completions" || dialect.protocol === "embeddings";
  return {
    ...dialect,
    path: ({ model }) => (deployed ? `/deployments/${encodeURIComponent(model)}${path}${version}` : path + version),
  };
}

/** A deployment's name says nothing of its model, so what depends on the model is set right here. */
export function extendAzureBody(body: JsonObject, call: ProviderCall): JsonObject {
  const extended = extendOpenAiBody(body, call);
  // Chat stores nothing unasked, and earlier versions of the API refuse the field.
  if (body.messages !== undefined && body.store === undefined) delete extended.store;
  const model = call.model.slice(call.model.indexOf("/") + 1);
  if (extended.max_tokens !== undefined && outputLimitField(model) === "max_completion_tokens") {
    extended.max_completion_tokens = extended.max_tokens;
    delete extended.max_tokens;
  }
  return extended;
}
