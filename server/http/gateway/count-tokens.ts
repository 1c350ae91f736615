// `POST .../messages/count_tokens`: how many input tokens a Messages request would be, without sending it.

import type { Hono } from "hono";
import { newId } from "../../contracts/ids.ts";
import { countTokensProtocol as protocol } from "../../protocols/messages/index.ts";
import { errorResponse } from "../error-response.ts";
import { stayOpen } from "../stay-open.ts";
import type { InferenceEndpoint } from "./inference.ts";

export function mountCountTokens(
  app: Hono,
  path: string,
  { inference }: { readonly inference: InferenceEndpoint },
): void {
  app.post(path, async (context) => {
    const requestId = newId("req");
    const reply = await inference.count(context.req.raw, protocol, requestId, stayOpen(context));
    return reply.kind === "count"
      ? Response.json({ input_tokens: reply.inputTokens }, { headers: reply.headers })
      : errorResponse(reply.error, requestId, reply.headers, protocol.errorBody);
  });
}
