// A neutral prompt as the body of a Messages request.

import type { JsonObject } from "../../contracts/json.ts";
import type { GeneratePrompt, Prompt, Tool } from "../../conversation/prompt.ts";
import { ProviderFailure } from "../provider.ts";
import { warnOnce, type Warn } from "../warn-once.ts";
import { closedSchema } from "./closed-schema.ts";
import { continuesWithoutThinking, encodeConversation } from "./encode-messages.ts";
import { encodeThinking } from "./encode-thinking.ts";

type Options = {
  readonly model: string;
  readonly maxOutputTokens: number | undefined;
  readonly stream: boolean;
};

/** The API knows no request without a limit. */
const defaultLimit = 4_096;
/** The neutral fields this API has no parameter for. */
const uncarried = ["presencePenalty", "frequencyPenalty", "seed", "verbosity"] as const;
const ownSampling = /claude-(?:opus-4[.-][7-9]|[a-z]+-[5-9])/;
const jsonInstruction = "Answer with one JSON object and nothing else: no words around it and no code fence.";

/** @throws GatewayError invalid_request for content that Claude cannot read. */
export function encodeRequest(prompt: Prompt, { model, maxOutputTokens, stream }: Options, warn: Warn): JsonObject {
  if (prompt.kind !== "generate") throw new ProviderFailure("provider_error", "this dialect generates text only");
  const tell = warnOnce(warn);
  for (const field of uncarried) {
    if (prompt[field] !== undefined) tell(`${field} was not carried over: the upstream has no such parameter`);
  }
  const { system, turns } = encodeConversation(prompt.messages, tell);
  const maxTokens = maxOutputTokens ?? defaultLimit;
  const midCall = continuesWithoutThinking(turns);
  const { thinking, effort } = encodeThinking(prompt, { model, maxTokens, midCall }, tell);
  const format = prompt.format?.type === "json_schema" ? closedSchema(prompt.format.schema) : undefined;
  const output = {
    ...(effort === undefined ? {} : { effort }),
    ...(format === undefined ? {} : { format: { type: "json_schema", schema: format } }),
  };
  const asksForJson = prompt.format?.type === "json_object";
  const instructions = asksForJson ? [...system, { type: "text", text: jsonInstruction }] : [...system];
  return {
    model,
    max_tokens: maxTokens,
    ...(instructions.length === 0 ? {} : { system: instructions }),
    messages: turns.map(({ role, content }) => ({ role, content })),
    ...encodeTools(prompt, tell),
    ...(thinking === undefined ? {} : { thinking }),
    ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
    ...encodeSampling(prompt, { model, thinks: thinking !== undefined }, tell),
    ...(prompt.user === undefined ? {} : { metadata: { user_id: prompt.user } }),
    ...(stream ? { stream: true } : {}),
  };
}

function encodeTools({ tools, toolChoice, parallelToolCalls }: GeneratePrompt, warn: Warn): JsonObject {
  if (tools.length === 0) return {};
  if (tools.some(({ strict }) => strict === true))
    warn("strict was not carried over: arguments are checked afterwards");
  const choice = encodeToolChoice(toolChoice, parallelToolCalls);
  return { tools: tools.map(encodeTool), ...(choice === undefined ? {} : { tool_choice: choice }) };
}

function encodeTool({ name, description, parameters }: Tool): JsonObject {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: { type: "object", properties: {}, ...parameters },
  };
}

const choices = { auto: "auto", none: "none", required: "any" } as const;

function encodeToolChoice(choice: GeneratePrompt["toolChoice"], parallel: boolean | undefined): JsonObject | undefined {
  const single = parallel === false && choice !== "none" ? { disable_parallel_tool_use: true } : {};
  if (choice === undefined) return parallel === false ? { type: "auto", ...single } : undefined;
  if (typeof choice === "object") return { type: "tool", name: choice.name, ...single };
  return { type: choices[choice], ...single };
}

function encodeSampling(
  { temperature, topP, stop }: GeneratePrompt,
  { model, thinks }: { readonly model: string; readonly thinks: boolean },
  warn: Warn,
): JsonObject {
  const sampling: JsonObject = {};
  const sequences = stop?.filter((text) => text.trim() !== "") ?? [];
  if (sequences.length > 0) sampling.stop_sequences = sequences;
  if (sequences.length < (stop?.length ?? 0)) warn("stop texts of white space alone were not carried over");
  if (temperature === undefined && topP === undefined) return sampling;
  if (thinks || samplesAlone(model)) {
    warn("temperature and top_p were not carried over: the upstream's model takes none here");
    return sampling;
  }
  if (temperature === undefined) return { ...sampling, top_p: topP };
  if (topP !== undefined) warn("top_p was not carried over: the upstream takes it or a temperature");
  if (temperature > 1) warn("temperature was lowered to 1, the upstream's highest");
  return { ...sampling, temperature: Math.min(1, temperature) };
}

/** Whether the model samples in its own way and refuses to be told. */
export function samplesAlone(model: string): boolean {
  return ownSampling.test(model);
}
