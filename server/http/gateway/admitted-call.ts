// Calls of key holders that ask no model: let in by key, workspace and rate, answered as JSON, refused in the shape of
// whoever calls.

import type { Context } from "hono";
import { GatewayError, toGatewayError } from "../../contracts/errors.ts";
import { newId } from "../../contracts/ids.ts";
import { messagesProtocol } from "../../protocols/messages/index.ts";
import { responsesProtocol } from "../../protocols/responses/index.ts";
import { authenticate, requireActiveWorkspace } from "../../request/1-authenticate.ts";
import { limitRate, requireWithinRate } from "../../request/2-limit-rate.ts";
import { requestIdHeaders } from "../../request/response-headers.ts";
import type { Services } from "../../request/services.ts";
import type { Admitted } from "../../request/stages.ts";
import { errorResponse } from "../error-response.ts";
import { credentialOf } from "./inference.ts";

export type AdmittedCall = (admitted: Admitted, context: Context) => Promise<object> | object;

export async function answerAdmitted(context: Context, call: AdmittedCall, services: Services): Promise<Response> {
  const requestId = newId("req");
  try {
    const request = context.req.raw;
    const authenticated = await authenticate(
      {
        requestId,
        arrivedAt: services.now(),
        protocol: responsesProtocol,
        credential: credentialOf(request),
        idempotencyKey: undefined,
        confirmed: false,
        readBody: () => Promise.reject(new GatewayError("internal_error")),
        signal: request.signal,
      },
      services.keys,
    );
    requireActiveWorkspace(authenticated);
    const admitted = await limitRate(authenticated, services);
    requireWithinRate(admitted);
    return Response.json(await call(admitted, context), { headers: requestIdHeaders(requestId) });
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.code === "internal_error") services.reportFault("reading", error.cause ?? error);
    return errorResponse(error, requestId, {}, asksLikeAnthropic(context) ? messagesProtocol.errorBody : undefined);
  }
}

/** Every client of Anthropic's says which version of its API it speaks; no other does. */
export function asksLikeAnthropic({ req }: Context): boolean {
  return req.header("anthropic-version") !== undefined || req.path.startsWith("/anthropic/");
}
