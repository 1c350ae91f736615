// What a client protocol must know how to do. One folder per protocol implements this; the request path sees only it.

import type { RequestOverrides } from "../contracts/overrides.ts";
import type { GatewayError } from "../contracts/errors.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { Answer, AnswerPart } from "../conversation/answer.ts";
import type { EarlierTurn, Maker } from "../conversation/earlier-turn.ts";
import type { ServerSentEvent } from "../conversation/events.ts";
import type { Prompt } from "../conversation/prompt.ts";
import type { RequestFeatures } from "../routing/features.ts";

export const protocolNames = ["responses", "chat-completions", "embeddings", "messages"] as const;
export type ProtocolName = (typeof protocolNames)[number];

/** What one pass over the body finds: everything the request path needs before it calls a provider. */
export type Asked = {
  /** As the client sent it; `astrolabe/auto` when absent. */
  readonly model: string;
  readonly stream: boolean;
  /** The caller's own output limit in tokens; absent when it set none. */
  readonly maxOutputTokens?: number;
  /** Answers asked for at once (`n` of Chat Completions); 1 everywhere else. Each has the output limit to itself. */
  readonly choices: number;
  readonly overrides: RequestOverrides;
  /** Human sentences for the trace: ignored fields and the like. */
  readonly warnings: readonly string[];
  readonly features: RequestFeatures;
  /** The JSON Schema the answer must satisfy; absent for `text` and `json_object`. */
  readonly outputSchema?: JsonObject;
  /** Only where the request asks for its answer to be kept, or goes on from one that was. */
  readonly keeping?: AskedKeeping | undefined;
  /** Arguments schema by tool name, for checking tool calls. */
  readonly toolSchemas: ReadonlyMap<string, JsonObject | undefined>;
};

export type AskedKeeping = {
  readonly store: boolean;
  /** Length of the body as it came. */
  readonly bodyBytes: number;
  /** The id of the response that the request goes on from; absent: it begins a conversation. */
  readonly previous?: string;
};

/** Facts the encoder puts around an answer. */
export type AnswerContext = {
  /** The id the client sees when the provider gave none; protocol prefixes are added by the encoder. */
  readonly answerId: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** The model that produced the answer. */
  readonly model: string;
  /** The request body, for fields the protocol echoes (Responses does). */
  readonly request: JsonObject;
  /** The id under which the answer will be kept; absent: it will not be. */
  readonly keptAs?: string;
  /** The id of the response that it goes on from, as the caller gave it. */
  readonly previous?: string;
};

/** Whom a body with earlier turns is for. */
export type Asker = {
  readonly maker: Maker;
  /** Whether it gets the body in this protocol, or as the neutral prompt. */
  readonly passes: boolean;
  /** Hears of what it does not get. */
  readonly warn: (sentence: string) => void;
};

/** Inline routing metadata: the `astrolabe` object. Undefined when the stack's observability forbids it. */
export type InlineMetadata = JsonObject | undefined;

/**
 * Renders a neutral part sequence as this protocol's events. A new object per answer; `step` is called once per part.
 * The terminal part is not given to `step`: `end` renders it after settlement, with the final metadata.
 */
export type StreamEncoder = {
  step(part: AnswerPart): readonly ServerSentEvent[];
  end(last: Extract<AnswerPart, { type: "end" }>, metadata: InlineMetadata): readonly ServerSentEvent[];
  /** The protocol's own terminal event for a failure after the first byte. */
  fail(error: GatewayError, requestId: string): readonly ServerSentEvent[];
};

/**
 * Forwards an upstream that speaks this protocol. `step` gets every upstream event and returns what may go out now,
 * unchanged; terminal events are held back until `end`, which adds the metadata and drops what the client did not ask for.
 */
export type StreamPassThrough = {
  step(event: ServerSentEvent): readonly ServerSentEvent[];
  end(metadata: InlineMetadata): readonly ServerSentEvent[];
  /** Ends an answer that the gateway cut at its length; `answer` is what was forwarded of it. */
  cut(answer: Answer, metadata: InlineMetadata): readonly ServerSentEvent[];
  fail(error: GatewayError, requestId: string): readonly ServerSentEvent[];
};

export type ClientProtocol = {
  readonly name: ProtocolName;
  /** Request headers that are part of the protocol and go to upstreams that speak it; absent: none. */
  readonly headers?: readonly string[];
  /** The body of a refusal in the protocol's own shape; absent: OpenAI's. */
  readonly errorBody?: (error: GatewayError, requestId: string) => JsonObject;
  /**
   * Validates the fields the gateway itself reads and collects the features; leaves all others alone.
   * `bodyBytes` is the length of the raw body.
   * @throws GatewayError invalid_request with `param`.
   */
  read(body: JsonObject, bodyBytes: number): Asked;
  /**
   * The neutral prompt, for upstreams that do not speak this protocol. `warnings` collects what could not be carried over.
   * @throws GatewayError invalid_request for content the neutral form cannot carry without changing its meaning.
   */
  toPrompt(body: JsonObject, warnings: string[]): Prompt;
  /**
   * The body for an upstream that speaks this protocol: a shallow copy with the upstream's model name, the output limit,
   * `metadata.astrolabe` removed, and whatever makes the upstream report usage. Unknown fields stay. `warn` hears of what
   * else had to go.
   */
  passBody(
    body: JsonObject,
    model: string,
    maxOutputTokens: number | undefined,
    warn?: (sentence: string) => void,
  ): JsonObject;
  /** Adds text in front of the instructions (a stack's caution), in the client's own body; returns a copy. */
  withInstruction(body: JsonObject, text: string): JsonObject;
  /** How the conversation began, which its later turns repeat; absent or undefined: nothing tells it from others. */
  opening?(body: JsonObject): string | undefined;
  encodeAnswer(answer: Answer, context: AnswerContext, metadata: InlineMetadata): JsonObject;
  /** Adds the metadata to an upstream's answer in this protocol; everything else stays as it came. */
  passAnswer(raw: JsonObject, metadata: InlineMetadata, context: AnswerContext): JsonObject;
  encodeStream(context: AnswerContext): StreamEncoder;
  passStream(body: JsonObject, kept?: Pick<AnswerContext, "keptAs" | "previous">): StreamPassThrough;
  /** How its answers are kept and gone on from; absent: not at all. */
  readonly keeping?: Keeping;
};

export type Keeping = {
  /** The body with the earlier turns in front of its own input. @param asker whom it is for; absent: all that there is. */
  continued(body: JsonObject, turns: readonly EarlierTurn[], asker?: Asker): JsonObject;
  /** A body for an upstream whose answer is to be gone on from later: it asks for what reasoning goes on from. */
  resumable(body: JsonObject): JsonObject;
  /** The body's own input as items. */
  inputItems(body: JsonObject): JsonObject[];
  /** The whole answer out of the last events of a stream; undefined when they do not hold it. */
  answerIn(events: readonly ServerSentEvent[]): JsonObject | undefined;
};
