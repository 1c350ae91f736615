// A subcommand as one object: its words, its options and its code. Parsing, `--help` and dispatch read the same object.

import type { JsonObject } from "../contracts/json.ts";
import type { CliEnvironment, ControlClient } from "./control-client.ts";

export type CliOption = {
  /** `string` takes a value, `boolean` takes none. */
  readonly type: "string" | "boolean";
  /** What stands for the value in the help: `<usd>`. */
  readonly placeholder?: string;
  readonly summary: string;
  /** A command without this option is refused. */
  readonly required?: boolean;
};

/** What the environment says, read and checked, as far as commands ask for it. */
export type CliSettings = {
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly masterKey: string | undefined;
  readonly upstreams: readonly CliUpstream[];
};

export type CliUpstream = {
  readonly id: string;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly protocols: readonly string[];
};

export type CliCall = {
  /** Positional arguments behind the command's words, as many as it declares. */
  readonly positionals: readonly string[];
  readonly text: (option: string) => string | undefined;
  readonly dataDir: string;
  readonly environment: CliEnvironment;
  /** @throws Error that names the variable which is not understood */
  readonly settings: () => CliSettings;
  /** Made when first used, so that commands without a server need none. */
  readonly client: () => ControlClient;
  /** Prints at once, for what is too long to be given back. Resolves when it has been taken. */
  readonly write: (text: string) => Promise<void>;
  /** Says how far it is, beside the results. */
  readonly tell: (line: string) => void;
};

/** What a command gives back: facts for `--json`, lines for people. */
export type CliAnswer = {
  /** Undefined when everything has been printed already. */
  readonly json: JsonObject | undefined;
  readonly lines: readonly string[];
  /** True when what was checked is not as it should be; the exit code is then 1. */
  readonly failed?: boolean;
};

export type CliCommand = {
  /** `keys create`. */
  readonly words: readonly string[];
  /** Positional arguments by name: `<key id>`. All are required. */
  readonly positionals: readonly string[];
  readonly summary: string;
  readonly options: { readonly [name: string]: CliOption };
  readonly run: (call: CliCall) => Promise<CliAnswer>;
};

/** How it was typed is wrong, as opposed to what it ran into. */
export class UsageMistake extends Error {
  override readonly name = "UsageMistake";
}

/** Options that every command takes. */
export const sharedOptions = {
  json: { type: "boolean", summary: "Print JSON for programs" },
  "data-dir": { type: "string", placeholder: "<folder>", summary: "The server's data directory (default ./data)" },
  url: { type: "string", placeholder: "<address>", summary: "The server's address (default from HOST and PORT)" },
  help: { type: "boolean", summary: "Print this help" },
} as const satisfies { [name: string]: CliOption };
