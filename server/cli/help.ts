// The text of `--help`, out of the declared commands.

import { sharedOptions, type CliCommand, type CliOption } from "./command.ts";
import { textTable } from "./text-table.ts";

/** One line per command. */
export function overview(commands: readonly CliCommand[]): string[] {
  const rows = commands.map((command) => [`  astrolabe ${usage(command)}`, command.summary]);
  return [...aligned(rows), "", "  astrolabe <command> --help tells more of one."];
}

/** Usage, summary and options of one command. */
export function commandHelp(command: CliCommand): string[] {
  return [
    `${command.summary}.`,
    "",
    `  astrolabe ${usage(command)} [options]`,
    "",
    ...aligned([...optionRows(command.options), ...optionRows(sharedOptions)]),
  ];
}

function usage(command: CliCommand): string {
  return [...command.words, ...command.positionals.map((name) => `<${name}>`)].join(" ");
}

function optionRows(options: { readonly [name: string]: CliOption }): string[][] {
  return Object.entries(options).map(([name, option]) => [
    `  --${name}${option.placeholder === undefined ? "" : ` ${option.placeholder}`}`,
    option.required ? `${option.summary} (required)` : option.summary,
  ]);
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  return textTable([{ title: "" }, { title: "" }], rows).slice(1);
}
