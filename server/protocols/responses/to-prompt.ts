// A Responses request as the neutral prompt, for upstreams without this API. Fields with no neutral meaning are warned
// of; those that would change the meaning of the answer are refused.

import { invalidField } from "../../contracts/errors.ts";
import { isObject, type JsonObject } from "../../contracts/json.ts";
import type { GeneratePrompt, Message, ReasoningRequest, Tool, ToolChoice } from "../../conversation/prompt.ts";
import { inputOf, readInputItems } from "./input-items.ts";
import { outputFormatOf } from "./output-format.ts";
import {
  given,
  objectArray,
  optionalBoolean,
  optionalNumber,
  optionalObject,
  optionalString,
  requiredString,
  unsupported,
} from "../request-fields.ts";

/** Fields that reach the upstream some other way, or say nothing about the answer. */
const carriedElsewhere = new Set(
  "model input instructions stream stream_options store background metadata max_output_tokens".split(" "),
);
const carriedHere = new Set(
  (
    "tools tool_choice parallel_tool_calls text response_format reasoning temperature top_p presence_penalty " +
    "frequency_penalty seed stop user safety_identifier"
  ).split(" "),
);
/** Hints that cost nothing to lose: an answer without them is still the answer asked for. */
const harmless = new Set("prompt_cache_key prompt_cache_retention max_tool_calls".split(" "));

/**
 * @param warnings collects one sentence per field that is lost.
 * @throws GatewayError invalid_request for hosted tools, stored prompts and items only the Responses API has.
 */
export function toGeneratePrompt(body: JsonObject, warnings: string[]): GeneratePrompt {
  if (given(body, "prompt") !== undefined) {
    throw unsupported("prompt", "`prompt` names a template stored with one provider. Send its text as `input`.");
  }
  for (const field of Object.keys(body)) {
    if (body[field] == null || carriedElsewhere.has(field) || carriedHere.has(field) || harmless.has(field)) continue;
    warnings.push(`${field} was not carried over: the provider has no equivalent`);
  }
  return {
    kind: "generate",
    messages: [...instructionMessages(body), ...readInputItems(inputOf(body), warnings)],
    tools: objectArray(body, "tools").map(readTool),
    ...definedOnly({
      toolChoice: readToolChoice(body),
      parallelToolCalls: optionalBoolean(body, "parallel_tool_calls"),
      format: outputFormatOf(body),
      reasoning: readReasoningRequest(body),
      verbosity: readVerbosity(body),
      temperature: optionalNumber(body, "temperature"),
      topP: optionalNumber(body, "top_p"),
      presencePenalty: optionalNumber(body, "presence_penalty"),
      frequencyPenalty: optionalNumber(body, "frequency_penalty"),
      seed: optionalNumber(body, "seed"),
      stop: readStop(body),
      user: optionalString(body, "user") ?? optionalString(body, "safety_identifier"),
    }),
  };
}

type Defined<Source> = { [Key in keyof Source]?: Exclude<Source[Key], undefined> };

/** Leaves out undefined fields: in the neutral prompt a field is there with a value or not at all. */
function definedOnly<Source extends object>(source: Source): Defined<Source>;
function definedOnly(source: object): object {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined));
}

function instructionMessages(body: JsonObject): Message[] {
  const text = optionalString(body, "instructions");
  return text === undefined ? [] : [{ role: "system", parts: [{ type: "text", text }] }];
}

function readTool(tool: JsonObject, index: number): Tool {
  const path = `tools[${index}]`;
  const type = requiredString(tool, "type", `${path}.type`);
  if (type !== "function") {
    const reason = `\`${path}.type\` is \`${type}\`, a tool that only a provider with the Responses API can run.`;
    throw unsupported(`${path}.type`, reason);
  }
  return {
    name: requiredString(tool, "name", `${path}.name`),
    ...definedOnly({
      description: optionalString(tool, "description", `${path}.description`),
      parameters: optionalObject(tool, "parameters", `${path}.parameters`),
      strict: optionalBoolean(tool, "strict", `${path}.strict`),
    }),
  };
}

function readToolChoice(body: JsonObject): ToolChoice | undefined {
  const choice = given(body, "tool_choice");
  if (choice === undefined || choice === "auto" || choice === "none" || choice === "required") return choice;
  if (!isObject(choice)) throw invalidField("tool_choice", "`auto`, `none`, `required` or an object");
  const type = requiredString(choice, "type", "tool_choice.type");
  if (type === "function") return { name: requiredString(choice, "name", "tool_choice.name") };
  throw unsupported(
    "tool_choice.type",
    `\`tool_choice.type\` is \`${type}\`, which only a provider with the Responses API understands.`,
  );
}

function readReasoningRequest(body: JsonObject): ReasoningRequest | undefined {
  const reasoning = optionalObject(body, "reasoning");
  if (!reasoning) return undefined;
  return definedOnly({
    effort: optionalString(reasoning, "effort", "reasoning.effort"),
    summary:
      optionalString(reasoning, "summary", "reasoning.summary") ??
      optionalString(reasoning, "generate_summary", "reasoning.generate_summary"),
  });
}

function readVerbosity(body: JsonObject): GeneratePrompt["verbosity"] {
  const text = optionalObject(body, "text");
  const verbosity = text && optionalString(text, "verbosity", "text.verbosity");
  if (verbosity === undefined || verbosity === "low" || verbosity === "medium" || verbosity === "high") {
    return verbosity;
  }
  throw invalidField("text.verbosity", "`low`, `medium` or `high`");
}

function readStop(body: JsonObject): readonly string[] | undefined {
  const stop = given(body, "stop");
  if (stop === undefined) return undefined;
  const stops = Array.isArray(stop) ? stop : [stop];
  return stops.map((text) => {
    if (typeof text !== "string") throw invalidField("stop", "a string or an array of strings");
    return text;
  });
}
