// The requests of the headroom run and the answers they get: a seeded mix of kinds, with input counted by a tokenizer and
// output of a length that varies as real answers of its kind do.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { countTokens as countO200k } from "gpt-tokenizer/encoding/o200k_base";
import { countTokens as countCl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { stringAt, type JsonObject } from "../server/contracts/json.ts";
import { seededRandom } from "./load/seeded-random.ts";

export type HeadroomCase = {
  readonly kind: string;
  readonly body: JsonObject;
  readonly answer: { readonly inputTokens: number; readonly cachedTokens: number; readonly outputTokens: number };
};

type Shape = {
  readonly kind: string;
  /** How often, against the others. */
  readonly share: number;
  /** Characters of material beside the question. */
  readonly material: { readonly from: "documents" | "code" | "data"; readonly least: number; readonly most: number };
  readonly questions: readonly string[];
  /** Median tokens of an answer, and the spread of its logarithm. */
  readonly output: { readonly median: number; readonly spread: number };
  readonly turns?: number;
  readonly fields?: JsonObject;
};

const schema = {
  type: "object",
  properties: {
    name: { type: "string" },
    total: { type: "number" },
    lines: { type: "array", items: { type: "string" } },
  },
  required: ["name", "total", "lines"],
  additionalProperties: false,
};
const tool = (name: string, description: string): JsonObject => ({
  type: "function",
  function: {
    name,
    description,
    parameters: { type: "object", properties: { query: { type: "string", description: "What to look for." } } },
  },
});

const shapes: readonly Shape[] = [
  {
    kind: "chat turn",
    share: 30,
    material: { from: "documents", least: 100, most: 700 },
    turns: 6,
    questions: ["What do you make of that?", "Can you say it in other words?", "And how would you answer them?"],
    output: { median: 170, spread: 0.55 },
  },
  {
    kind: "retrieval",
    share: 18,
    material: { from: "documents", least: 6_000, most: 40_000 },
    questions: ["Find the passage that says when a hold ends.", "Which of these documents mentions the sandbox?"],
    output: { median: 180, spread: 0.5 },
  },
  {
    kind: "summary",
    share: 12,
    material: { from: "documents", least: 3_000, most: 20_000 },
    questions: ["Summarise the text above in a few paragraphs.", "Give me a summary of these notes."],
    output: { median: 320, spread: 0.4 },
  },
  {
    kind: "code",
    share: 14,
    material: { from: "code", least: 800, most: 8_000 },
    questions: ["Refactor this function and add tests.", "Fix the bug in this code and explain it."],
    output: { median: 900, spread: 0.55 },
  },
  {
    kind: "JSON extraction",
    share: 10,
    material: { from: "data", least: 600, most: 5_000 },
    questions: ["Extract the fields from this record."],
    output: { median: 110, spread: 0.4 },
    fields: { response_format: { type: "json_schema", json_schema: { name: "record", strict: true, schema } } },
  },
  {
    kind: "tool call",
    share: 10,
    material: { from: "documents", least: 80, most: 600 },
    questions: ["Look up the weather in Lisbon and tell me whether to take a coat."],
    output: { median: 70, spread: 0.4 },
    fields: { tools: [tool("search", "Searches the web."), tool("weather", "The weather of a city.")] },
  },
  {
    kind: "long answer",
    share: 6,
    material: { from: "documents", least: 200, most: 1_500 },
    questions: ["Write a detailed research report that compares the approaches, with sources."],
    output: { median: 2_200, spread: 0.45 },
  },
];

/** Models with how much longer than others they answer, and whether they reason unseen. */
const models: readonly { readonly id: string; readonly length: number; readonly reasons: boolean }[] = [
  { id: "anthropic/claude-sonnet-4.6", length: 1.15, reasons: false },
  { id: "anthropic/claude-opus-4.7", length: 1.25, reasons: false },
  { id: "openai/gpt-5.4-mini", length: 0.8, reasons: true },
  { id: "deepseek/deepseek-v4-flash", length: 1, reasons: false },
  { id: "mistralai/mistral-small-2603", length: 0.9, reasons: false },
];
export const headroomModels: readonly string[] = models.map(({ id }) => id);

const templateTokens = 9;
const toolTokens = 90;

export function* headroomCases(count: number, seed: number, projectRoot: string): Generator<HeadroomCase> {
  const random = seededRandom(seed);
  const texts = readTexts(projectRoot);
  const total = shapes.reduce((sum, { share }) => sum + share, 0);
  for (let number = 0; number < count; number++) {
    let left = random() * total;
    const shape = shapes.find(({ share }) => (left -= share) < 0) ?? shapes[0];
    const model = models[Math.floor(random() * models.length)];
    if (shape && model) yield caseOf(shape, model, number, texts, random);
  }
}

function caseOf(
  shape: Shape,
  model: (typeof models)[number],
  number: number,
  texts: { readonly [from in Shape["material"]["from"]]: string },
  random: () => number,
): HeadroomCase {
  const { least, most, from } = shape.material;
  const slice = (): string => {
    const length = least + Math.floor(random() * (most - least));
    const at = Math.floor(random() * Math.max(1, texts[from].length - length));
    return texts[from].slice(at, at + length).toWellFormed();
  };
  const question = shape.questions[Math.floor(random() * shape.questions.length)] ?? "";
  const messages: JsonObject[] = [{ role: "system", content: "You are a careful assistant. Answer what was asked." }];
  for (let turn = Math.floor(random() * (shape.turns ?? 1)); turn > 0; turn--) {
    messages.push({ role: "user", content: slice() }, { role: "assistant", content: slice() });
  }
  messages.push({ role: "user", content: `${slice()}\n\n${question}` });
  const count = model.id.startsWith("openai") ? countO200k : countCl100k;
  const text = messages.map((message) => stringAt(message, "content") ?? "").join("\n");
  const fixed = messages.length * templateTokens + (shape.fields ? toolTokens : 0);
  const inputTokens = count(text) + fixed;
  const wanted = lengthOf(shape.output, model, random);
  const limit = random() < 0.3 ? [300, 800, 2_000, 8_000][Math.floor(random() * 4)] : undefined;
  const cached = messages.length > 3 && random() < 0.3 ? Math.floor(inputTokens * 0.5) : 0;
  return {
    kind: shape.kind,
    body: {
      model: model.id,
      messages,
      stream: random() < 0.5,
      user: `case ${number}`,
      ...shape.fields,
      ...(limit === undefined ? {} : { max_tokens: limit }),
    },
    answer: { inputTokens, cachedTokens: cached, outputTokens: Math.min(wanted, limit ?? wanted) },
  };
}

/** A whole number of tokens whose logarithm is distributed normally. */
function lengthOf({ median, spread }: Shape["output"], model: (typeof models)[number], random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const reasoning = model.reasons ? 1.5 + random() : 1;
  return Math.max(4, Math.round(median * model.length * reasoning * Math.exp(spread * normal)));
}

/** The project's own documents, source and lock file: prose, code and data as they are. */
function readTexts(projectRoot: string): { readonly [from in Shape["material"]["from"]]: string } {
  const all = (folder: string, ending: string): string =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(ending))
      .toSorted()
      .map((name) => readFileSync(join(projectRoot, folder, name), "utf8"))
      .join("\n");
  return {
    documents: all("docs", ".md"),
    code: all("server", ".ts"),
    data: readFileSync(join(projectRoot, "package-lock.json"), "utf8").slice(0, 200_000),
  };
}
