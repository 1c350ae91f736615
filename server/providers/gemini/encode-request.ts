// A neutral prompt as the body of a `generateContent` request.

import type { JsonObject } from "../../contracts/json.ts";
import type { GeneratePrompt, OutputFormat, Prompt, Tool, ToolChoice } from "../../conversation/prompt.ts";
import { ProviderFailure } from "../provider.ts";
import { warnOnce, type Warn } from "../warn-once.ts";
import { encodeConversation } from "./encode-contents.ts";
import { encodeThinking } from "./encode-thinking.ts";

type Options = { readonly model: string; readonly maxOutputTokens: number | undefined };

/** The neutral fields this API has no parameter for, or that its models refuse. */
const uncarried = ["presencePenalty", "frequencyPenalty", "verbosity", "user"] as const;
/** Most stop texts that the API takes. */
const mostStops = 5;
/** Models that refuse calls without the signature of the thoughts before them, and that write JSON beside tools. */
const thirdGeneration = /gemini-(?:[3-9]|\d\d)/;

/** @throws GatewayError invalid_request for content that Gemini cannot read. */
export function encodeRequest(prompt: Prompt, { model, maxOutputTokens }: Options, warn: Warn): JsonObject {
  if (prompt.kind !== "generate") throw new ProviderFailure("provider_error", "this dialect generates text only");
  const tell = warnOnce(warn);
  for (const field of uncarried) {
    if (prompt[field] !== undefined) tell(`${field} was not carried over: the upstream has no such parameter`);
  }
  const isThird = thirdGeneration.test(model);
  const { system, contents } = encodeConversation(prompt.messages, isThird, tell);
  const inWords = prompt.format !== undefined && prompt.tools.length > 0 && !isThird;
  if (inWords) tell("the output format was asked for in words: the upstream's model takes none beside tools");
  const instructions = inWords ? [...system, { text: formatInWords(prompt.format) }] : [...system];
  const thinking = encodeThinking(prompt, { model, maxOutputTokens }, tell);
  const generationConfig: JsonObject = {
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...encodeSampling(prompt, tell),
    ...(inWords ? {} : encodeFormat(prompt.format)),
    ...(thinking === undefined ? {} : { thinkingConfig: thinking }),
  };
  return {
    ...(instructions.length === 0 ? {} : { systemInstruction: { parts: instructions } }),
    contents: contents.map(({ role, parts }) => ({ role, parts })),
    ...encodeTools(prompt, tell),
    ...(Object.keys(generationConfig).length === 0 ? {} : { generationConfig }),
  };
}

function encodeTools({ tools, toolChoice, parallelToolCalls }: GeneratePrompt, warn: Warn): JsonObject {
  if (tools.length === 0) return {};
  if (tools.some(({ strict }) => strict === true))
    warn("strict was not carried over: arguments are checked afterwards");
  if (parallelToolCalls === false)
    warn("parallelToolCalls was not carried over: the upstream may call several at once");
  return {
    tools: [{ functionDeclarations: tools.map(encodeTool) }],
    ...(toolChoice === undefined ? {} : { toolConfig: { functionCallingConfig: encodeToolChoice(toolChoice) } }),
  };
}

function encodeTool({ name, description, parameters }: Tool): JsonObject {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parametersJsonSchema: parameters }),
  };
}

const modes = { auto: "AUTO", none: "NONE", required: "ANY" } as const;

function encodeToolChoice(choice: ToolChoice): JsonObject {
  return typeof choice === "string" ? { mode: modes[choice] } : { mode: "ANY", allowedFunctionNames: [choice.name] };
}

function encodeFormat(format: OutputFormat | undefined): JsonObject {
  if (format === undefined) return {};
  const responseMimeType = "application/json";
  if (format.type === "json_object") return { responseMimeType };
  const { schema, description } = format;
  const described = description === undefined || schema.description !== undefined ? schema : { ...schema, description };
  return { responseMimeType, responseJsonSchema: described };
}

function formatInWords(format: OutputFormat | undefined): string {
  const asked =
    "Unless you call a tool, answer with one JSON object and nothing else: no words around it, no code fence.";
  return format?.type === "json_schema"
    ? `${asked} It satisfies this JSON Schema: ${JSON.stringify(format.schema)}`
    : asked;
}

function encodeSampling({ temperature, topP, seed, stop }: GeneratePrompt, warn: Warn): JsonObject {
  const stops = stop?.filter((text) => text !== "") ?? [];
  if (stops.length > mostStops) warn(`stop texts beyond the first ${mostStops} were not carried over`);
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(stops.length === 0 ? {} : { stopSequences: stops.slice(0, mostStops) }),
  };
}
