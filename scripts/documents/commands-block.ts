// The operator's commands as docs/guides/operating.md lists them.

import type { CliCommand } from "../../server/cli/command.ts";
import { commands } from "../../server/cli/commands.ts";
import { code, table } from "./markdown.ts";

export function commandTable(): string {
  const rows = commands.map((command) => [code(usage(command)), command.summary, options(command)]);
  return table(["Command", "Does", "Options"], rows);
}

function usage({ words, positionals }: CliCommand): string {
  return ["astrolabe", ...words, ...positionals.map((name) => `<${name}>`)].join(" ");
}

function options(command: CliCommand): string {
  return Object.keys(command.options)
    .map((name) => code(`--${name}`))
    .join(", ");
}
