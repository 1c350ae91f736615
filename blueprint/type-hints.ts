// What to write when a value is of another type than expected.

import { isMapping, type Path } from "./raw-values.ts";
import { quoted } from "./words.ts";

export type Mismatch = {
  readonly path: Path;
  readonly value: unknown;
  /** A scalar as it is written in the file. */
  readonly written: string | undefined;
  /** JSON types, `int` and `record` among them. */
  readonly expected: readonly string[];
};

/** Examples of keys by their name: a line as it would stand in the file. */
const examples: Readonly<Record<string, string>> = {
  spec: "spec: blueprint/v1",
  name: "name: my-agent",
  agent: "agent: { image: my-agent:latest }",
  build: "build: { context: ., dockerfile: Dockerfile }",
  context: "context: .",
  dockerfile: "dockerfile: Dockerfile",
  datatype: "datatype: string",
  scope: "scope: [models]",
  variables: "variables: [{ name: API_KEY, datatype: string, secret: true }]",
  trigger: "trigger: { type: manual }",
  type: "type: manual",
  container: "container: { image: my-image:latest }",
  interfaces: "interfaces: { frontend: true }",
  healthcheck: "healthcheck: { path: /health }",
  messaging: "messaging: { adapters: [web] }",
  toolchain: "toolchain: auto",
  reason: "reason: Reads your issues.",
  provider: "provider: github",
  id: "id: npm-token",
  models: "models: { default: { provider: gateway } }",
  knowledge: "knowledge: { cache: { provider: redis } }",
  integrations: "integrations: { github: { provider: github } }",
};

const entryExamples: Readonly<Record<string, string>> = {
  models: "{ provider: gateway }",
  knowledge: "{ provider: redis }",
  integrations: "{ provider: github }",
  inputs: "{ name: API_TOKEN, datatype: string }",
  ingestion: "{ container: { image: my-job:latest }, trigger: { type: manual } }",
};

/** A line that a missing key could be; undefined when nothing short helps. */
export function exampleLine(path: Path): string | undefined {
  const key = String(path.at(-1) ?? "");
  const ofInput = path.length > 1 && (path.includes("inputs") || path.includes("variables"));
  return ofInput && key === "name" ? "name: API_TOKEN" : examples[key];
}

export function typeHint(mismatch: Mismatch): string | undefined {
  const { path, value, expected } = mismatch;
  const wants = (...types: readonly string[]) => types.some((type) => expected.includes(type));
  if (value === null) return emptyHint(path, wants("string"));
  if (wants("boolean") && typeof value === "string" && !wants("string")) return booleanHint(value);
  if (wants("array")) return listHint(mismatch);
  if (wants("record", "object")) return mappingHint(mismatch);
  if (wants("number", "int") && typeof value === "string") return "Write the number without quotes.";
  if (wants("string") && !wants("number")) return textHint(mismatch);
  return undefined;
}

function emptyHint(path: Path, text: boolean): string {
  const example = exampleLine(path);
  if (example !== undefined) return `Write its value, such as \`${example}\`.`;
  return text ? 'Write a value, `""` for an empty text, or remove the line.' : "Write its value, or remove the line.";
}

function booleanHint(value: string): string | undefined {
  const word = value.trim().toLowerCase();
  if (["yes", "on", "y", "true", "1"].includes(word)) return "Write `true`, without quotes.";
  return ["no", "off", "n", "false", "0"].includes(word) ? "Write `false`, without quotes." : undefined;
}

function listHint({ path, value, written }: Mismatch): string {
  const key = String(path.at(-1) ?? "");
  if (isMapping(value)) {
    return key === "inputs" || key === "variables"
      ? "They are a list here: begin each with `- name: ...`."
      : "Begin each entry with `- `.";
  }
  if (key === "test" && written !== undefined) return `Write \`test: ["CMD-SHELL", ${JSON.stringify(written)}]\`.`;
  const entry = written === undefined || !/^[\w.:/-]{1,40}$/.test(written) ? "..." : written;
  return `Write it as a list: \`${key}: [${entry}]\`.`;
}

function mappingHint({ path, value, written }: Mismatch): string | undefined {
  const key = String(path.at(-1) ?? "");
  if (Array.isArray(value)) {
    return path.length === 1 && key === "inputs"
      ? "At the top of the file inputs have names: `API_TOKEN: { name: API_TOKEN, datatype: string }`. A list stands under `agent.inputs`."
      : "Give each entry a name of its own, and no `- ` before it.";
  }
  if (key === "frontend" && typeof value === "number") return `Write \`frontend: { port: ${value} }\`.`;
  if (key === "trigger" && written !== undefined) return `Write \`trigger: { type: ${written} }\`.`;
  const entry = path.length === 2 ? entryExamples[String(path[0])] : undefined;
  if (entry !== undefined) return `Write ${quotedLine(`${key}: ${entry}`)}, for example.`;
  const example = exampleLine(path);
  return example === undefined ? undefined : `Write ${quotedLine(example)}, for example.`;
}

function textHint({ path, value, written }: Mismatch): string | undefined {
  if (typeof value !== "number" && typeof value !== "boolean") return undefined;
  const key = String(path.at(-1) ?? "");
  const text = written ?? String(value);
  if (key === "interval" || key === "timeout") return `Say the unit: ${quoted(`${key}: ${text}s`)}.`;
  if (key === "vram") return `Say the unit: ${quoted(`${key}: ${text}Gi`)}.`;
  return `Put it in quotes: ${quoted(`${key}: "${text}"`)}.`;
}

function quotedLine(line: string): string {
  return `\`${line}\``;
}
