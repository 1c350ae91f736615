// Google's Gemini API, version v1beta. No client speaks it, so everything is translated.

import { numberAt } from "../../contracts/json.ts";
import type { Dialect } from "../dialect.ts";
import type { CountTokensRoute } from "../http-provider/http-provider.ts";
import { ProviderFailure } from "../provider.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { resourceName } from "./resource-name.ts";

export { embeddingsDialect as geminiEmbeddingsDialect } from "./embeddings.ts";
export { extendGeminiBody } from "./gemini-body.ts";

export const geminiDialect: Dialect = {
  path: ({ model, stream }) =>
    `/${resourceName(model)}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
  translates: "generate",
  encodeRequest,
  decodeAnswer,
  decodeStream,
};

export const geminiCountRoute: CountTokensRoute = {
  path: ({ model }) => `/${resourceName(model)}:countTokens`,
  body({ outgoing, upstreamModel: model }) {
    if (outgoing.kind !== "translate" || outgoing.prompt.kind !== "generate") return undefined;
    const body = encodeRequest(outgoing.prompt, { model, maxOutputTokens: undefined }, () => undefined);
    return { generateContentRequest: { model: resourceName(model), ...body } };
  },
  read(body) {
    const count = numberAt(body, "totalTokens");
    if (count !== undefined && Number.isSafeInteger(count) && count >= 0) return count;
    throw new ProviderFailure("provider_error", "the upstream's count has no number of tokens");
  },
};
