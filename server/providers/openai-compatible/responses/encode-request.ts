// A neutral prompt as the body of a Responses request.

import type { JsonObject } from "../../../contracts/json.ts";
import type { GeneratePrompt, Prompt, Tool } from "../../../conversation/prompt.ts";
import { encodeMessages } from "./encode-input.ts";

type Options = {
  readonly model: string;
  /** In tokens; undefined leaves the upstream's own limit. */
  readonly maxOutputTokens: number | undefined;
  readonly stream: boolean;
};

/** The neutral fields this API has no parameter for. */
const uncarried = ["presencePenalty", "frequencyPenalty", "seed", "stop"] as const;

/** @throws Error for an embeddings prompt, which a plan never sends here. */
export function encodeRequest(prompt: Prompt, options: Options, warn: (sentence: string) => void): JsonObject {
  if (prompt.kind !== "generate") throw new Error("the Responses dialect cannot carry an embeddings prompt");
  for (const field of uncarried) {
    if (prompt[field] !== undefined) warn(`${field} was not carried over: the Responses API has no such parameter`);
  }
  return {
    model: options.model,
    input: encodeMessages(prompt.messages, warn),
    stream: options.stream,
    // The gateway's callers did not ask the upstream to keep anything.
    store: false,
    ...definedOnly({
      max_output_tokens: options.maxOutputTokens,
      tools: prompt.tools.length === 0 ? undefined : prompt.tools.map(encodeTool),
      tool_choice: encodeToolChoice(prompt.toolChoice),
      parallel_tool_calls: prompt.parallelToolCalls,
      text: encodeTextConfiguration(prompt),
      reasoning: prompt.reasoning && { ...prompt.reasoning },
      temperature: prompt.temperature,
      top_p: prompt.topP,
      user: prompt.user,
    }),
  };
}

function definedOnly(source: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined));
}

/** Left out, `strict` would mean true here, and the upstream would rewrite the schema; everywhere else it means false. */
function encodeTool(tool: Tool): JsonObject {
  return {
    type: "function",
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    parameters: tool.parameters ?? null,
    strict: tool.strict ?? false,
  };
}

function encodeToolChoice(choice: GeneratePrompt["toolChoice"]): string | JsonObject | undefined {
  return typeof choice === "object" ? { type: "function", name: choice.name } : choice;
}

function encodeTextConfiguration({ format, verbosity }: GeneratePrompt): JsonObject | undefined {
  if (format === undefined && verbosity === undefined) return undefined;
  return {
    ...(format === undefined ? {} : { format: { ...format } }),
    ...(verbosity === undefined ? {} : { verbosity }),
  };
}
