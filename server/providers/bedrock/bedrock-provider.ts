// Amazon Bedrock as a provider: text by Converse, whole or streamed, bodies of Messages for Claude as they came, and
// embeddings by Titan.

import { GatewayError } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { EmbedPrompt, GeneratePrompt } from "../../conversation/prompt.ts";
import { messagesDialect } from "../anthropic/index.ts";
import type { StreamDecoder } from "../dialect.ts";
import { readAnswerObject } from "../http-provider/answer-object.ts";
import { partsOfAnswer } from "../http-provider/answer-parts.ts";
import { AttemptClock } from "../http-provider/attempt-clock.ts";
import { ReplyStream, type StreamParser } from "../http-provider/reply-stream.ts";
import { ProviderFailure, type Provider, type ProviderCall, type ProviderId, type ProviderReply } from "../provider.ts";
import { betasOf, decodeMessages, invokeBody, messagesParser, takesMessages } from "./claude-messages.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { EventStreamParser } from "./event-stream.ts";
import { runtimeClient, type RuntimeClient, type RuntimeClientOptions } from "./runtime-client.ts";
import { embedTexts } from "./titan-embeddings.ts";

export type BedrockProviderOptions = RuntimeClientOptions & { readonly id: ProviderId };

type Bedrock = {
  readonly client: RuntimeClient;
  /** Upstream models that refused a schema; as many as there are models at most. */
  readonly refusesSchemas: Set<string>;
  /** Upstream models with lists of betas that they refused; emptied when there are too many. */
  readonly refusedBetas: Set<string>;
};

const mostRefusedBetas = 100;
/** The field's name, as Converse and as Claude's own API have it. */
const schemaWords = /output_?config|output_?format|structured output/i;

export function bedrockProvider({ id, ...options }: BedrockProviderOptions): Provider {
  const bedrock: Bedrock = { client: runtimeClient(options), refusesSchemas: new Set(), refusedBetas: new Set() };
  return {
    id,
    speaks: new Set(["messages"]),
    passes: (_protocol, upstreamModel) => takesMessages(upstreamModel),
    translates: new Set(["generate", "embed"]),
    call: (call) => attempt(bedrock, call),
  };
}

async function attempt(bedrock: Bedrock, call: ProviderCall): Promise<ProviderReply> {
  const { outgoing } = call;
  const clock = new AttemptClock(call.clocks, call.signal, () => performance.now());
  try {
    if (outgoing.kind === "pass-through") return await pass(bedrock, call, outgoing, clock);
    const { prompt } = outgoing;
    if (prompt.kind === "embed") return await embed(bedrock, call, prompt, clock);
    const response = await converse(bedrock, call, prompt, clock);
    return await replyOf(bedrock.client, call, response, clock, converseReader(call.model));
  } catch (thrown) {
    const failure = failureOf(thrown, clock);
    clock.abort();
    throw failure instanceof ProviderFailure ? bedrock.client.clean(failure) : failure;
  }
}

/** What is ours to say about the request stays as it is. */
function failureOf(thrown: unknown, clock: AttemptClock): unknown {
  if (thrown instanceof GatewayError) return thrown;
  const unreadable = () =>
    new ProviderFailure("provider_error", "the upstream's answer could not be read", { cause: thrown });
  return clock.failure(thrown, unreadable);
}

async function embed(
  { client }: Bedrock,
  call: ProviderCall,
  prompt: EmbedPrompt,
  clock: AttemptClock,
): Promise<ProviderReply> {
  const answer = await embedTexts(client, prompt, call.upstreamModel, clock, call.clocks.firstByteMs);
  clock.stop();
  return { kind: "answer", answer, raw: undefined };
}

/** Asks once more without the schema where the model knows none: which ones do differs by region and month. */
async function converse(
  { client, refusesSchemas }: Bedrock,
  call: ProviderCall,
  prompt: GeneratePrompt,
  clock: AttemptClock,
): Promise<Response> {
  const { model, upstreamModel, maxOutputTokens, stream } = call;
  const enforcesSchemas = !refusesSchemas.has(upstreamModel);
  const body = encodeRequest(prompt, { model, maxOutputTokens, enforcesSchemas }, call.warn);
  const operation = stream ? "converse-stream" : "converse";
  try {
    return await client.post(upstreamModel, operation, body, clock);
  } catch (thrown) {
    if (body.outputConfig === undefined || !isAbout(schemaWords, thrown)) throw thrown;
    refusesSchemas.add(upstreamModel);
    call.warn("the schema was written into the instructions: the upstream does not enforce one for this model");
    const plain = encodeRequest(prompt, { model, maxOutputTokens, enforcesSchemas: false }, () => undefined);
    clock.waitFor(call.clocks.firstByteMs);
    return client.post(upstreamModel, operation, plain, clock);
  }
}

