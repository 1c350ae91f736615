// A command as one object: its words, what it takes and its code. Parsing, help, completion and the reference page all
// read the same object.

import type { Context } from "./context.ts";

type OptionWords = {
  readonly summary: string;
  /** One letter: `n` for `-n`. */
  readonly short?: string;
  /** Works, but is not listed. */
  readonly hidden?: true;
};

export type FlagOption = OptionWords & { readonly kind: "flag" };

/** Takes one value; the last one given counts. */
export type TextOption = OptionWords & {
  readonly kind: "text";
  /** What stands for the value in the help: `<id>`. */
  readonly placeholder: string;
  /** Anything else is refused. */
  readonly choices?: readonly string[];
};

/** May be given several times, with one value each. */
export type ListOption = Omit<TextOption, "kind"> & { readonly kind: "list" };

export type Option = FlagOption | TextOption | ListOption;

/** By long spelling without dashes: `vars-file`. Names that begin with `no-` are flags like any other. */
export type Options = Readonly<Record<string, Option>>;

export type Argument = {
  readonly name: string;
  readonly summary: string;
  readonly optional?: true;
  readonly choices?: readonly string[];
};

type NamesOf<Table extends Options, Kind extends Option["kind"]> = {
  [Name in keyof Table]: Table[Name] extends { readonly kind: Kind } ? Name : never;
}[keyof Table] &
  string;

/** What was typed, by declared names. */
export type Typed<
  ArgumentName extends string = string,
  FlagName extends string = string,
  TextName extends string = string,
  ListName extends string = string,
> = {
  /** @throws Problem usage when it was not given */
  readonly argument: (name: ArgumentName) => string;
  readonly optional: (name: ArgumentName) => string | undefined;
  readonly flag: (name: FlagName) => boolean;
  readonly text: (name: TextName) => string | undefined;
  /** Empty when it was not given. */
  readonly list: (name: ListName) => readonly string[];
};

export type Call = Context & Typed;

type CallOf<Table extends Options, ArgumentName extends string> = Context &
  Typed<
    ArgumentName,
    NamesOf<Table, "flag">,
    NamesOf<Table, "text"> | NamesOf<typeof globalOptions, "text">,
    NamesOf<Table, "list">
  >;

/** An exit code; nothing means 0. A refusal is thrown as a Problem. */
export type Ending = Promise<number | void>;

export type Spelling = readonly [string, ...string[]];

type Declaration<Table extends Options, Arguments extends readonly Argument[]> = {
  /** The words behind `ast`: `["agent", "list"]`. */
  readonly path: Spelling;
  /** Further spellings that do the same, each in full. */
  readonly aliases?: readonly Spelling[];
  /** Works, but is not listed. */
  readonly hidden?: true;
  /** Completes "`ast x` is to ...", begins with a capital and has no full stop. */
  readonly summary: string;
  /** More paragraphs for its help. */
  readonly description?: string;
  readonly arguments?: Arguments;
  readonly options?: Table;
  readonly examples?: readonly { readonly does: string; readonly line: string }[];
  readonly run: (call: CallOf<Table, Arguments[number]["name"]>) => Ending;
};

export type Command = Omit<Declaration<Options, readonly Argument[]>, "run" | "options" | "arguments"> & {
  readonly arguments: readonly Argument[];
  readonly options: Options;
  readonly run: (call: Call) => Ending;
};

type NoOptions = Readonly<Record<string, never>>;

/** Declares a command; `call.text("...")` and the like then know which names there are. */
export function command<const Table extends Options = NoOptions, const Arguments extends readonly Argument[] = []>(
  declaration: Declaration<Table, Arguments>,
): Command {
  const { run, options = {}, arguments: taken = [], ...words } = declaration;
  return { ...words, options, arguments: taken, run: (call) => run(call) };
}

/** A word that stands before commands, such as `agent`. */
export type CommandGroup = {
  readonly path: Spelling;
  /** Other words for its last one: `bp` for `blueprint`. */
  readonly aliases?: readonly string[];
  /** Works, but is not listed. */
  readonly hidden?: true;
  readonly summary: string;
};

/** What every command takes besides its own options. */
export const globalOptions = {
  server: {
    kind: "text",
    placeholder: "<address>",
    summary: "The server (default: ASTRO_SERVER_URL, else the one last signed in to, else http://127.0.0.1:8787)",
  },
  account: {
    kind: "text",
    placeholder: "<name>",
    summary: "The account to act in (default: ASTRO_ACCOUNT, else the active one)",
  },
  json: { kind: "flag", summary: "Print one JSON document instead of text" },
  quiet: { kind: "flag", short: "q", summary: "Print results and errors only" },
  verbose: { kind: "flag", short: "v", summary: "Show the requests that are made" },
  "no-color": { kind: "flag", summary: "Print without colours (as with NO_COLOR)" },
} as const satisfies Options;
