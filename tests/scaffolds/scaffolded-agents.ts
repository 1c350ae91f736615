// Scaffolded agents for tests: written as `ast create` writes them, installed as their README says, and started by the
// command of their Dockerfile.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { arrayAt, parseObject } from "../../server/contracts/json.ts";
import type { ScaffoldRequest } from "../../cli/scaffold/scaffold-files.ts";
import { writeScaffold } from "../../cli/scaffold/write-scaffold.ts";

export type Folder = {
  /** Holds a folder for each scaffold. */
  readonly path: string;
  /** Finds `bun`, and what this process finds. */
  readonly searchPath: string;
  /** The agents that were started here. */
  readonly agents: Bun.Subprocess[];
  /** Ends them, and removes everything. */
  readonly remove: () => Promise<void>;
};

export type Ran = { readonly exitCode: number; readonly output: string };

export type RunningAgent = {
  readonly url: string;
  /** Everything printed so far. */
  readonly printed: () => string;
  /** Asks for the whole answer, or for why there is none. */
  readonly ask: (message: string) => Promise<{ status: number; answer: string; error: string }>;
  /** The pieces of a streamed answer as they came in. */
  readonly stream: (message: string, onPiece?: () => void) => Promise<string[]>;
  /** Asks it to end, as platforms do; resolves with its exit code. */
  readonly end: () => Promise<number>;
};

const startLimitMs = 60_000;

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "scaffolds-"));
  const programs = join(path, ".bin");
  mkdirSync(programs);
  symlinkSync(process.execPath, join(programs, "bun"));
  const agents: Bun.Subprocess[] = [];
  return {
    agents,
    path,
    searchPath: [programs, process.env["PATH"]].join(delimiter),
    async remove() {
      for (const agent of agents) agent.kill("SIGKILL");
      await Promise.all(agents.map(({ exited }) => exited));
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Writes the scaffold; gives its folder. */
export async function scaffold({ path }: Folder, request: ScaffoldRequest): Promise<string> {
  const folder = join(path, `${request.template}-${request.model}`);
  const result = await writeScaffold(folder, request, false);
  if ("refused" in result) throw new Error(`${folder}: ${result.refused}`);
  return folder;
}

/** Runs lines in a shell, each of which has to succeed. */
export async function runLines(
  folder: Folder,
  cwd: string,
  lines: string,
  env: Record<string, string> = {},
): Promise<Ran> {
  const child = Bun.spawn(["bash", "-e", "-c", lines], {
    cwd,
    env: { ...inherited(), PATH: folder.searchPath, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { exitCode, output: output + errors };
}

/** What package clients need to reach their registry and their cache. */
function inherited(): Record<string, string | undefined> {
  const { HOME, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, PYENV_VERSION } = process.env;
  return { HOME, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, PYENV_VERSION };
}

/** Starts the agent with these variables and nothing else, on a free port. @throws Error with what it printed */
export async function startAgent(folder: Folder, cwd: string, env: Record<string, string>): Promise<RunningAgent> {
  const child = Bun.spawn(await startCommand(cwd), {
    cwd,
    env: { PATH: folder.searchPath, PYENV_VERSION: process.env["PYENV_VERSION"], PORT: "0", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  folder.agents.push(child);
  let printed = "";
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) printed += decoder.decode(chunk, { stream: true });
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  const port = await untilListening(() => ({ printed, hasEnded: child.exitCode !== null }));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    printed: () => printed,
    async ask(message) {
      const response = await chat(url, message, "application/json");
      const body = parseObject(await response.text()) ?? {};
      return { status: response.status, answer: String(body["answer"] ?? ""), error: String(body["error"] ?? "") };
    },
    async stream(message, onPiece) {
      const response = await chat(url, message, "*/*");
      if (response.status !== 200 || response.body === null) throw new Error(`${response.status} instead of a stream`);
      const decoder = new TextDecoder();
      const pieces: string[] = [];
      for await (const chunk of response.body) {
        pieces.push(decoder.decode(chunk, { stream: true }));
        onPiece?.();
      }
      return pieces;
    },
    async end() {
      child.kill("SIGTERM");
      const exitCode = await child.exited;
      await reading;
      return exitCode;
    },
  };
}

/** The words of `CMD [...]` in the Dockerfile. */
export async function startCommand(cwd: string): Promise<string[]> {
  const dockerfile = await Bun.file(join(cwd, "Dockerfile")).text();
  const words = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]";
  return (arrayAt(parseObject(`{"words":${words}}`) ?? {}, "words") ?? []).map(String);
}

async function untilListening(look: () => { printed: string; hasEnded: boolean }): Promise<string> {
  const end = performance.now() + startLimitMs;
  for (;;) {
    const { printed, hasEnded } = look();
    const [, port] = /(?:Listening on port |running on http:\/\/\S+:)(\d+)/.exec(printed) ?? [];
    if (port !== undefined) return port;
    if (hasEnded || performance.now() > end) throw new Error(`The agent did not start:\n${printed}`);
    await Bun.sleep(20);
  }
}

function chat(url: string, message: string, accept: string): Promise<Response> {
  return fetch(`${url}/chat`, {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify({ message }),
  });
}
