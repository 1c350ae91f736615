// Why a request was called off: its client left, or the server is shutting down. Only the second has someone to tell.

import { GatewayError } from "../contracts/errors.ts";

/** Calls a request off because the server stops; its caller is told to come back. */
export function stop(controller: AbortController): void {
  controller.abort(new GatewayError("service_unavailable", "The server is shutting down.", { retryAfterSeconds: 5 }));
}

/** What to tell the caller of a request that the server called off; undefined when it runs on or its client left. */
export function stoppedBy(signal: AbortSignal): GatewayError | undefined {
  return signal.reason instanceof GatewayError ? signal.reason : undefined;
}
