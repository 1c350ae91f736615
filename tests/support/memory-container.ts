// A container of the runtime for tests: a program that writes lines, and listens on a port of this machine if it serves.

import type { Workload } from "../../blueprint/workload.ts";
import { RuntimeError, type LogLine } from "../../runtimes/runtime.ts";

/** What a program finds around it. */
export type Around = {
  readonly environment: Readonly<Record<string, string>>;
  /** What outlives it; undefined when it has no volume. */
  readonly volume: Map<string, string> | undefined;
  readonly write: (text: string, stream?: "stdout" | "stderr") => void;
  /** Where another workload answers on this machine; undefined when it does not. */
  readonly ask: (host: string) => Promise<number | undefined>;
};

/** Serves by what it gives, or ends with an exit code. */
export type Program = (around: Around) => Promise<Serving | number>;

export type Serving = {
  readonly fetch: (
    request: Request,
    server: Bun.Server<undefined>,
  ) => Response | Promise<Response | undefined> | undefined;
  readonly websocket?: Bun.WebSocketHandler<undefined>;
};

export type ContainerParts = Pick<Around, "volume" | "ask"> & {
  readonly program: Program;
  readonly workload: Workload;
  readonly instance: string;
  readonly revision: number;
  /** Called when it has written something. */
  readonly notify: () => void;
};

export class MemoryContainer {
  readonly #parts: ContainerParts;
  readonly lines: LogLine[] = [];
  #server: Bun.Server<undefined> | undefined;
  #ended: number | undefined;
  #begun: Promise<void> | undefined;
  startedAt = Date.now();

  constructor(parts: ContainerParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.workload.name;
  }
  get workload(): Workload {
    return this.#parts.workload;
  }
  get instance(): string {
    return this.#parts.instance;
  }
  get revision(): number {
    return this.#parts.revision;
  }
  get isRunning(): boolean {
    return this.#server !== undefined;
  }
  /** Undefined while it listens on nothing. */
  get port(): number | undefined {
    return this.#server?.port;
  }

  isSame(workload: Workload): boolean {
    return this.isRunning && JSON.stringify(workload) === JSON.stringify(this.workload);
  }

  /** @throws RuntimeError exited, unhealthy; the signal's reason */
  async untilHealthy(signal: AbortSignal): Promise<void> {
    await this.#begin();
    const { workload } = this;
    if (this.#ended !== undefined) {
      const lastLines = this.lines.map(({ text }) => text);
      throw new RuntimeError("exited", `${this.name} ended with ${this.#ended}.`, {
        hint: "Look at its log.",
        workload: this.name,
        lastLines,
      });
    }
    const path = workload.healthcheck?.path;
    while (path !== undefined && !(await this.#answers(path))) {
      if (signal.aborted) {
        if (signal.reason instanceof DOMException) {
          throw new RuntimeError("unhealthy", `${this.name} is not well.`, {
            hint: "Look at its log.",
            workload: this.name,
          });
        }
        throw signal.reason;
      }
      await Bun.sleep(10);
    }
  }

  /** For jobs: how it ended. */
  async untilEnded(): Promise<number> {
    await this.#begin();
    await this.end();
    return this.#ended ?? 0;
  }

  async startAgain(): Promise<void> {
    this.#begun = undefined;
    this.startedAt = Date.now();
    await this.#begin();
  }

  async end(): Promise<void> {
    await this.#begun;
    // It ends at once; connections that are kept open are waited for by nobody.
    void this.#server?.stop(true);
    this.#server = undefined;
  }

  #begin(): Promise<void> {
    return (this.#begun ??= this.#run());
  }

  async #run(): Promise<void> {
    const { program, volume, ask, workload, notify } = this.#parts;
    const outcome = await program({
      environment: workload.environment,
      volume,
      ask,
      write: (text, stream = "stdout") => {
        this.lines.push({ at: Date.now(), stream, text, instance: this.instance });
        notify();
      },
    });
    if (typeof outcome === "number") {
      this.#ended = outcome;
      return;
    }
    const { fetch, websocket = { message: () => undefined } } = outcome;
    this.#server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 0, fetch, websocket });
    // A program that is done need not end each of its containers.
    this.#server.unref();
  }

  async #answers(path: string): Promise<boolean> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`).catch(() => undefined);
    return response?.ok === true;
  }
}
