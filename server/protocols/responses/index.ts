// The Responses API as clients speak it to the gateway: `POST /v1/responses`.

import { openingOf } from "../opening.ts";
import type { ClientProtocol } from "../protocol.ts";
import { encodeAnswer } from "./encode-answer.ts";
import { encodeStream } from "./encode-stream.ts";
import { passStream } from "./pass-stream.ts";
import { passAnswer, passBody, withInstruction } from "./pass-through.ts";
import { readRequest } from "./read.ts";
import { toGeneratePrompt } from "./to-prompt.ts";

export const responsesProtocol: ClientProtocol = {
  name: "responses",
  read: readRequest,
  toPrompt: toGeneratePrompt,
  passBody,
  withInstruction,
  opening: (body) => openingOf(body, body.input),
  encodeAnswer,
  passAnswer,
  encodeStream,
  passStream,
};
