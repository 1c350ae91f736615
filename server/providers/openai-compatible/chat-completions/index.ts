// The Chat Completions wire dialect: `POST /chat/completions`.

import type { Dialect } from "../../dialect.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeStream } from "./decode-stream.ts";
import type { ReasoningField } from "./encode-message.ts";
import { encodeRequest } from "./encode-request.ts";

/**
 * The dialect for an upstream that takes reasoning of earlier turns back in `reasoningField`: `reasoning` at OpenRouter,
 * `reasoning_content` at DeepSeek and most model servers. Undefined: it is left out, with a warning.
 */
export function chatCompletionsDialectFor(reasoningField: ReasoningField): Dialect {
  return {
    protocol: "chat-completions",
    path: "/chat/completions",
    translates: "generate",
    encodeRequest: (prompt, options, warn) => encodeRequest(prompt, options, reasoningField, warn),
    decodeAnswer,
    decodeStream,
  };
}

/** Safe with every upstream: OpenAI and others refuse reasoning in messages. */
export const chatCompletionsDialect: Dialect = chatCompletionsDialectFor(undefined);
