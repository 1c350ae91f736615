// Amazon Bedrock as a provider: text by Converse, whole or streamed, and embeddings by Titan.

import { GatewayError } from "../../contracts/errors.ts";
import type { EmbedPrompt, GeneratePrompt } from "../../conversation/prompt.ts";
import { readAnswerObject } from "../http-provider/answer-object.ts";
import { partsOfAnswer } from "../http-provider/answer-parts.ts";
import { AttemptClock } from "../http-provider/attempt-clock.ts";
import { ReplyStream } from "../http-provider/reply-stream.ts";
import { ProviderFailure, type Provider, type ProviderCall, type ProviderId, type ProviderReply } from "../provider.ts";
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
};

export function bedrockProvider({ id, ...options }: BedrockProviderOptions): Provider {
  const bedrock: Bedrock = { client: runtimeClient(options), refusesSchemas: new Set() };
  return {
    id,
    speaks: new Set(),
    translates: new Set(["generate", "embed"]),
    call: (call) => attempt(bedrock, call),
  };
}

async function attempt(bedrock: Bedrock, call: ProviderCall): Promise<ProviderReply> {
  const { outgoing } = call;
  if (outgoing.kind === "pass-through") {
    throw new ProviderFailure("provider_error", "the upstream has no dialect for this request");
  }
  const clock = new AttemptClock(call.clocks, call.signal, () => performance.now());
  try {
    const { prompt } = outgoing;
    if (prompt.kind === "embed") return await embed(bedrock, call, prompt, clock);
    const response = await converse(bedrock, call, prompt, clock);
    return await replyOf(bedrock, call, response, clock);
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
    if (body.outputConfig === undefined || !isAboutSchema(thrown)) throw thrown;
    refusesSchemas.add(upstreamModel);
    call.warn("the schema was written into the instructions: the upstream does not enforce one for this model");
    const plain = encodeRequest(prompt, { model, maxOutputTokens, enforcesSchemas: false }, () => undefined);
    clock.waitFor(call.clocks.firstByteMs);
    return client.post(upstreamModel, operation, plain, clock);
  }
}

/** The field's name is written in two ways, as Converse and as Claude's own API have it. */
function isAboutSchema(thrown: unknown): boolean {
  if (!(thrown instanceof ProviderFailure) || thrown.status !== 400) return false;
  const words = thrown.upstreamMessage ?? "";
  return /output_?config|output_?format|structured output/i.test(words);
}

async function replyOf(
  { client }: Bedrock,
  call: ProviderCall,
  response: Response,
  clock: AttemptClock,
): Promise<ProviderReply> {
  const { clean } = client;
  if (call.stream && isEventStream(response) && response.body !== null) {
    const decoder = decodeStream(call.model);
    const parser = new EventStreamParser();
    return {
      kind: "stream",
      events: new ReplyStream({ body: response.body, parser, decoder, clock, raw: false, clean }),
    };
  }
  clock.rest();
  const answer = decodeAnswer(await readAnswerObject(response), call.model);
  clock.stop();
  if (!call.stream) return { kind: "answer", answer, raw: undefined };
  return { kind: "stream", events: asStream(answer) };
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.toLowerCase().startsWith("application/vnd.amazon.eventstream") ?? false;
}

async function* asStream(answer: Parameters<typeof partsOfAnswer>[0]) {
  yield { parts: partsOfAnswer(answer), raw: undefined };
}
