// The failures the sandbox plays on request, in the words and statuses of a real provider.

import { ProviderFailure } from "../provider.ts";
import type { ActiveTriggers } from "./triggers.ts";

/** The failure that takes the place of an answer, if a trigger asks for one. */
export function failureBeforeAnswer(triggers: ActiveTriggers): ProviderFailure | undefined {
  const retryAfterSeconds = triggers.get("rate_limit");
  if (retryAfterSeconds !== undefined) {
    return new ProviderFailure("rate_limited", "the sandbox played a rate limit", {
      status: 429,
      upstreamMessage: "Rate limit reached (simulated).",
      retryAfterSeconds,
    });
  }
  const status = triggers.get("error");
  if (status !== undefined) return serverError(status);
  if (triggers.has("credentials")) {
    return new ProviderFailure("credentials", "the sandbox played refused credentials", {
      status: 401,
      upstreamMessage: "Incorrect API key provided (simulated).",
    });
  }
  if (triggers.has("rejected")) {
    return new ProviderFailure("rejected", "the sandbox played a rejected request", {
      status: 400,
      upstreamMessage: "The request is invalid (simulated).",
    });
  }
  if (triggers.has("unreachable")) {
    return new ProviderFailure("unreachable", "the sandbox played a refused connection");
  }
  if (triggers.has("malformed")) {
    return new ProviderFailure("provider_error", "the sandbox played an answer that is not one", { status: 200 });
  }
  return undefined;
}

/** What breaks an answer that has begun. `reported` failures come as an event, the others as a lost connection. */
export type Break = "reported" | "cut";

export function breakInAnswer(triggers: ActiveTriggers): Break | undefined {
  if (triggers.has("cut")) return "cut";
  return triggers.has("stream_error") ? "reported" : undefined;
}

export function serverError(status: number): ProviderFailure {
  return new ProviderFailure("provider_error", "the sandbox played a server error", {
    status,
    upstreamMessage: "The server had an error (simulated).",
  });
}

export function connectionLost(): ProviderFailure {
  return new ProviderFailure("cut", "the sandbox broke the connection in the middle of the answer");
}
