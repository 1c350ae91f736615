// Embeddings by Titan: one text a call, so that a list of texts is several calls at a time and one answer.

import { invalidField } from "../../contracts/errors.ts";
import { arrayAt, numberAt, type JsonObject } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { EmbedPrompt } from "../../conversation/prompt.ts";
import { exactUsage } from "../../conversation/usage.ts";
import type { AttemptClock } from "../http-provider/attempt-clock.ts";
import { readAnswerObject } from "../http-provider/answer-object.ts";
import { ProviderFailure } from "../provider.ts";
import type { RuntimeClient } from "./runtime-client.ts";

const callsAtOnce = 8;
/** As many as OpenAI takes in one request. */
const mostTexts = 2_048;

type Embedded = { readonly vector: readonly number[]; readonly tokens: number | undefined };

/**
 * One vector per input, in order; fails when one of them does.
 * @throws ProviderFailure and, for inputs that are no texts, GatewayError invalid_request
 */
export async function embedTexts(
  client: RuntimeClient,
  { inputs, dimensions }: EmbedPrompt,
  upstreamModel: string,
  clock: AttemptClock,
  firstByteMs: number,
): Promise<Answer> {
  if (inputs.length > mostTexts) throw invalidField("input", `at most ${mostTexts} texts for the chosen model`);
  const texts = inputs.map((input) => {
    if (typeof input === "string") return input;
    throw invalidField("input", "text, not tokens, for the chosen model");
  });
  const embedded: Embedded[] = [];
  let next = 0;
  const takeTurns = async (): Promise<void> => {
    for (let at = next++; at < texts.length; at = next++) {
      const body = { inputText: texts[at], ...(dimensions === undefined ? {} : { dimensions }) };
      const response = await client.post(upstreamModel, "invoke", body, clock);
      embedded[at] = readEmbedding(await readAnswerObject(response));
      clock.waitFor(firstByteMs);
    }
  };
  await Promise.all(Array.from({ length: Math.min(callsAtOnce, texts.length) }, takeTurns));
  return { parts: [], finish: "stop", usage: usageOf(embedded), embeddings: embedded.map(({ vector }) => vector) };
}

function readEmbedding(body: JsonObject): Embedded {
  const vector = arrayAt(body, "embedding")?.filter((value) => typeof value === "number");
  if (vector === undefined || vector.length === 0) {
    throw new ProviderFailure("provider_error", "the upstream's answer holds no embedding");
  }
  return { vector, tokens: numberAt(body, "inputTextTokenCount") };
}

function usageOf(embedded: readonly Embedded[]): Answer["usage"] {
  const known = embedded.flatMap(({ tokens }) => tokens ?? []);
  const inputTokens = known.length === embedded.length ? known.reduce((sum, count) => sum + count, 0) : undefined;
  return exactUsage({ inputTokens, outputTokens: 0 });
}
