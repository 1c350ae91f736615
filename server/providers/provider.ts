// What an upstream must know how to do. One folder per wire dialect implements this; the request path sees only it.

import type { JsonObject } from "../contracts/json.ts";
import type { Answer, AnswerPart } from "../conversation/answer.ts";
import type { ServerSentEvent } from "../conversation/events.ts";
import type { Prompt } from "../conversation/prompt.ts";
import type { ProtocolName } from "../protocols/protocol.ts";

/** `openrouter`, `openai`, `sandbox` or the name an operator gave. */
export type ProviderId = string;

/** The three clocks of an attempt, in milliseconds. Each ends the attempt with `upstream_timeout`. */
export type Clocks = {
  readonly firstByteMs: number;
  readonly betweenChunksMs: number;
  readonly totalMs: number;
};

/** What the client's body becomes for this upstream: passed through, or the neutral prompt. */
export type Outgoing =
  | {
      readonly kind: "pass-through";
      readonly protocol: ProtocolName;
      readonly body: JsonObject;
      /** Headers that belong to the protocol and came with the body; absent: none. */
      readonly headers?: { readonly [name: string]: string };
    }
  | { readonly kind: "translate"; readonly prompt: Prompt };

export type ProviderCall = {
  readonly outgoing: Outgoing;
  readonly upstreamModel: string;
  /** The catalogue's id of the model. */
  readonly model: string;
  /** Which attempt of its request this is; the first is 1. */
  readonly attempt: number;
  readonly stream: boolean;
  /** Always sent upstream for generation; undefined for embeddings. */
  readonly maxOutputTokens: number | undefined;
  /** The stack's data policy, for upstreams that can enforce it per request. */
  readonly dataPolicy: "any" | "no_training" | "zero_retention";
  /** Whether the provider may keep the answer for later requests; false under `zero_retention` and `retentionPolicy: none`. */
  readonly mayStore: boolean;
  /** Aborts when the client leaves or the server gives up. */
  readonly signal: AbortSignal;
  readonly clocks: Clocks;
  /** Sends what could not be carried over to the trace. */
  readonly warn: (sentence: string) => void;
};

/** What counting a prompt's tokens takes of a call. */
export type CountCall = Pick<ProviderCall, "outgoing" | "upstreamModel" | "signal" | "clocks">;

/** One step of a stream: the neutral parts it means, and the event as it came when the call passed through. */
export type ReplyEvent = { readonly parts: readonly AnswerPart[]; readonly raw: ServerSentEvent | undefined };

export type ProviderReply =
  | { readonly kind: "answer"; readonly answer: Answer; readonly raw: JsonObject | undefined }
  | {
      readonly kind: "stream";
      /**
       * Ends after a part of type `end`. A stream that breaks or reports an error throws a ProviderFailure. Leaving the
       * loop early (return) cancels the upstream.
       */
      readonly events: AsyncIterable<ReplyEvent>;
    };

export type Provider = {
  readonly id: ProviderId;
  /** Protocols whose bodies this upstream takes as they are. */
  readonly speaks: ReadonlySet<ProtocolName>;
  /** Narrows `speaks` to some models; absent: it holds for all of them. */
  readonly passes?: (protocol: ProtocolName, upstreamModel: string) => boolean;
  /** What the neutral prompt can be turned into here. */
  readonly translates: ReadonlySet<Prompt["kind"]>;
  /** @throws ProviderFailure for everything that goes wrong, transport included. */
  call(call: ProviderCall): Promise<ProviderReply>;
  /**
   * Tokens that the prompt would be charged as input, without asking the model; absent: nobody there counts.
   * Undefined when it cannot count this one. @throws ProviderFailure
   */
  countTokens?(call: CountCall): Promise<number | undefined>;
};

/** Whether a body of this protocol goes to this model as it came. */
export function passesThrough(provider: Provider, protocol: ProtocolName, upstreamModel: string): boolean {
  return provider.speaks.has(protocol) && (provider.passes?.(protocol, upstreamModel) ?? true);
}

/** Why an attempt failed, in the terms the fallback triggers know. */
export type FailureKind =
  /** No connection, DNS, TLS. */
  | "unreachable"
  /** One of the three clocks ran out. */
  | "timeout"
  | "rate_limited"
  /** The upstream says the request itself is wrong; no other candidate is tried for a 400 that names the request. */
  | "rejected"
  /** The request asks for what this upstream's protocol has no words for; it was not called. `cause` names the field. */
  | "untranslatable"
  /** Our credentials or our balance with the upstream are bad: never shown to the caller as 401 or 402. */
  | "credentials"
  /** 5xx, a malformed answer, an error event. */
  | "provider_error"
  /** The stream ended without its terminal event. */
  | "cut"
  /** The signal aborted. */
  | "cancelled";

export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure";
  readonly kind: FailureKind;
  /** The upstream's HTTP status, if it answered. */
  readonly status: number | undefined;
  /** The upstream's own message, cleaned of secrets and cut to 500 characters. */
  readonly upstreamMessage: string | undefined;
  /** The upstream's `retry-after` in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    extras: { status?: number; upstreamMessage?: string; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: extras.cause });
    this.kind = kind;
    this.status = extras.status;
    this.upstreamMessage = extras.upstreamMessage;
    this.retryAfterSeconds = extras.retryAfterSeconds;
  }
}
