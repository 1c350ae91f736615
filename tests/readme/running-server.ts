// Starts the real server as `npm start` does, on a free port and an empty data folder, and learns its address and keys
// from the lines it prints, as a person would.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../tidy/source-tree.ts";

const startLimitMs = 20_000;
const stopLimitMs = 10_000;

export type RunningServer = {
  readonly address: string;
  readonly testKey: string;
  readonly liveKey: string;
  readonly dataFolder: string;
  /** Everything printed so far. */
  readonly printed: () => string;
  /** Asks the server to end; resolves with its exit code. */
  readonly stop: () => Promise<number>;
};

/** @throws Error with what was printed, when address and keys do not appear in time. */
export async function startServer(): Promise<RunningServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), "astrolabe-readme-"));
  const child = Bun.spawn(["node", join(root, "scripts", "start.mjs")], {
    cwd: root,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      HOST: "127.0.0.1",
      PORT: "0",
      ASTROLABE_DATA_DIR: dataFolder,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let printed = "";
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) printed += decoder.decode(bytes, { stream: true });
  };
  const collected = Promise.allSettled([collect(child.stdout), collect(child.stderr)]);
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
    const exitCode = await child.exited;
    clearTimeout(late);
    await collected;
    await rm(dataFolder, { recursive: true, force: true });
    return exitCode;
  };
  const deadline = performance.now() + startLimitMs;
  for (;;) {
    const facts = readFacts(printed);
    if (facts !== undefined) return { ...facts, dataFolder, printed: () => printed, stop };
    if (child.exitCode !== null || performance.now() > deadline) break;
    await Bun.sleep(20);
  }
  await stop();
  throw new Error(`The server did not print its address and keys. It printed:\n${printed}`);
}

function readFacts(printed: string): { address: string; testKey: string; liveKey: string } | undefined {
  const address = /http:\/\/127\.0\.0\.1:\d+(?=[\s/"'])/.exec(printed)?.[0];
  const testKey = /\bastrolabe_test_[0-9A-Za-z]{38}\b/.exec(printed)?.[0];
  const liveKey = /\bastrolabe_live_[0-9A-Za-z]{38}\b/.exec(printed)?.[0];
  return address && testKey && liveKey ? { address, testKey, liveKey } : undefined;
}
