// The Messages API as upstreams speak it: Anthropic itself, OpenRouter for Claude, and servers that imitate them.

import { numberAt } from "../../contracts/json.ts";
import type { Dialect } from "../dialect.ts";
import { ProviderFailure } from "../provider.ts";
import type { CountTokensRoute } from "../http-provider/http-provider.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";

export { closedSchema } from "./closed-schema.ts";
export { samplesAlone } from "./encode-request.ts";
export { encodeThinking } from "./encode-thinking.ts";
export { extendAnthropicBody, withoutUnpricedExtras } from "./anthropic-body.ts";

/** The version of the API that this dialect was written for; a client's own takes precedence when it passes through. */
export const anthropicVersion = "2023-06-01";

export const messagesDialect: Dialect = {
  protocol: "messages",
  path: "/messages",
  translates: "generate",
  encodeRequest,
  decodeAnswer,
  decodeStream,
};

export const messagesCountRoute: CountTokensRoute = {
  path: "/messages/count_tokens",
  body: ({ outgoing }) =>
    outgoing.kind === "pass-through" && outgoing.protocol === "messages" ? outgoing.body : undefined,
  read(body) {
    const count = numberAt(body, "input_tokens");
    if (count !== undefined && Number.isSafeInteger(count) && count >= 0) return count;
    throw new ProviderFailure("provider_error", "the upstream's count has no number of input tokens");
  },
};
