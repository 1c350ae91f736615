// The program `ast` for tests: a real process with a settings folder of its own.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseObject, type JsonObject } from "../../server/contracts/json.ts";
import { openKeyring } from "../../cli/session/keyring.ts";
import { Profiles } from "../../cli/session/profiles.ts";
import { openSettings } from "../../cli/session/settings.ts";
import type { TestGateway } from "./gateway.ts";
import type { SignedInPerson } from "./people.ts";
import { root } from "../tidy/source-tree.ts";

export type Ended = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly json: JsonObject;
};

export type AstOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What is piped in; absent: nothing, as under CI. */
  readonly input?: string;
};

export type Ast = {
  /** Its settings, instead of `~/.ast`. */
  readonly home: string;
  /** Runs it to its end. */
  readonly run: (words: readonly string[], options?: AstOptions) => Promise<Ended>;
  /** Starts it, for whoever answers it or interrupts it. */
  readonly start: (words: readonly string[], options?: AstOptions) => Started;
  /** Runs it on a terminal; each answer is typed once its question is shown. Gives everything that was shown. */
  readonly converse: (
    words: readonly string[],
    answers: readonly (readonly [asked: RegExp, keys: string])[],
    options?: AstOptions,
  ) => Promise<{ readonly code: number; readonly shown: string }>;
  readonly remove: () => void;
};

export type Started = {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly interrupt: () => void;
  /** What stands on standard output or error as soon as this matches. @throws Error when it ends before, or after 30 s */
  readonly shows: (pattern: RegExp) => Promise<RegExpExecArray>;
};

const answerWithinMs = 30_000;

/** @param env for every run: an ASTRO_SERVER_URL. */
export function installAst(env: Readonly<Record<string, string>> = {}): Ast {
  const home = mkdtempSync(join(tmpdir(), "ast-test-"));
  const start: Ast["start"] = (words, options = {}) =>
    startAst(home, words, { ...options, env: { ...env, ...options.env } });
  return {
    home,
    start,
    run: (words, options) => start(words, options).ended,
    converse: (words, answers, options = {}) =>
      converse(home, words, answers, { ...options, env: { ...env, ...options.env } }),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Signs a person in there, past the browser; gives their token. */
export async function keepSession(ast: Ast, gateway: TestGateway, { id, email }: SignedInPerson): Promise<string> {
  const { internalAdapter } = await (await gateway.wired.identity.auth()).$context;
  const { token } = await internalAdapter.createSession(id);
  const settings = openSettings({ ASTRO_CONFIG_HOME: join(ast.home, ".ast") });
  const profiles = new Profiles(settings, openKeyring({ ASTRO_NO_KEYRING: "1" }));
  await profiles.signIn({ server: gateway.url, email, account: undefined, previousAccount: undefined }, token);
  return token;
}

function startAst(home: string, words: readonly string[], { env = {}, cwd = root, input }: AstOptions): Started {
  const child = Bun.spawn([process.execPath, join(root, "cli/main.ts"), ...words], {
    cwd,
    env: environmentIn(home, env),
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const text = { stdout: "", stderr: "" };
  const read = async (stream: ReadableStream<Uint8Array>, into: keyof typeof text) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) text[into] += decoder.decode(chunk, { stream: true });
  };
  const reading = Promise.all([read(child.stdout, "stdout"), read(child.stderr, "stderr")]);
  const ended = (async () => {
    const code = await child.exited;
    await reading;
    return { code, ...text, json: parseObject(text.stdout) ?? {} };
  })();
  return {
    pid: child.pid,
    ended,
    interrupt: () => child.kill("SIGINT"),
    async shows(pattern) {
      const end = performance.now() + answerWithinMs;
      for (;;) {
        const match = pattern.exec(text.stdout + text.stderr);
        if (match !== null) return match;
        if (child.exitCode !== null || performance.now() > end) {
          throw new Error(`ast ${words.join(" ")} never showed ${pattern}:\n${text.stdout}\n${text.stderr}`);
        }
        await Bun.sleep(20);
      }
    },
  };
}

function environmentIn(home: string, env: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const own = { HOME: home, ASTRO_CONFIG_HOME: join(home, ".ast"), ASTRO_NO_KEYRING: "1" };
  return { PATH: process.env["PATH"], ...own, ...env };
}

async function converse(
  home: string,
  words: readonly string[],
  answers: readonly (readonly [RegExp, string])[],
  { env = {}, cwd = root }: AstOptions,
): Promise<{ code: number; shown: string }> {
  let shown = "";
  const child = Bun.spawn([process.execPath, join(root, "cli/main.ts"), ...words], {
    cwd,
    env: { ...environmentIn(home, env), TERM: "xterm" },
    terminal: { cols: 120, rows: 40, data: (_terminal, data) => (shown += new TextDecoder().decode(data)) },
  });
  for (const [asked, keys] of answers) {
    const end = performance.now() + answerWithinMs;
    while (!asked.test(shown)) {
      if (performance.now() > end || child.exitCode !== null) throw new Error(`${asked} was never asked:\n${shown}`);
      await Bun.sleep(20);
    }
    child.terminal?.write(keys);
  }
  return { code: await child.exited, shown };
}
