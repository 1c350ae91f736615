// The real program as a child process: starts `server/main.ts` as a person would, reads what it prints, stops it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isObject, type JsonObject } from "../../server/contracts/json.ts";

const folder = join(import.meta.dir, "../..");
const program = [process.execPath, join(folder, "server/main.ts")];
/** What `npm start` runs, for Node alone. */
export const startScript: readonly string[] = ["node", join(folder, "scripts/start.mjs")];
const patienceMs = 10_000;
/** For a start, which waits for a processor on a busy machine. */
const startPatienceMs = 30_000;

export type Finished = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

export type ServerProcess = {
  /** The printed address, without a trailing slash. */
  readonly url: string;
  /** As printed by a first start; empty on later ones. */
  readonly liveKey: string;
  readonly testKey: string;
  /** Milliseconds from spawning the process to the first 200 of `/ready`. */
  readonly readyAfterMs: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly signal: (signal: "SIGTERM" | "SIGKILL") => void;
  /** Resolves with the exit code; 137 and the like after a signal that killed it. */
  readonly exited: Promise<number>;
  /** Sends SIGKILL unless it has ended already. */
  readonly end: () => Promise<void>;
};

/** A new directory that is removed when `remove` is called; the data directory is to be made inside it. */
export function temporaryDirectory(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "astrolabe-process-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export type LaunchedServer = {
  /** @throws Error with its output when it is not ready in time, or ended before. */
  readonly ready: Promise<ServerProcess>;
  readonly stdout: () => string;
  readonly exited: Promise<number>;
  /** Sends SIGKILL unless it has ended already. */
  readonly end: () => Promise<void>;
};

/**
 * Starts a server on a free port and waits until it is ready.
 * @param command the program and its words; `serve` by itself unless told otherwise.
 * @throws Error with its output when it is not ready in time.
 */
export function startServer(
  dataDir: string,
  environment: Record<string, string | undefined> = {},
  command: readonly string[] = [...program, "serve"],
): Promise<ServerProcess> {
  return launchServer(dataDir, environment, command).ready;
}

/** Starts a server on a free port without waiting, so that it can be ended while it starts. */
export function launchServer(
  dataDir: string,
  environment: Record<string, string | undefined>,
  command: readonly string[],
): LaunchedServer {
  const startedAt = performance.now();
  const child = spawn(command, { PORT: "0", ASTROLABE_DATA_DIR: dataDir, ...environment });
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await child.exited;
  };
  const ready = async (): Promise<ServerProcess> => {
    for (let url: string | undefined; performance.now() < startedAt + startPatienceMs; await Bun.sleep(5)) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      url ??= /serving at (\S+)\n/.exec(stdout.text())?.[1];
      if (url === undefined || !(await isReady(url))) continue;
      return {
        url,
        readyAfterMs: performance.now() - startedAt,
        liveKey: /live key\s+(\S+)/.exec(stdout.text())?.[1] ?? "",
        testKey: /test key\s+(\S+)/.exec(stdout.text())?.[1] ?? "",
        stdout: stdout.text,
        stderr: stderr.text,
        signal: (signal) => child.kill(signal),
        exited: child.exited,
        end,
      };
    }
    const ended = child.exitCode ?? child.signalCode;
    const problem = ended === null ? "the server was not ready in time" : `the server ended with ${ended}`;
    child.kill("SIGKILL");
    throw new Error(`${problem}\n${stdout.text()}\n${stderr.text()}`);
  };
  return { ready: ready(), stdout: stdout.text, exited: child.exited, end };
}

/**
 * Runs one command to its end, such as `["keys", "list"]`. It is killed when it takes too long.
 * @param using the program, from source unless told otherwise, and its time limit.
 */
export async function runProgram(
  words: readonly string[],
  environment: Record<string, string | undefined> = {},
  using: { readonly program: readonly string[]; readonly limitMs: number } = { program, limitMs: patienceMs },
): Promise<Finished> {
  const child = spawn([...using.program, ...words], environment);
  const timer = setTimeout(() => child.kill("SIGKILL"), using.limitMs);
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  clearTimeout(timer);
  return { exitCode, stdout, stderr };
}

/** Sends one inference request, a small one by default. */
export function ask(
  server: ServerProcess,
  key: string,
  body: JsonObject = { model: "astrolabe/auto", input: "Write one sentence explaining routing stacks." },
): Promise<Response> {
  return fetch(`${server.url}/v1/${"messages" in body ? "chat/completions" : "responses"}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

export async function read(server: ServerProcess, path: string, key: string): Promise<JsonObject> {
  const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${key}` } });
  const body: unknown = await response.json();
  if (!isObject(body)) throw new Error(`${path} gave no object`);
  return body;
}

/** The child sees these variables, the search path, and nothing else of the environment. */
function spawn(command: readonly string[], environment: Record<string, string | undefined>) {
  return Bun.spawn([...command], {
    env: { PATH: process.env["PATH"], ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Reads along, so that the child never waits for a full pipe. */
function gather(stream: ReadableStream<Uint8Array>): { readonly text: () => string } {
  let text = "";
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  })();
  return { text: () => text };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/ready`).catch(() => undefined);
  return response?.status === 200;
}
