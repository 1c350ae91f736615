// A Messages request as a neutral prompt, for upstreams that do not speak Messages.

import { invalidField } from "../../contracts/errors.ts";
import { arrayAt, isObject, numberAt, objectAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import type { GeneratePrompt, Message, ReasoningRequest, Tool, ToolChoice } from "../../conversation/prompt.ts";
import { readSchema } from "./output-format.ts";
import { readAssistantTurn, readTexts, readUserTurn } from "./to-prompt-content.ts";

/** Fields that are carried over, or that the gateway itself acts on. */
const understood: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "system",
  "max_tokens",
  "stream",
  "metadata",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "stop_sequences",
  "temperature",
  "top_p",
  "mcp_servers",
]);

/**
 * `warnings` gets one sentence for each field that only fine-tunes and is not carried over.
 * @throws GatewayError invalid_request naming what cannot be carried over without changing its meaning.
 */
export function toPrompt(body: JsonObject, warnings: string[]): GeneratePrompt {
  for (const field of Object.keys(body)) {
    const value = body[field];
    if (understood.has(field) || value === undefined || value === null) continue;
    warnings.push(`${field} was not carried over to the upstream`);
  }
  if (marksCache(body)) warnings.push("cache_control was not carried over: the upstream decides what it caches");
  const schema = readSchema(body);
  const reasoning = readReasoning(body);
  const choice = objectAt(body, "tool_choice");
  const toolChoice = choice === undefined ? undefined : readToolChoice(choice);
  const oneAtATime = choice?.disable_parallel_tool_use;
  return {
    kind: "generate",
    messages: readMessages(body),
    tools: (arrayAt(body, "tools") ?? []).map(readTool),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(typeof oneAtATime === "boolean" ? { parallelToolCalls: !oneAtATime } : {}),
    ...(schema === undefined ? {} : { format: { type: "json_schema", name: "answer", schema } }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...readSampling(body),
  };
}

function readMessages(body: JsonObject): Message[] {
  const messages: Message[] = [];
  const system = body.system === undefined || body.system === null ? [] : readTexts(body.system, "system");
  if (system.length > 0) messages.push({ role: "system", parts: system });
  (arrayAt(body, "messages") ?? []).forEach((message, index) => {
    if (isObject(message)) messages.push(...readTurn(message, `messages[${index}].content`));
  });
  return messages;
}

function readTurn({ role, content }: JsonObject, path: string): Message[] {
  if (role === "user") return readUserTurn(content, path);
  if (role === "system") return [{ role: "system", parts: readTexts(content, path) }];
  return [{ role: "assistant", parts: readAssistantTurn(content, path) }];
}

/** Marks may stand on tools and on any block; one that is found says enough. */
function marksCache(body: JsonObject): boolean {
  const marked = (list: Json | undefined): boolean =>
    Array.isArray(list) && list.some((entry) => isObject(entry) && isObject(entry.cache_control));
  const turns = arrayAt(body, "messages") ?? [];
  return marked(body.tools) || marked(body.system) || turns.some((turn) => isObject(turn) && marked(turn.content));
}

function readTool(tool: Json, index: number): Tool {
  const name = isObject(tool) ? stringAt(tool, "name") : undefined;
  if (!isObject(tool) || name === undefined || (tool.type ?? "custom") !== "custom") {
    throw invalidField(`tools[${index}].type`, "absent or `custom` for the chosen model");
  }
  const description = stringAt(tool, "description");
  const parameters = objectAt(tool, "input_schema");
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(typeof tool.strict === "boolean" ? { strict: tool.strict } : {}),
  };
}

function readToolChoice(choice: JsonObject): ToolChoice {
  switch (choice.type) {
    case "auto":
    case "none":
      return choice.type;
    case "any":
      return "required";
    case "tool": {
      const name = stringAt(choice, "name");
      if (name === undefined) throw invalidField("tool_choice.name", "the name of a tool");
      return { name };
    }
    default:
      throw invalidField("tool_choice.type", "`auto`, `any`, `tool` or `none` for the chosen model");
  }
}

/** A budget of thinking tokens as the effort that comes close to it. */
const efforts: readonly (readonly [fromTokens: number, effort: string])[] = [
  [32_000, "xhigh"],
  [12_000, "high"],
  [3_000, "medium"],
  [0, "low"],
];

/** Thinking that is shown here is asked for as a summary elsewhere. The effort alone asks for no thinking to be shown. */
function readReasoning(body: JsonObject): ReasoningRequest | undefined {
  const thinking = objectAt(body, "thinking") ?? {};
  const stated = stringAt(objectAt(body, "output_config") ?? {}, "effort");
  const budget = thinking.type === "enabled" ? numberAt(thinking, "budget_tokens") : undefined;
  const byBudget = budget === undefined ? undefined : efforts.find(([least]) => budget >= least)?.[1];
  const effort = stated === "max" ? "xhigh" : (stated ?? byBudget);
  const thinks = typeof thinking.type === "string" && thinking.type !== "disabled";
  const shown = thinks && thinking.display !== "omitted";
  if (effort === undefined && !shown) return undefined;
  return { ...(effort === undefined ? {} : { effort }), ...(shown ? { summary: "auto" } : {}) };
}

function readSampling(body: JsonObject): Pick<GeneratePrompt, "temperature" | "topP" | "stop" | "user"> {
  const temperature = numberAt(body, "temperature");
  const topP = numberAt(body, "top_p");
  const stop = (arrayAt(body, "stop_sequences") ?? []).filter((text) => typeof text === "string");
  const user = stringAt(objectAt(body, "metadata") ?? {}, "user_id");
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stop.length === 0 ? {} : { stop }),
    ...(user === undefined ? {} : { user }),
  };
}
