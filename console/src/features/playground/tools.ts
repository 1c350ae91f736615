// Tools as a person writes them, each with the answer that stands in for its work.

import { parseJson } from "../../api/parse-json.ts";
import { isJsonList, isJsonObject, textAt, type JsonObject, type JsonValue, type Read } from "./json-text.ts";

export type Tool = {
  readonly name: string;
  readonly description: string | undefined;
  readonly parameters: JsonObject;
  /** What a call is answered with; undefined: the person is asked to look at the call. */
  readonly mockAnswer: string | undefined;
};

export const toolsExample = JSON.stringify(
  [
    {
      name: "get_weather",
      description: "The weather in a city now.",
      parameters: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
        additionalProperties: false,
      },
      mock_answer: { temperature_celsius: 21, sky: "clear" },
    },
  ],
  undefined,
  2,
);

const anything: JsonObject = { type: "object", properties: {} };

/** Takes our short form, and tools as any protocol writes them. Empty text: no tools. */
export function readTools(text: string): Read<readonly Tool[]> {
  if (text.trim() === "") return { value: [] };
  const list = parseJson<JsonValue>(text);
  if (!isJsonList(list)) return { problem: list === undefined ? "This is not JSON yet." : "This must be a JSON list." };
  const tools: Tool[] = [];
  for (const item of list) {
    const tool = isJsonObject(item) ? toolOf(item) : undefined;
    if (tool === undefined)
      return { problem: `Tool ${tools.length + 1} needs a \`name\` of letters, digits, _ and -.` };
    if (tools.some(({ name }) => name === tool.name)) return { problem: `Two tools are called ${tool.name}.` };
    tools.push(tool);
  }
  return { value: tools };
}

function toolOf(item: JsonObject): Tool | undefined {
  const inner = isJsonObject(item["function"]) ? item["function"] : item;
  const name = textAt(inner, "name");
  if (name === undefined || !/^[\w-]{1,64}$/.test(name)) return undefined;
  const parameters = inner["parameters"] ?? inner["input_schema"];
  return {
    name,
    description: textAt(inner, "description"),
    parameters: isJsonObject(parameters) ? parameters : anything,
    mockAnswer: answerText(item["mock_answer"] ?? inner["mock_answer"]),
  };
}

function answerText(value: JsonValue | undefined): string | undefined {
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}
