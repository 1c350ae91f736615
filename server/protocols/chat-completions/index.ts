// Chat Completions as clients speak it: `POST /v1/chat/completions`.

import { openingOf } from "../opening.ts";
import type { ClientProtocol } from "../protocol.ts";
import { encodeAnswer, passAnswer } from "./encode-answer.ts";
import { encodeStream } from "./encode-stream.ts";
import { passBody, withInstruction } from "./pass-body.ts";
import { passStream } from "./pass-stream.ts";
import { readChatCompletions } from "./read.ts";
import { toPrompt } from "./to-prompt.ts";

export const chatCompletionsProtocol: ClientProtocol = {
  name: "chat-completions",
  read: readChatCompletions,
  toPrompt,
  passBody,
  withInstruction,
  opening: (body) => openingOf(body, body.messages),
  encodeAnswer,
  passAnswer,
  encodeStream,
  passStream,
};
