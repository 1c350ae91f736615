// `astrolabe <command>`: finds the declared command, checks its arguments, runs it and prints what it gives back.

import { parseArgs } from "node:util";
import { sharedOptions, UsageMistake, type CliCommand, type CliSettings } from "./command.ts";
import { commands } from "./commands.ts";
import { ControlClient, serverUrl, tokenOf, type CliEnvironment } from "./control-client.ts";
import { commandHelp, overview } from "./help.ts";

/** Where a command is run. */
export type CliSurroundings = {
  readonly environment: CliEnvironment;
  /** @throws Error that names the variable which is not understood */
  readonly readSettings: (environment: CliEnvironment) => CliSettings;
  readonly out: CliOutput;
};

export type CliOutput = {
  /** Results: standard output. */
  readonly info: (line: string) => void;
  /** Problems: standard error. */
  readonly error: (line: string) => void;
  /** Results in pieces, without line breaks of its own. Resolves when they have been taken. */
  readonly write: (text: string) => Promise<void>;
};

/**
 * Runs one subcommand.
 * @param argv the words behind `astrolabe`.
 * @returns the exit code: 0 done, 1 failed or found wanting, 2 typed wrongly.
 */
export async function runCli(argv: readonly string[], surroundings: CliSurroundings): Promise<number> {
  const { out } = surroundings;
  const command = commands.find(({ words }) => words.every((word, index) => argv[index] === word));
  if (command === undefined) return withoutCommand(argv, out);
  try {
    const { values, positionals } = read(command, argv.slice(command.words.length));
    if (values["help"] === true) {
      commandHelp(command).forEach(out.info);
      return 0;
    }
    const answer = await run(command, values, checkedPositionals(command, values, positionals), surroundings);
    if (values["json"] === true && answer.json !== undefined) out.info(JSON.stringify(answer.json));
    else answer.lines.forEach(out.info);
    return answer.failed ? 1 : 0;
  } catch (thrown) {
    return explain(thrown, command, out);
  }
}

type Values = { readonly [option: string]: string | boolean | undefined };

function read(command: CliCommand, args: string[]): { values: Values; positionals: string[] } {
  try {
    const options = { ...sharedOptions, ...command.options };
    const types = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
    const { values, positionals } = parseArgs({ args, options: types, allowPositionals: true });
    return {
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, single(value)])),
      positionals,
    };
  } catch (thrown) {
    throw new UsageMistake(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** No option may be repeated, so the parser gives no lists; the last would win if it did. */
function single(value: string | boolean | (string | boolean)[] | undefined): string | boolean | undefined {
  return Array.isArray(value) ? value.at(-1) : value;
}

function checkedPositionals(command: CliCommand, values: Values, positionals: string[]): string[] {
  const missing = command.positionals[positionals.length];
  if (missing !== undefined) throw new UsageMistake(`<${missing}> is missing.`);
  const extra = positionals[command.positionals.length];
  if (extra !== undefined) throw new UsageMistake(`Unexpected argument "${extra}".`);
  for (const [name, option] of Object.entries(command.options)) {
    if (option.required && values[name] === undefined) throw new UsageMistake(`--${name} is missing.`);
  }
  return positionals;
}

function run(
  command: CliCommand,
  values: Values,
  positionals: string[],
  { environment, readSettings, out: { write, error } }: CliSurroundings,
) {
  const text = (option: string): string | undefined => {
    const value = values[option];
    return typeof value === "string" ? value : undefined;
  };
  const dataDir = text("data-dir") ?? (environment["ASTROLABE_DATA_DIR"] || "./data");
  const baseUrl = (text("url") ?? serverUrl(environment)).replace(/\/+$/, "");
  const client = () => new ControlClient({ baseUrl, token: tokenOf(dataDir, environment) });
  const settings = () => readSettings(environment);
  return command.run({ positionals, text, dataDir, environment, settings, client, write, tell: error });
}

function withoutCommand(argv: readonly string[], out: CliOutput): number {
  const asksForHelp = ["--help", "-h", "help"].includes(argv[0] ?? "");
  const group = commands.filter(({ words }) => words[0] === argv[0]);
  if (!asksForHelp && argv.length > 0 && group.length === 0) out.error(`There is no command "${argv[0]}".`);
  overview(group.length > 0 ? group : commands).forEach(asksForHelp || group.length > 0 ? out.info : out.error);
  return asksForHelp || argv.includes("--help") ? 0 : 2;
}

function explain(thrown: unknown, command: CliCommand, out: CliOutput): number {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  out.error(message);
  if (!(thrown instanceof UsageMistake)) return 1;
  out.error(`Try: astrolabe ${command.words.join(" ")} --help`);
  return 2;
}
