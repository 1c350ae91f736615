// Embeddings as clients speak them: `POST /v1/embeddings`.

import { GatewayError, invalidField } from "../../contracts/errors.ts";
import { numberAt, stringAt, type JsonObject } from "../../contracts/json.ts";
import { readOverrides } from "../../contracts/overrides.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { EmbedPrompt } from "../../conversation/prompt.ts";
import { headAndTail } from "../../routing/features.ts";
import { tokenBound } from "../../routing/token-bound.ts";
import type { AnswerContext, Asked, ClientProtocol, InlineMetadata } from "../protocol.ts";
import { encodeVector } from "../embedding-vectors.ts";
import {
  optionalBoolean,
  readModel,
  optionalObject,
  optionalPositiveInteger,
  withoutOverrides,
} from "../request-fields.ts";
import { readInputs, type EmbeddingInput } from "./inputs.ts";

const textCharacters = 8_000;

export const embeddingsProtocol: ClientProtocol = {
  name: "embeddings",
  read,
  toPrompt,
  passBody: (body, model) => ({ ...withoutOverrides(body), model }),
  withInstruction: (body) => body,
  encodeAnswer,
  passAnswer: (raw, metadata) => (metadata === undefined ? raw : { ...raw, astrolabe: metadata }),
  encodeStream: neverStreams,
  passStream: neverStreams,
};

function read(body: JsonObject, bodyBytes: number): Asked {
  const inputs = readInputs(body.input);
  if (optionalBoolean(body, "stream") === true)
    throw invalidField("stream", "false or absent: embeddings do not stream");
  const dimensions = optionalPositiveInteger(body, "dimensions");
  const encoding = body.encoding_format;
  if (encoding !== undefined && encoding !== null && encoding !== "float" && encoding !== "base64") {
    throw invalidField("encoding_format", "`float` or `base64`");
  }
  const { overrides, warnings } = readOverrides(optionalObject(body, "metadata")?.astrolabe);
  const first = inputs[0];
  return {
    model: readModel(body),
    stream: false,
    choices: 1,
    overrides,
    warnings,
    features: {
      lastUserText: typeof first === "string" ? headAndTail(first, textCharacters) : "",
      contextText: "",
      textBytes: bodyBytes,
      textTokenBound: Math.min(
        bodyBytes,
        inputs.reduce((sum, input) => sum + inputBound(input), 0),
      ),
      messageCount: 0,
      attachments: [],
      toolNames: [],
      toolsUsable: false,
      parallelToolCalls: false,
      format: "text",
      reasoningRequested: false,
      insideToolExchange: false,
      embeddingInputs: inputs.length,
      ...(dimensions === undefined ? {} : { embeddingDimensions: dimensions }),
    },
    toolSchemas: new Map(),
  };
}

/** Token numbers may be read by another tokenizer than counted them, so only the body's bytes bound them. */
function inputBound(input: EmbeddingInput): number {
  return typeof input === "string" ? tokenBound(input) : Number.POSITIVE_INFINITY;
}

const understood: ReadonlySet<string> = new Set([
  "model",
  "input",
  "dimensions",
  "encoding_format",
  "user",
  "metadata",
  "stream",
]);

function toPrompt(body: JsonObject, warnings: string[]): EmbedPrompt {
  for (const field of Object.keys(body)) {
    if (!understood.has(field)) warnings.push(`${field} was not carried over to the upstream`);
  }
  const dimensions = numberAt(body, "dimensions");
  const user = stringAt(body, "user");
  return {
    kind: "embed",
    inputs: readInputs(body.input),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(user === undefined ? {} : { user }),
  };
}

function encodeAnswer(answer: Answer, context: AnswerContext, metadata: InlineMetadata): JsonObject {
  const asBase64 = context.request.encoding_format === "base64";
  const data = (answer.embeddings ?? []).map((vector, index) => ({
    object: "embedding",
    index,
    embedding: asBase64 ? encodeVector(vector) : [...vector],
  }));
  const { usage } = answer;
  return {
    object: "list",
    data,
    model: context.model,
    ...(usage.kind === "unknown"
      ? {}
      : { usage: { prompt_tokens: usage.inputTokens, total_tokens: usage.inputTokens } }),
    ...(metadata === undefined ? {} : { astrolabe: metadata }),
  };
}

/** `read` refuses streams, so reaching this is a fault of ours. */
function neverStreams(): never {
  throw new GatewayError("internal_error", undefined, { cause: new Error("embeddings were asked to stream") });
}
