// A neutral prompt as the body of a Converse request.

import type { JsonObject } from "../../contracts/json.ts";
import type { GeneratePrompt } from "../../conversation/prompt.ts";
import { closedSchema, encodeThinking, samplesAlone } from "../anthropic/index.ts";
import { warnOnce, type Warn } from "../warn-once.ts";
import { continuesWithoutReasoning, encodeConversation } from "./encode-messages.ts";
import { encodeTools } from "./encode-tools.ts";
import { isClaude } from "./reasoning-marks.ts";

export type EncodeOptions = {
  /** The catalogue's id: what the upstream calls the model may be an ARN that says nothing of it. */
  readonly model: string;
  readonly maxOutputTokens: number | undefined;
  /** Whether the upstream enforces schemas for this model; otherwise they are written into the instructions. */
  readonly enforcesSchemas: boolean;
};

/** What is asked of models when nothing else is. */
const defaultLimit = 4_096;
/** The neutral fields this API has no parameter for. */
const uncarried = ["presencePenalty", "frequencyPenalty", "seed", "verbosity", "user"] as const;
const jsonInstruction = "Answer with one JSON object and nothing else: no words around it and no code fence.";

/** @throws GatewayError invalid_request for content that the API cannot take. */
export function encodeRequest(prompt: GeneratePrompt, options: EncodeOptions, warn: Warn): JsonObject {
  const { model, maxOutputTokens } = options;
  const tell = warnOnce(warn);
  for (const field of uncarried) {
    if (prompt[field] !== undefined) tell(`${field} was not carried over: the upstream has no such parameter`);
  }
  const { toolConfig, claudeChoice } = encodeTools(prompt, model, tell);
  const withCalls = toolConfig !== undefined;
  if (!withCalls && mentionsCalls(prompt))
    tell("earlier tool calls were carried over as text: the upstream takes them only together with tools");
  const { system, turns } = encodeConversation(prompt.messages, { model, withCalls, warn: tell });
  const maxTokens = maxOutputTokens ?? defaultLimit;
  const midCall = continuesWithoutReasoning(turns);
  const { thinking, effort } = encodeReasoning(prompt, { model, maxTokens, midCall }, tell);
  const { outputConfig, instruction } = encodeFormat(prompt.format, options.enforcesSchemas);
  const instructions = [...system, ...(instruction === undefined ? [] : [{ text: instruction }])];
  const additional = {
    ...(thinking === undefined ? {} : { thinking }),
    ...(effort === undefined ? {} : { output_config: { effort } }),
    ...(claudeChoice === undefined ? {} : { tool_choice: claudeChoice }),
  };
  return {
    ...(instructions.length === 0 ? {} : { system: instructions }),
    messages: turns.map(({ role, content }) => ({ role, content })),
    inferenceConfig: { maxTokens, ...encodeSampling(prompt, { model, thinks: thinking !== undefined }, tell) },
    ...(toolConfig === undefined ? {} : { toolConfig }),
    ...(outputConfig === undefined ? {} : { outputConfig }),
    ...(Object.keys(additional).length === 0 ? {} : { additionalModelRequestFields: additional }),
  };
}

function mentionsCalls({ messages }: GeneratePrompt): boolean {
  return messages.some(
    (message) =>
      message.role === "tool" ||
      (message.role === "assistant" && message.parts.some(({ type }) => type === "tool-call")),
  );
}

function encodeReasoning(
  prompt: GeneratePrompt,
  options: { readonly model: string; readonly maxTokens: number; readonly midCall: boolean },
  warn: Warn,
): ReturnType<typeof encodeThinking> {
  if (isClaude(options.model)) return encodeThinking(prompt, options, warn);
  const { effort, summary } = prompt.reasoning ?? {};
  if ((effort !== undefined && effort !== "none") || summary !== undefined)
    warn("reasoning was not carried over: the upstream's parameters for it differ from model to model");
  return {};
}

type Format = { readonly outputConfig?: JsonObject; readonly instruction?: string };

function encodeFormat(format: GeneratePrompt["format"], enforcesSchemas: boolean): Format {
  if (format === undefined) return {};
  if (format.type === "json_object") return { instruction: jsonInstruction };
  const schema = JSON.stringify(closedSchema(format.schema));
  if (!enforcesSchemas) return { instruction: `${jsonInstruction} It must match this JSON Schema:\n${schema}` };
  const { name, description } = format;
  const jsonSchema = { schema, name, ...(description === undefined ? {} : { description }) };
  return { outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema } } } };
}

function encodeSampling(
  { temperature, topP, stop }: GeneratePrompt,
  { model, thinks }: { readonly model: string; readonly thinks: boolean },
  warn: Warn,
): JsonObject {
  const sampling: JsonObject = {};
  const sequences = stop?.filter((text) => text.trim() !== "") ?? [];
  if (sequences.length > 0) sampling.stopSequences = sequences;
  if (sequences.length < (stop?.length ?? 0)) warn("stop texts of white space alone were not carried over");
  if (temperature === undefined && topP === undefined) return sampling;
  if (thinks || samplesAlone(model)) {
    warn("temperature and top_p were not carried over: the upstream's model takes none here");
    return sampling;
  }
  if (topP !== undefined && (temperature === undefined || !isClaude(model))) sampling.topP = topP;
  else if (topP !== undefined) warn("top_p was not carried over: the upstream's model takes it or a temperature");
  if (temperature === undefined) return sampling;
  if (temperature > 1) warn("temperature was lowered to 1, the upstream's highest");
  return { ...sampling, temperature: Math.min(1, temperature) };
}
