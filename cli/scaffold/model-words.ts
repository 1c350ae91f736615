// What documents of a scaffold say about where its model comes from.

import type { ModelSource } from "./templates.ts";

export type ModelWords = {
  /** The command before `ast dev`. */
  readonly prepare: string;
  /** Lines of a shell that set what the agent needs when it runs without `ast`. */
  readonly variables: string;
  readonly variableTable: string;
};

/** What the documents call the variables of each source. */
export const modelWords: Readonly<Record<ModelSource, ModelWords>> = {
  gateway: {
    prepare: "ast login",
    variables: [
      "export ASTRO_GATEWAY_URL=http://127.0.0.1:8787/v1",
      "export ASTRO_GATEWAY_API_KEY=...  # a key of your workspace",
    ].join("\n"),
    variableTable: table([
      ["ASTRO_GATEWAY_URL", "where the model is asked; set by the platform"],
      ["ASTRO_GATEWAY_API_KEY", "the key for it; set by the platform, a secret"],
      ["MODEL_DEFAULT", "the model of the entry `default` in `astropods.yml`; set by the platform"],
    ]),
  },
  anthropic: ownKey("ANTHROPIC_API_KEY", "Anthropic"),
  openai: ownKey("OPENAI_API_KEY", "OpenAI"),
};

function ownKey(variable: string, provider: string): ModelWords {
  return {
    prepare: "ast configure",
    variables: `export ${variable}=...`,
    variableTable: table([
      [variable, `your key for ${provider}, a secret; \`ast configure\` asks for it`],
      ["MODEL_DEFAULT", "the model that answers; an input in `astropods.yml`"],
    ]),
  };
}

/** Columns are as wide as their widest cell, as formatters leave them. */
function table(rows: readonly (readonly [string, string])[]): string {
  const cells = [["Variable", "Is"], ...rows.map(([name, text]) => [`\`${name}\``, text])];
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
