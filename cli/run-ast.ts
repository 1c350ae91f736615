// One call of `ast`: reads what was typed, gives the command what it needs, prints how it ended.

import { Api } from "./api/api.ts";
import { HttpClient } from "./api/http-client.ts";
import type { Call, Typed } from "./command.ts";
import { catalogue } from "./commands/index.ts";
import type { Environment } from "./context.ts";
import { exitCodes, Problem } from "./problem.ts";
import { modesOf, readArguments, type Modes } from "./program.ts";
import { openKeyring } from "./session/keyring.ts";
import { Profiles } from "./session/profiles.ts";
import { serverAddress } from "./session/server-address.ts";
import { openSettings } from "./session/settings.ts";
import { openBrowser } from "./terminal/open-browser.ts";
import { Output } from "./terminal/output.ts";
import { openPrompts } from "./terminal/prompts.ts";
import { wantsColour } from "./terminal/style.ts";

/** The process around a call. */
export type World = {
  /** Without ASTRO_ACCESS_TOKEN. */
  readonly env: Environment;
  /** What ASTRO_ACCESS_TOKEN held. */
  readonly accessToken: string | undefined;
  readonly cwd: string;
  readonly platform: string;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly isInputTerminal: boolean;
  readonly stdout: WorldStream;
  readonly stderr: WorldStream;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly piped: () => Promise<string | undefined>;
};

export type WorldStream = { readonly write: (text: string) => void; readonly isTerminal: boolean };

/**
 * @param argv the words behind `ast`.
 * @returns the exit code
 */
export async function runAst(argv: readonly string[], world: World): Promise<number> {
  const modes = modesOf(argv);
  const output = openOutput(world, modes);
  try {
    const reading = readArguments(catalogue, argv);
    if (reading.kind === "text") {
      output.raw(reading.text);
      return exitCodes.done.code;
    }
    const { command, typed } = reading;
    const ending = await command.run(callOf(world, output, modes, typed));
    return ending ?? exitCodes.done.code;
  } catch (thrown) {
    return explain(thrown, world, output);
  } finally {
    output.end();
  }
}

function openOutput({ env, stdout, stderr }: World, modes: Modes): Output {
  const colourful = (stream: WorldStream) => modes.colour && wantsColour(env, stream.isTerminal);
  return new Output({ ...stdout, colourful: colourful(stdout) }, { ...stderr, colourful: colourful(stderr) }, modes);
}

/** What needs a server is made when it is first asked for: most of what runs on this machine needs none. */
function callOf(world: World, output: Output, modes: Modes, typed: Typed): Call {
  const { env, accessToken, version, signal } = world;
  const settings = openSettings(env);
  const profiles = new Profiles(settings, openKeyring(env));
  const server = lazy(() => serverAddress(typed.text("server"), env, profiles.currentServer()));
  const http = lazy(() => new HttpClient({ server: server(), version, signal, detail: (line) => output.detail(line) }));
  const token = lazy(async () => accessToken ?? profiles.token(server()));
  const api = lazy(
    () =>
      new Api({
        http: http(),
        token,
        wantedAccount: () =>
          typed.text("account") ??
          (env["ASTRO_ACCOUNT"] || (accessToken === undefined ? profiles.find(server())?.account : undefined)),
      }),
  );
  return {
    ...typed,
    output,
    get api() {
      return api();
    },
    get http() {
      return http();
    },
    settings,
    profiles,
    hasGivenToken: accessToken !== undefined,
    prompts: openPrompts(world.isInputTerminal && world.stderr.isTerminal && !modes.json),
    cwd: world.cwd,
    env,
    signal,
    now: world.now,
    sleep: world.sleep,
    piped: world.piped,
    openBrowser: (address) => openBrowser(address, env, world.platform),
    version,
  };
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Prints why it ended; gives the exit code. */
function explain(thrown: unknown, { signal }: World, output: Output): number {
  if (signal.aborted) {
    output.problem(new Problem("interrupted", "Interrupted."));
    return exitCodes.interrupted.code;
  }
  const problem =
    thrown instanceof Problem
      ? thrown
      : new Problem("failed", `ast failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
          code: "unexpected",
          hint: "This should not happen. Repeat it with --verbose, and report what it prints.",
          cause: thrown,
        });
  output.problem(problem);
  if (problem.code === "unexpected" && thrown instanceof Error) output.detail(thrown.stack ?? "");
  return problem.exitCode;
}