/** Whether the upstream called the request invalid in such words. */
function isAbout(words: RegExp, thrown: unknown): boolean {
  return thrown instanceof ProviderFailure && thrown.status === 400 && words.test(thrown.upstreamMessage ?? "");
}

type PassedOn = Extract<ProviderCall["outgoing"], { readonly kind: "pass-through" }>;

async function pass(bedrock: Bedrock, call: ProviderCall, passed: PassedOn, clock: AttemptClock) {
  if (passed.protocol !== "messages") {
    throw new ProviderFailure("provider_error", "the upstream has no dialect for this request");
  }
  const response = await invoke(bedrock, call, passed, clock);
  return replyOf(bedrock.client, call, response, clock, messagesReader);
}

/** Asks once more without the betas that the client named where the runtime refuses one: it does not say which. */
async function invoke(
  { client, refusedBetas }: Bedrock,
  call: ProviderCall,
  { body, headers }: PassedOn,
  clock: AttemptClock,
): Promise<Response> {
  const { upstreamModel, stream, warn } = call;
  const operation = stream ? "invoke-with-response-stream" : "invoke";
  const betas = betasOf(headers);
  const key = `${upstreamModel} ${betas.join(",")}`;
  const unmarked = invokeBody(body, warn);
  if (betas.length > 0 && !refusedBetas.has(key)) {
    try {
      return await client.post(upstreamModel, operation, { ...unmarked, anthropic_beta: [...betas] }, clock);
    } catch (thrown) {
      if (!isAbout(/beta/i, thrown)) throw thrown;
      if (refusedBetas.size >= mostRefusedBetas) refusedBetas.clear();
      refusedBetas.add(key);
      clock.waitFor(call.clocks.firstByteMs);
    }
  }
  if (betas.length > 0) warn("anthropic-beta was not sent to the upstream: it refuses one of those named");
  return client.post(upstreamModel, operation, unmarked, clock);
}

/** How answers of an operation are read. */
type Reader = {
  /** Whether what arrives is handed out as it came, next to its meaning. */
  readonly raw: boolean;
  readonly answer: (body: JsonObject) => Answer;
  readonly parser: () => StreamParser;
  readonly decoder: () => StreamDecoder;
};

function converseReader(model: string): Reader {
  return {
    raw: false,
    answer: (body) => decodeAnswer(body, model),
    parser: () => new EventStreamParser(),
    decoder: () => decodeStream(model),
  };
}

const messagesReader: Reader = {
  raw: true,
  answer: (body) => messagesDialect.decodeAnswer(body),
  parser: messagesParser,
  decoder: decodeMessages,
};

async function replyOf(
  { clean }: RuntimeClient,
  call: ProviderCall,
  response: Response,
  clock: AttemptClock,
  reader: Reader,
): Promise<ProviderReply> {
  const { raw } = reader;
  if (call.stream && isEventStream(response) && response.body !== null) {
    const [parser, decoder] = [reader.parser(), reader.decoder()];
    return { kind: "stream", events: new ReplyStream({ body: response.body, parser, decoder, clock, raw, clean }) };
  }
  clock.rest();
  const body = await readAnswerObject(response);
  const answer = reader.answer(body);
  clock.stop();
  if (!call.stream) return { kind: "answer", answer, raw: raw ? body : undefined };
  if (!raw) return { kind: "stream", events: asStream(answer) };
  // Passed through, a stream consists of the upstream's events, and there are none to forward.
  throw new ProviderFailure("provider_error", "the upstream answered a streaming request without a stream");
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.toLowerCase().startsWith("application/vnd.amazon.eventstream") ?? false;
}

async function* asStream(answer: Answer) {
  yield { parts: partsOfAnswer(answer), raw: undefined };
}
