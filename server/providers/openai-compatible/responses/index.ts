// The Responses API as upstreams speak it: `POST {base}/responses`.

import type { Dialect } from "../../dialect.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";

export const responsesDialect: Dialect = {
  protocol: "responses",
  path: "/responses",
  translates: "generate",
  encodeRequest,
  decodeAnswer,
  decodeStream,
};
