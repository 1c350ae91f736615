// What a running command is given besides what was typed.

import type { Api } from "./api/api.ts";
import type { HttpClient } from "./api/http-client.ts";
import type { Profiles } from "./session/profiles.ts";
import type { Settings } from "./session/settings.ts";
import type { Output } from "./terminal/output.ts";
import type { Prompts } from "./terminal/prompts.ts";

/** Variables of the process, without ASTRO_ACCESS_TOKEN: what is started from here does not inherit it. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Context = {
  readonly output: Output;
  /** Calls of the server, as the person who is signed in. */
  readonly api: Api;
  /** The same server without a credential. */
  readonly http: HttpClient;
  /** Who is signed in where. */
  readonly profiles: Profiles;
  /** Whether ASTRO_ACCESS_TOKEN says who calls: profiles then count for nothing. */
  readonly hasGivenToken: boolean;
  /** What is kept in `~/.ast`. */
  readonly settings: Settings;
  readonly prompts: Prompts;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  /** Aborted by Ctrl-C and SIGTERM. A command that then ends by itself decides about its exit code. */
  readonly signal: AbortSignal;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** @throws AbortError when interrupted meanwhile */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** What was piped in, to its end; undefined when standard input is a terminal. At most a mebibyte. */
  readonly piped: () => Promise<string | undefined>;
  /** Shows an address in the person's browser; false when there is none. */
  readonly openBrowser: (address: string) => Promise<boolean>;
  /** Of `ast` itself. */
  readonly version: string;
};
