// The declared commands as a `commander` program: it reads the words, and hands back which command was meant with what.

import { Command as Parser, CommanderError, Option as ParserOption } from "commander";
import { globalOptions, type Command, type Option, type Typed } from "./command.ts";
import { commandHelp, groupHelp, overview, type Catalogue } from "./help.ts";
import { usageProblem, type Problem } from "./problem.ts";
import { nearest } from "./suggest.ts";

export type Reading =
  | { readonly kind: "command"; readonly command: Command; readonly typed: Typed }
  | { readonly kind: "text"; readonly text: string };

/** Of the global options, however the reading ended. */
export type Modes = {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly colour: boolean;
};

/** Those that decide how is printed, also when what was typed is wrong. */
export function modesOf(argv: readonly string[]): Modes {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const has = (...spellings: string[]) => spellings.some((spelling) => words.includes(spelling));
  return {
    json: has("--json"),
    quiet: has("--quiet", "-q"),
    verbose: has("--verbose", "-v"),
    colour: !has("--no-color"),
  };
}

/**
 * @param argv the words behind `ast`.
 * @throws Problem usage for what was typed wrongly, with what was probably meant
 */
export function readArguments(catalogue: Catalogue, argv: readonly string[]): Reading {
  const words = argv[0] === "help" ? [...argv.slice(1), "--help"] : [...argv];
  let reading: Reading | undefined;
  let shown = "";
  const root = buildTree(catalogue, (found) => {
    reading = found;
  });
  everyNode(root, (node) =>
    node.exitOverride().configureOutput({ writeOut: (text) => (shown += text), writeErr: () => undefined }),
  );
  try {
    root.parse(words, { from: "user" });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.code === "commander.helpDisplayed") return { kind: "text", text: shown };
    throw explained(catalogue, root, words, thrown);
  }
  return reading ?? { kind: "text", text: shown };
}

type Found = (reading: Reading) => void;

function buildTree(catalogue: Catalogue, found: Found): Parser {
  const root = bareNode("ast");
  root.helpInformation = () => overview(catalogue);
  addGlobals(root);
  for (const group of catalogue.groups) {
    const node = nodeAt(root, group.path);
    node.aliases([...(group.aliases ?? [])]).description(group.summary);
    node.helpInformation = () => groupHelp(catalogue, group);
    node.action(() => found({ kind: "text", text: groupHelp(catalogue, group) }));
  }
  root.action(() => found({ kind: "text", text: overview(catalogue) }));
  for (const command of catalogue.commands) {
    // Spellings that differ by a group's other word lead to the same node.
    const nodes = new Set([command.path, ...(command.aliases ?? [])].map((path) => nodeAt(root, path)));
    for (const node of nodes) fillNode(node, command, found);
  }
  return root;
}

function bareNode(name: string): Parser {
  return new Parser(name)
    .helpCommand(false)
    .helpOption("-h, --help", "Show this help")
    .allowExcessArguments(false)
    .showSuggestionAfterError(true);
}

/** The node of these words, made where it is missing. */
function nodeAt(root: Parser, path: readonly string[]): Parser {
  return path.reduce((node, word) => {
    const known = node.commands.find((child) => child.name() === word || child.aliases().includes(word));
    if (known !== undefined) return known;
    const child = bareNode(word);
    node.addCommand(child);
    return child;
  }, root);
}

function fillNode(node: Parser, command: Command, found: Found): void {
  node.description(command.summary);
  node.helpInformation = () => commandHelp(command);
  const options = Object.entries(command.options).map(([name, option]) => addOption(node, name, option));
  addGlobals(node, new Set(Object.keys(command.options)));
  for (const { name, optional, choices } of command.arguments) {
    const argument = node.createArgument(optional ? `[${name}]` : `<${name}>`);
    node.addArgument(choices === undefined ? argument : argument.choices([...choices]));
  }
  node.action(() => found({ kind: "command", command, typed: typedBy(node, command, new Map(options)) }));
}

function addGlobals(node: Parser, taken: ReadonlySet<string> = new Set()): void {
  for (const [name, option] of Object.entries(globalOptions)) if (!taken.has(name)) addOption(node, name, option);
}

