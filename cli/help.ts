// The text of `--help`, out of the declared commands.

import { globalOptions, type Command, type CommandGroup, type Option, type Options } from "./command.ts";

export type Section = { readonly title: string; readonly words: readonly string[] };

export type Catalogue = {
  readonly commands: readonly Command[];
  readonly groups: readonly CommandGroup[];
  /** How the overview orders what stands directly behind `ast`. */
  readonly sections: readonly Section[];
};

const width = 100;

/** `ast` alone: one line per word that may follow. */
export function overview(catalogue: Catalogue): string {
  const entries = topEntries(catalogue);
  const named = new Set(catalogue.sections.flatMap(({ words }) => words));
  const rest = entries.filter(({ word }) => !named.has(word)).map(({ word }) => word);
  const sections = [...catalogue.sections, { title: "More", words: rest }].flatMap(({ title, words }) => {
    const rows = words.flatMap((word) => {
      const entry = entries.find((candidate) => candidate.word === word);
      return entry === undefined ? [] : [[`  ${word}`, entry.summary] as const];
    });
    return rows.length === 0 ? [] : ["", title, ...aligned(rows, 14)];
  });
  const head = ["Build, run and deploy agents on an Astrolabe server.", "", "  ast <command> [options]"];
  const tail = ["", "  ast help <command>  tells more of one.", "  ast --version       prints the version."];
  return lines([...head, ...sections, ...tail]);
}

/** A word with further words behind it. */
export function groupHelp(catalogue: Catalogue, group: CommandGroup): string {
  const spelling = group.path.join(" ");
  const rows = visible(catalogue).flatMap((command) => {
    const path = [command.path, ...(command.aliases ?? [])].find(
      (words) => words.length > group.path.length && words.slice(0, group.path.length).join(" ") === spelling,
    );
    return path === undefined ? [] : [[`  ast ${usageOf({ ...command, path })}`, command.summary] as const];
  });
  const aliases =
    group.aliases === undefined ? [] : ["", `Also: ${group.aliases.map((word) => `ast ${word}`).join(", ")}`];
  return lines([
    `${group.summary}.`,
    "",
    ...aligned(rows),
    ...aliases,
    "",
    `  ast help ${spelling} <command> tells more of one.`,
  ]);
}

export function commandHelp(command: Command): string {
  const { description, aliases = [], examples = [] } = command;
  const parts = [
    [`${command.summary}.`],
    description === undefined
      ? []
      : description
          .trim()
          .split("\n")
          .flatMap((line) => wrapped(line, width)),
    [`  ast ${usageOf(command)} [options]`],
    command.arguments.length === 0
      ? []
      : ["Arguments", ...aligned(command.arguments.map(({ name, summary }) => [`  <${name}>`, summary]))],
    optionLines("Options", command.options),
    optionLines("For every command", globalOptions, new Set(Object.keys(command.options))),
    examples.length === 0 ? [] : ["Examples", ...examples.flatMap(({ does, line }) => [`  # ${does}`, `  ${line}`])],
    aliases.length === 0 ? [] : [`Also: ${aliases.map((path) => `ast ${path.join(" ")}`).join(", ")}`],
  ];
  return lines(parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ["", ...part])));
}

/** `agent logs [name]`: the words of a command with its arguments. */
export function usageOf(command: Pick<Command, "path" | "arguments">): string {
  const taken = command.arguments.map(({ name, optional }) => (optional ? `[${name}]` : `<${name}>`));
  return [...command.path, ...taken].join(" ");
}

/** `-n, --name <label>`. */
export function spellingOf(name: string, option: Option): string {
  const short = option.short === undefined ? "" : `-${option.short}, `;
  return `${short}--${name}${option.kind === "flag" ? "" : ` ${option.placeholder}`}`;
}

export function summaryOf(option: Option): string {
  const repeat = option.kind === "list" ? " (may be repeated)" : "";
  return `${option.summary}${repeat}`;
}

function optionLines(title: string, options: Options, without: ReadonlySet<string> = new Set()): string[] {
  const rows = Object.entries(options)
    .filter(([name, { hidden }]) => !hidden && !without.has(name))
    .map(([name, option]) => [`  ${spellingOf(name, option)}`, summaryOf(option)] as const);
  return rows.length === 0 ? [] : [title, ...aligned(rows)];
}

function visible({ commands }: Catalogue): Command[] {
  return commands.filter(({ hidden }) => !hidden);
}

function topEntries(catalogue: Catalogue): { word: string; summary: string }[] {
  const groups = catalogue.groups
    .filter(({ path, hidden }) => path.length === 1 && !hidden)
    .map(({ path, summary }) => ({ word: path[0], summary }));
  const single = visible(catalogue)
    .flatMap((command) => [command.path, ...(command.aliases ?? [])].map((path) => ({ path, command })))
    .filter(({ path }) => path.length === 1 && !groups.some(({ word }) => word === path[0]))
    .map(({ path, command }) => ({ word: path[0], summary: command.summary }));
  return [...single, ...groups];
}

/** Two columns; the second is wrapped below itself. */
function aligned(rows: readonly (readonly [string, string])[], least = 0): string[] {
  const first = Math.min(44, Math.max(least, ...rows.map(([name]) => name.length)));
  return rows.flatMap(([name, text]) => {
    const [line = "", ...more] = wrapped(text, Math.max(30, width - first - 2));
    const indent = " ".repeat(first + 2);
    if (name.length > first) return [name, ...[line, ...more].map((part) => indent + part)];
    return [`${name.padEnd(first)}  ${line}`, ...more.map((part) => indent + part)];
  });
}

/** Lines that begin with a space stand as they are. */
function wrapped(text: string, columns: number): string[] {
  if (text.startsWith(" ")) return [text];
  const result: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      result.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...result, line];
}

function lines(texts: readonly string[]): string {
  return `${texts.join("\n")}\n`;
}
