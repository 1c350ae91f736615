// Runs an example as a reader would: in a shell, at the root of the checkout, with the server's address put in.

import { root } from "../tidy/source-tree.ts";
import type { RunningServer } from "./running-server.ts";

const documentedAddress = "http://127.0.0.1:8787";

export type Outcome = { readonly output: string; readonly exitCode: number };

/** The example for this server: only the address differs from what the reader sees. */
export function exampleFor(server: RunningServer, example: string): string {
  return example.replaceAll(documentedAddress, server.address);
}

/** What a command prints; its errors too when it fails. The environment is the one that the pages ask for. */
export async function runExample(command: readonly string[], server: RunningServer): Promise<Outcome> {
  const child = Bun.spawn([...command], {
    cwd: root,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      PORT: new URL(server.address).port,
      ASTROLABE_DATA_DIR: server.dataFolder,
      ASTROLABE_API_KEY: server.testKey,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { output: exitCode === 0 ? output : output + errors, exitCode };
}
