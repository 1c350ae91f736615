// Lines that send exactly this request, in three languages. The key comes from the environment.

import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from "./json-text.ts";
import type { Mode, PlaygroundProtocol } from "./playground-request.ts";

export type SampleOf = {
  readonly protocol: PlaygroundProtocol;
  readonly mode: Mode;
  readonly body: JsonObject;
  readonly confirmed: boolean;
  /** With `/v1`. */
  readonly baseUrl: string;
};

/** As a code block takes it. */
export type CodeLines = { readonly language: string; readonly code: string };

const paths = {
  responses: "responses",
  "chat-completions": "chat/completions",
  messages: "messages",
  embeddings: "embeddings",
} as const;
const calls = { ...paths, "chat-completions": "chat.completions" } as const;

/** Whose library speaks the protocol. Anthropic's adds the version to the address by itself. */
function libraryOf({ protocol, baseUrl }: SampleOf) {
  return protocol === "messages"
    ? { name: "Anthropic", python: "anthropic", typescript: "@anthropic-ai/sdk", address: baseUrl.replace(/\/v1$/, "") }
    : { name: "OpenAI", python: "openai", typescript: "openai", address: baseUrl };
}

/** Test keys are other keys: lines that are to cost nothing name their own variable. */
export function keyVariable(mode: Mode): string {
  return mode === "live" ? "ASTROLABE_API_KEY" : "ASTROLABE_TEST_KEY";
}

export function codeSamples(sample: SampleOf): CodeLines[] {
  return [
    { language: "curl", code: curl(sample) },
    { language: "Python", code: python(sample) },
    { language: "TypeScript", code: typescript(sample) },
  ];
}

/** A heredoc whose end is quoted: nothing in the body is read by the shell. */
function curl({ protocol, mode, body, confirmed, baseUrl }: SampleOf): string {
  const json = JSON.stringify(body, undefined, 2);
  const end = json.includes("\nJSON\n") ? "ASTROLABE_JSON" : "JSON";
  return [
    `curl -N ${baseUrl}/${paths[protocol]} \\`,
    `  -H "Authorization: Bearer $${keyVariable(mode)}" \\`,
    `  -H "Content-Type: application/json" \\`,
    ...(confirmed ? [`  -H "x-astrolabe-confirmed: confirm" \\`] : []),
    `  --data-binary @- <<'${end}'`,
    json,
    end,
  ].join("\n");
}

function python(sample: SampleOf): string {
  const { protocol, mode, body, confirmed } = sample;
  const library = libraryOf(sample);
  const fields = Object.entries(body).map(([name, value]) => `    ${name}=${pythonText(value, "    ")},`);
  const header = confirmed ? ['    extra_headers={"x-astrolabe-confirmed": "confirm"},'] : [];
  return [
    "import os",
    `from ${library.python} import ${library.name}`,
    "",
    `client = ${library.name}(base_url=${JSON.stringify(library.address)}, api_key=os.environ["${keyVariable(mode)}"])`,
    `answer = client.${calls[protocol]}.create(`,
    ...fields,
    ...header,
    ")",
    ...pythonReading[protocol](body["stream"] === true),
  ].join("\n");
}

const pythonReading: Readonly<Record<PlaygroundProtocol, (stream: boolean) => string[]>> = {
  responses: (stream) =>
    stream
      ? [
          "for event in answer:",
          '    if event.type == "response.output_text.delta":',
          '        print(event.delta, end="", flush=True)',
        ]
      : ["print(answer.output_text)"],
  "chat-completions": (stream) =>
    stream
      ? [
          "for chunk in answer:",
          "    if chunk.choices:",
          '        print(chunk.choices[0].delta.content or "", end="", flush=True)',
        ]
      : ["print(answer.choices[0].message.content)"],
  messages: (stream) =>
    stream
      ? [
          "for event in answer:",
          '    if event.type == "content_block_delta" and event.delta.type == "text_delta":',
          '        print(event.delta.text, end="", flush=True)',
        ]
      : ["for block in answer.content:", '    if block.type == "text":', "        print(block.text)"],
  embeddings: () => ["print(answer.data[0].embedding)"],
};

function typescript(sample: SampleOf): string {
  const { protocol, mode, body, confirmed } = sample;
  const library = libraryOf(sample);
  const fields = Object.entries(body).flatMap(([name, value]) => [
    // The client's type of metadata knows texts alone.
    `  ${name}: ${indented(JSON.stringify(value, undefined, 2), "  ")}${name === "metadata" ? " as never" : ""},`,
  ]);
  const options = confirmed ? ', { headers: { "x-astrolabe-confirmed": "confirm" } }' : "";
  return [
    `import ${library.name} from "${library.typescript}";`,
    "",
    `const client = new ${library.name}({ baseURL: ${JSON.stringify(library.address)}, apiKey: process.env.${keyVariable(mode)} });`,
    `const answer = await client.${calls[protocol]}.create({`,
    ...fields,
    `}${options});`,
    ...typescriptReading[protocol](body["stream"] === true),
  ].join("\n");
}

const typescriptReading: Readonly<Record<PlaygroundProtocol, (stream: boolean) => string[]>> = {
  responses: (stream) =>
    stream
      ? [
          "for await (const event of answer) {",
          '  if (event.type === "response.output_text.delta") process.stdout.write(event.delta);',
          "}",
        ]
      : ["console.log(answer.output_text);"],
  "chat-completions": (stream) =>
    stream
      ? ["for await (const chunk of answer) {", '  process.stdout.write(chunk.choices[0]?.delta.content ?? "");', "}"]
      : ["console.log(answer.choices[0]?.message.content);"],
  messages: (stream) =>
    stream
      ? [
          "for await (const event of answer) {",
          '  if (event.type !== "content_block_delta" || event.delta.type !== "text_delta") continue;',
          "  process.stdout.write(event.delta.text);",
          "}",
        ]
      : ["for (const block of answer.content) {", '  if (block.type === "text") console.log(block.text);', "}"],
  embeddings: () => ["console.log(answer.data[0]?.embedding);"],
};

/** JSON as Python writes it. A JSON string is a Python string. */
function pythonText(value: JsonValue | undefined, indent: string): string {
  const inner = `${indent}    `;
  if (value === undefined || value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (isJsonList(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => `${inner}${pythonText(item, inner)},\n`).join("")}${indent}]`;
  }
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([name, item]) => `${inner}${JSON.stringify(name)}: ${pythonText(item, inner)},\n`);
  return `{\n${lines.join("")}${indent}}`;
}

function indented(text: string, indent: string): string {
  return text.replaceAll("\n", `\n${indent}`);
}
