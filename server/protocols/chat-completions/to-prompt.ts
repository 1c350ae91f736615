// A chat request as a neutral prompt, for upstreams that do not speak Chat Completions.

import { invalidField } from "../../contracts/errors.ts";
import { arrayAt, numberAt, objectAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import type { GeneratePrompt, ReasoningRequest } from "../../conversation/prompt.ts";
import { readMessages } from "./to-prompt-messages.ts";
import { readFormat, readToolChoice, readTools } from "./to-prompt-tools.ts";

/** Fields that change what the answer is; without them the caller would get something else than it asked for. */
const refused: readonly string[] = ["functions", "function_call", "audio", "web_search_options", "logit_bias"];

/** Fields that are carried over, or that the gateway itself acts on. */
const understood: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_completion_tokens",
  "max_tokens",
  "max_output_tokens",
  "metadata",
  "n",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "reasoning_effort",
  "reasoning",
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "seed",
  "stop",
  "verbosity",
  "user",
  "modalities",
]);

/**
 * `warnings` gets one sentence for each field that only fine-tunes and is not carried over.
 * @throws GatewayError invalid_request naming a field whose loss would change the answer.
 */
export function toPrompt(body: JsonObject, warnings: string[]): GeneratePrompt {
  refuseWhatCannotBeCarried(body);
  for (const field of Object.keys(body)) {
    if (!understood.has(field) && isGiven(body[field])) warnings.push(`${field} was not carried over to the upstream`);
  }
  const toolChoice = readToolChoice(body.tool_choice);
  const format = readFormat(body);
  const reasoning = readReasoningRequest(body);
  return {
    kind: "generate",
    messages: readMessages(arrayAt(body, "messages") ?? [], warnings),
    tools: readTools(body),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(typeof body.parallel_tool_calls === "boolean" ? { parallelToolCalls: body.parallel_tool_calls } : {}),
    ...(format === undefined ? {} : { format }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...readSampling(body),
  };
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

function refuseWhatCannotBeCarried(body: JsonObject): void {
  if (typeof body.n === "number" && body.n > 1) throw invalidField("n", "1 for the chosen model");
  for (const field of refused) if (isGiven(body[field])) throw invalidField(field, "absent for the chosen model");
  const modalities = arrayAt(body, "modalities") ?? [];
  if (modalities.some((modality) => modality !== "text"))
    throw invalidField("modalities", '["text"] for the chosen model');
}

function readReasoningRequest(body: JsonObject): ReasoningRequest | undefined {
  const reasoning = objectAt(body, "reasoning") ?? {};
  const effort = stringAt(body, "reasoning_effort") ?? stringAt(reasoning, "effort");
  const summary = stringAt(reasoning, "summary");
  if (effort === undefined && summary === undefined) return undefined;
  return { ...(effort === undefined ? {} : { effort }), ...(summary === undefined ? {} : { summary }) };
}

type Sampling = Pick<
  GeneratePrompt,
  "temperature" | "topP" | "presencePenalty" | "frequencyPenalty" | "seed" | "stop" | "verbosity" | "user"
>;

function readSampling(body: JsonObject): Sampling {
  const temperature = numberAt(body, "temperature");
  const topP = numberAt(body, "top_p");
  const presencePenalty = numberAt(body, "presence_penalty");
  const frequencyPenalty = numberAt(body, "frequency_penalty");
  const seed = numberAt(body, "seed");
  const stop = readStop(body.stop);
  const verbosity = body.verbosity;
  const user = stringAt(body, "user");
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(presencePenalty === undefined ? {} : { presencePenalty }),
    ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop === undefined ? {} : { stop }),
    ...(verbosity === "low" || verbosity === "medium" || verbosity === "high" ? { verbosity } : {}),
    ...(user === undefined ? {} : { user }),
  };
}

function readStop(stop: Json | undefined): string[] | undefined {
  if (!isGiven(stop)) return undefined;
  if (typeof stop === "string") return [stop];
  const words = Array.isArray(stop) ? stop.filter((word) => typeof word === "string") : [];
  if (!Array.isArray(stop) || words.length !== stop.length) throw invalidField("stop", "text or an array of texts");
  return words;
}
