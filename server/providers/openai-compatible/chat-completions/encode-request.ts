// A neutral prompt as a Chat Completions request.

import type { JsonObject } from "../../../contracts/json.ts";
import type { GeneratePrompt, OutputFormat, Prompt, Tool, ToolChoice } from "../../../conversation/prompt.ts";
import { outputLimitField } from "../../../protocols/chat-wire.ts";
import { ProviderFailure } from "../../provider.ts";
import { warnOnce } from "../../warn-once.ts";
import { encodeMessages, type ReasoningField } from "./encode-message.ts";

type RequestOptions = {
  readonly model: string;
  readonly maxOutputTokens: number | undefined;
  readonly stream: boolean;
};

export function encodeRequest(
  prompt: Prompt,
  { model, maxOutputTokens, stream }: RequestOptions,
  reasoningField: ReasoningField,
  warn: (sentence: string) => void,
): JsonObject {
  if (prompt.kind !== "generate") throw new ProviderFailure("provider_error", "this dialect generates text only");
  const tell = warnOnce(warn);
  if (prompt.reasoning?.summary !== undefined)
    tell("reasoning.summary was not carried over: the upstream has no such field");
  return {
    model,
    messages: encodeMessages(prompt.messages, reasoningField, tell),
    ...encodeTools(prompt),
    ...(prompt.format === undefined ? {} : { response_format: encodeFormat(prompt.format) }),
    ...(prompt.reasoning?.effort === undefined ? {} : { reasoning_effort: prompt.reasoning.effort }),
    ...encodeSampling(prompt),
    ...(maxOutputTokens === undefined ? {} : { [outputLimitField(model)]: maxOutputTokens }),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}

/** Without tools the two tool settings mean nothing, and upstreams refuse them. */
function encodeTools({ tools, toolChoice, parallelToolCalls }: GeneratePrompt): JsonObject {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(encodeTool),
    ...(toolChoice === undefined ? {} : { tool_choice: encodeToolChoice(toolChoice) }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

function encodeTool({ name, description, parameters, strict }: Tool): JsonObject {
  return {
    type: "function",
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(strict === undefined ? {} : { strict }),
    },
  };
}

function encodeToolChoice(choice: ToolChoice): JsonObject | string {
  return typeof choice === "string" ? choice : { type: "function", function: { name: choice.name } };
}

function encodeFormat(format: OutputFormat): JsonObject {
  if (format.type === "json_object") return { type: "json_object" };
  const { type, ...described } = format;
  return { type, json_schema: described };
}

function encodeSampling(prompt: GeneratePrompt): JsonObject {
  return {
    ...(prompt.temperature === undefined ? {} : { temperature: prompt.temperature }),
    ...(prompt.topP === undefined ? {} : { top_p: prompt.topP }),
    ...(prompt.presencePenalty === undefined ? {} : { presence_penalty: prompt.presencePenalty }),
    ...(prompt.frequencyPenalty === undefined ? {} : { frequency_penalty: prompt.frequencyPenalty }),
    ...(prompt.seed === undefined ? {} : { seed: prompt.seed }),
    ...(prompt.stop === undefined ? {} : { stop: [...prompt.stop] }),
    ...(prompt.verbosity === undefined ? {} : { verbosity: prompt.verbosity }),
    ...(prompt.user === undefined ? {} : { user: prompt.user }),
  };
}
