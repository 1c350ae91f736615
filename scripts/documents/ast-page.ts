// docs/reference/ast.md: every command of `ast`, its exit codes and the variables it reads.

import { globalOptions, type Command, type Options } from "../../cli/command.ts";
import { catalogue } from "../../cli/commands/index.ts";
import { spellingOf, summaryOf, usageOf } from "../../cli/help.ts";
import { exitCodes } from "../../cli/problem.ts";
import { code, pageHead, table } from "./markdown.ts";

const introduction = `\`ast\` creates agents, runs them on this machine and deploys them ([guide](../guides/ast.md)).
\`ast help <command>\` prints the same. Options may stand before or behind arguments; \`--\` ends them.`;

const variables: readonly (readonly [string, string])[] = [
  ["ASTRO_SERVER_URL", "The server's address. `--server` wins over it."],
  ["ASTRO_ACCOUNT", "The account to act in. `--account` wins over it."],
  [
    "ASTRO_ACCESS_TOKEN",
    "An access token (`ast tokens create`), or a session's, instead of the session that is kept. Taken out of the environment of what `ast` starts.",
  ],
  ["ASTRO_CONFIG_HOME", "The folder of `ast` (default: `~/.ast`)."],
  ["ASTRO_NO_KEYRING", "Keeps the token in `credentials.json`, where there is a keyring too."],
  ["NO_COLOR", "Prints without colours."],
];

export function astPage(): string {
  const commands = catalogue.commands.filter(({ hidden }) => !hidden);
  const overview = table(
    ["Command", "Does"],
    commands.map((command) => [`[${code(`ast ${usageOf(command)}`)}](#${anchorOf(command)})`, command.summary]),
  );
  const exits = table(
    ["Exit code", "Means"],
    Object.values(exitCodes).map(({ code: number, meaning }) => [String(number), meaning]),
  );
  const parts = [
    overview,
    "## For every command",
    optionTable(globalOptions),
    "## Exit codes",
    exits,
    "## Environment variables",
    table(
      ["Variable", "Means"],
      variables.map(([name, meaning]) => [code(name), meaning]),
    ),
    ...commands.map(commandSection),
  ];
  return `${pageHead("ast", "cli/commands", introduction)}\n${parts.join("\n\n")}\n`;
}

function commandSection(command: Command): string {
  const { description, aliases = [], examples = [], options } = command;
  const taken = command.arguments.map(({ name, summary }) => [code(`<${name}>`), summary]);
  const lines = examples.map(({ does, line }) => `# ${does}\n${line}`).join("\n");
  return [
    `## ${titleOf(command)}`,
    `${command.summary}.`,
    code(`ast ${usageOf(command)}`),
    ...(description === undefined ? [] : [paragraphs(description)]),
    ...(aliases.length === 0 ? [] : [`Also: ${aliases.map((path) => code(`ast ${path.join(" ")}`)).join(", ")}.`]),
    ...(taken.length === 0 ? [] : [table(["Argument", "Means"], taken)]),
    ...(Object.keys(options).length === 0 ? [] : [optionTable(options)]),
    ...(lines === "" ? [] : [`\`\`\`bash\n${lines}\n\`\`\``]),
  ].join("\n\n");
}

function optionTable(options: Options): string {
  const rows = Object.entries(options)
    .filter(([, { hidden }]) => !hidden)
    .map(([name, option]) => [code(spellingOf(name, option)), summaryOf(option)]);
  return table(["Option", "Means"], rows);
}

function titleOf({ path }: Command): string {
  return `ast ${path.join(" ")}`;
}

function anchorOf(command: Command): string {
  return titleOf(command).replaceAll(" ", "-");
}

/** Lines that are set in stand as they are; in the rest no word may be taken for a tag. */
function paragraphs(description: string): string {
  return description
    .trim()
    .split("\n")
    .map((line) => (line.startsWith("  ") ? `  ${line}` : line.replaceAll("<", "\\<")))
    .join("\n")
    .replaceAll(/(^|\n)([^\n ][^\n]*)\n(?= {4})/g, "$1$2\n\n");
}