function addOption(node: Parser, name: string, option: Option): readonly [string, ParserOption] {
  const spelling = `${option.short === undefined ? "" : `-${option.short}, `}--${name}`;
  const parser = new ParserOption(
    option.kind === "flag" ? spelling : `${spelling} ${option.placeholder}`,
    option.summary,
  );
  if (option.kind !== "flag" && option.choices !== undefined) parser.choices([...option.choices]);
  if (option.kind === "list") {
    const check = parser.parseArg;
    parser.argParser((value: string, earlier: unknown) => {
      check?.(value, undefined);
      return [...textsOf(earlier), value];
    });
  }
  node.addOption(parser);
  return [name, parser];
}

function typedBy(node: Parser, command: Command, options: ReadonlyMap<string, ParserOption>): Typed {
  const all: Readonly<Record<string, unknown>> = node.optsWithGlobals();
  const valueOf = (name: string): unknown => {
    const option = options.get(name);
    // Of `--no-x` the parser keeps a true `x` that the flag makes false.
    return option?.negate ? all[option.attributeName()] === false : all[option?.attributeName() ?? camelCase(name)];
  };
  const optional = (name: string) => {
    const value: unknown = node.processedArgs[command.arguments.findIndex((argument) => argument.name === name)];
    return typeof value === "string" ? value : undefined;
  };
  return {
    optional,
    argument: (name) => {
      const value = optional(name);
      if (value === undefined) throw usageProblem(`<${name}> is missing.`, `See: ast help ${command.path.join(" ")}`);
      return value;
    },
    flag: (name) => valueOf(name) === true,
    text: (name) => {
      const value = valueOf(name);
      return typeof value === "string" ? value : undefined;
    },
    list: (name) => textsOf(valueOf(name)),
  };
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function everyNode(node: Parser, visit: (node: Parser) => void): void {
  visit(node);
  for (const child of node.commands) everyNode(child, visit);
}

/** Our words for what the parser found wrong. */
function explained(catalogue: Catalogue, root: Parser, words: readonly string[], error: CommanderError): Problem {
  const { node, path, rest } = followed(root, words);
  const spelling = ["ast", ...path].join(" ");
  const [extra] = rest;
  const isUnknown = ["commander.unknownCommand", "commander.excessArguments", "commander.unknownOption"].includes(
    error.code,
  );
  if (isUnknown && extra !== undefined && node.commands.length > 0) {
    const names = node.commands.flatMap((child) => [child.name(), ...child.aliases()]);
    const meant = nearest(extra, names) ?? nearestAnywhere(catalogue, [...path, extra]);
    return usageProblem(
      `There is no command "${spelling} ${extra}".`,
      meant === undefined
        ? `Those that there are: ${spelling} --help`
        : `Did you mean: ${meantSpelling(spelling, meant)}`,
    );
  }
  const [message = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const said =
    error.code === "commander.excessArguments"
      ? `"${node.args.at(-1) ?? extra}" is one word too many.`
      : sentence(message);
  return usageProblem(said, suggestion?.replace(/^\((.*)\)$/, "$1") ?? `See: ${spelling} --help`);
}

function meantSpelling(spelling: string, meant: string): string {
  return meant.startsWith("ast ") ? meant : `${spelling} ${meant}`;
}

/** A command of another group that is called this: `ast pause` for `ast agent pause`. */
function nearestAnywhere({ commands }: Catalogue, words: readonly string[]): string | undefined {
  const last = words.at(-1) ?? "";
  const found = commands.find(({ path, hidden }) => !hidden && path.at(-1) === last);
  return found === undefined ? undefined : `ast ${found.path.join(" ")}`;
}

/** How far the words lead down the tree. */
function followed(root: Parser, words: readonly string[]) {
  let node = root;
  const path: string[] = [];
  const plain = words.filter((word) => !word.startsWith("-"));
  for (const word of plain) {
    const child = node.commands.find((item) => item.name() === word || item.aliases().includes(word));
    if (child === undefined) break;
    node = child;
    path.push(child.name());
  }
  return { node, path, rest: plain.slice(path.length) };
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?]$/.test(capital) ? capital : `${capital}.`;
}
