// The real server as `npm start` starts it, on a free port and an empty data folder: what the pages' examples ask.

import { join } from "node:path";
import { startScript, startServer as startProcess, temporaryDirectory } from "../support/server-process.ts";

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

/** @throws Error with what was printed, when it is not ready in time. */
export async function startServer(): Promise<RunningServer> {
  const directory = temporaryDirectory();
  const dataFolder = join(directory.path, "data");
  const server = await startProcess(dataFolder, { HOME: process.env["HOME"] }, startScript);
  return {
    address: server.url,
    testKey: server.testKey,
    liveKey: server.liveKey,
    dataFolder,
    printed: () => server.stdout() + server.stderr(),
    async stop() {
      server.signal("SIGTERM");
      const exitCode = await server.exited;
      directory.remove();
      return exitCode;
    },
  };
}
