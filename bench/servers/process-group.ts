// The processes one benchmark run starts: each is waited for until it is ready, and all of them are stopped by their own
// ids when the run ends, however it ends.

import type { Subprocess } from "bun";

const readyWithinMs = 30_000;
const readyPollMs = 25;
const stopWithinMs = 5_000;
const outputLimitCharacters = 4_000;

export type ServerCommand = {
  readonly name: string;
  readonly command: readonly string[];
  /** The whole environment of the process; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** Answers 200 to GET once the server takes requests. */
  readonly readyPath: string;
};

export type RunningServer = { readonly name: string; readonly port: number; readonly pid: number };

type Child = { readonly process: Subprocess; readonly output: () => string };

export class ProcessGroup {
  readonly #children = new Set<Child>();
  readonly #cleanups: (() => void)[] = [];
  #stopping: Promise<void> | undefined;

  /** @throws Error with the end of the server's output when it exits or is not ready in half a minute. */
  async startServer(server: ServerCommand): Promise<RunningServer> {
    const child = this.#spawn(server.command, server.environment);
    const url = `http://127.0.0.1:${server.port}${server.readyPath}`;
    const deadline = performance.now() + readyWithinMs;
    while (!(await answersOk(url))) {
      const gone = child.process.exitCode !== null || child.process.signalCode !== null;
      if (gone || performance.now() > deadline) {
        throw new Error(`${server.name} ${gone ? "ended" : "was not ready in time"}. Its output:\n${child.output()}`);
      }
      await Bun.sleep(readyPollMs);
    }
    return { name: server.name, port: server.port, pid: child.process.pid };
  }

  /**
   * Runs a program to its end and returns what it wrote to stdout.
   * @throws Error with the end of its error output when it fails or takes longer than `limitMs`.
   */
  async run(command: readonly string[], environment: Readonly<Record<string, string>>, input: string, limitMs: number) {
    this.#refuseWhenStopping();
    const process = Bun.spawn([...command], {
      env: { ...environment },
      stdin: Buffer.from(input),
      stdout: "pipe",
      stderr: "pipe",
      timeout: limitMs,
    });
    const child = { process, output: keepEnd(process.stderr) };
    this.#children.add(child);
    const stdout = await process.stdout.text();
    const exitCode = await process.exited;
    this.#children.delete(child);
    if (exitCode !== 0) throw new Error(`${command.join(" ")} failed (${exitCode}): ${child.output()}`);
    return stdout;
  }

  /** Registers what is left to do once every process has ended, such as removing their files. */
  afterStop(cleanup: () => void): void {
    this.#cleanups.push(cleanup);
  }

  /** Asks every process to end, then ends those that have not after a few seconds. Nothing can be started afterwards. */
  stopAll(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const processes = [...this.#children].map((child) => child.process);
    for (const process of processes) process.kill("SIGTERM");
    const allExited = Promise.all(processes.map((process) => process.exited));
    await Promise.race([allExited, Bun.sleep(stopWithinMs)]);
    for (const process of processes) process.kill("SIGKILL");
    await allExited;
    for (const cleanup of this.#cleanups) cleanup();
  }

  #refuseWhenStopping(): void {
    if (this.#stopping !== undefined) throw new Error("the run is being stopped");
  }

  #spawn(command: readonly string[], environment: Readonly<Record<string, string>>): Child {
    this.#refuseWhenStopping();
    const process = Bun.spawn([...command], {
      env: { ...environment },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    });
    const child = { process, output: keepEnd(process.stderr) };
    this.#children.add(child);
    return child;
  }
}

/** Drains a process's output, so that it never blocks on a full pipe, and keeps only the end of it. */
function keepEnd(stream: ReadableStream<Uint8Array>): () => string {
  let kept = "";
  const drain = async () => {
    const decoder = new TextDecoder();
    for await (const part of stream) {
      kept = (kept + decoder.decode(part, { stream: true })).slice(-outputLimitCharacters);
    }
  };
  drain().catch((error: unknown) => {
    kept += String(error);
  });
  return () => kept;
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** A loopback port nothing listens on at this moment. */
export function findFreePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const { port } = listener;
  listener.stop(true);
  return port;
}
