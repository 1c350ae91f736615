// Anthropic's Messages API as clients speak it: `POST /v1/messages`, and the count of a prompt's tokens beside it.

import { openingOf } from "../opening.ts";
import type { ClientProtocol } from "../protocol.ts";
import { encodeAnswer, passAnswer } from "./encode-answer.ts";
import { encodeStream } from "./encode-stream.ts";
import { messagesErrorBody } from "./error-body.ts";
import { passBody, passCountBody, withInstruction } from "./pass-body.ts";
import { passStream } from "./pass-stream.ts";
import { readCountRequest, readMessagesRequest } from "./read.ts";
import { toPrompt } from "./to-prompt.ts";

export const messagesProtocol: ClientProtocol = {
  name: "messages",
  headers: ["anthropic-version", "anthropic-beta"],
  errorBody: messagesErrorBody,
  read: readMessagesRequest,
  toPrompt,
  passBody,
  withInstruction,
  opening: (body) => openingOf(body, body.messages),
  encodeAnswer,
  passAnswer,
  encodeStream,
  passStream,
};

/** The same prompt, to be counted instead of answered: it needs no output limit. */
export const countTokensProtocol: ClientProtocol = {
  ...messagesProtocol,
  read: readCountRequest,
  passBody: passCountBody,
};
