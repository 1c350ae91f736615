// Tools and the choice among them, as Converse takes them, and what of it only Claude's own parameters can say.

import type { JsonObject } from "../../contracts/json.ts";
import type { GeneratePrompt, Tool } from "../../conversation/prompt.ts";
import type { Warn } from "../warn-once.ts";
import { isClaude } from "./reasoning-marks.ts";

export type ToolFields = {
  /** Absent: the model may call nothing. */
  readonly toolConfig?: JsonObject;
  /** Claude's own `tool_choice`, which takes the place of the one in `toolConfig`. */
  readonly claudeChoice?: JsonObject;
};

/** There is no word for tools that must not be called, so that those are left out. */
export function encodeTools(
  { tools, toolChoice, parallelToolCalls }: GeneratePrompt,
  model: string,
  warn: Warn,
): ToolFields {
  if (tools.length === 0 || toolChoice === "none") return {};
  if (tools.some(({ strict }) => strict === true))
    warn("strict was not carried over: arguments are checked afterwards");
  const specs = tools.map(encodeTool);
  if (parallelToolCalls === false && isClaude(model)) {
    return {
      toolConfig: { tools: specs },
      claudeChoice: { ...claudeChoice(toolChoice), disable_parallel_tool_use: true },
    };
  }
  if (parallelToolCalls === false) warn("parallel_tool_calls was not carried over: the upstream has no such parameter");
  const choice = converseChoice(toolChoice);
  return { toolConfig: { tools: specs, ...(choice === undefined ? {} : { toolChoice: choice }) } };
}

function encodeTool({ name, description, parameters }: Tool): JsonObject {
  return {
    toolSpec: {
      name,
      ...(description === undefined || description.trim() === "" ? {} : { description }),
      inputSchema: { json: { type: "object", properties: {}, ...parameters } },
    },
  };
}

function converseChoice(choice: GeneratePrompt["toolChoice"]): JsonObject | undefined {
  if (choice === undefined) return undefined;
  if (typeof choice === "object") return { tool: { name: choice.name } };
  return choice === "required" ? { any: {} } : { auto: {} };
}

function claudeChoice(choice: GeneratePrompt["toolChoice"]): JsonObject {
  if (typeof choice === "object") return { type: "tool", name: choice.name };
  return { type: choice === "required" ? "any" : "auto" };
}
