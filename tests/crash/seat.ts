// A place where one server process after the other runs: starts it, kills it, and knows since when the present one is up.

import { launchServer, type LaunchedServer, type ServerProcess } from "../support/server-process.ts";

export type SeatOptions = {
  readonly name: string;
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
};

export class Seat {
  readonly name: string;
  readonly #options: SeatOptions;
  #launched: LaunchedServer | undefined;
  #server: ServerProcess | undefined;
  #upSince: number | undefined;
  #kills = 0;
  #starts = 0;
  #lastStartMs = 400;
  readonly #complaints: string[] = [];

  constructor(options: SeatOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Undefined while no process takes requests. */
  get url(): string | undefined {
    return this.#server?.url;
  }

  /** Unix milliseconds; undefined while no process is up. */
  get upSince(): number | undefined {
    return this.#upSince;
  }

  get kills(): number {
    return this.#kills;
  }

  get starts(): number {
    return this.#starts;
  }

  /** How long the last complete start took. */
  get lastStartMs(): number {
    return this.#lastStartMs;
  }

  /** What the processes wrote to standard error. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  /** Starts a process without waiting for it. */
  launch(): LaunchedServer {
    const { dataDir, environment, command } = this.#options;
    const launched = launchServer(dataDir, environment, command);
    // A process that is killed while it starts is not ready, as intended.
    launched.ready.catch(() => undefined);
    this.#launched = launched;
    this.#starts += 1;
    return launched;
  }

  /** @throws Error with its output when the process is not ready in time. */
  async start(): Promise<ServerProcess> {
    return this.settleIn(this.launch());
  }

  /** Waits for a launched process and lets requests go to it. */
  async settleIn(launched: LaunchedServer): Promise<ServerProcess> {
    const server = await launched.ready;
    this.#server = server;
    this.#upSince = Date.now();
    this.#lastStartMs = server.readyAfterMs;
    return server;
  }

  /** No new request goes to the process, which is about to stop and no longer counts as up. */
  close(): void {
    this.#server = undefined;
    this.#upSince = undefined;
  }

  async kill(): Promise<void> {
    const launched = this.#launched;
    const stderr = this.#server?.stderr;
    this.#server = undefined;
    this.#upSince = undefined;
    this.#launched = undefined;
    if (!launched) return;
    this.#kills += 1;
    await launched.end();
    if (stderr && stderr() !== "") this.#complaints.push(stderr());
  }

  /** Ends the process as an operator would. Returns its exit code; undefined when none runs. */
  async stop(): Promise<number | undefined> {
    const server = this.#server;
    this.#server = undefined;
    this.#upSince = undefined;
    this.#launched = undefined;
    server?.signal("SIGTERM");
    const code = await server?.exited;
    if (server && server.stderr() !== "") this.#complaints.push(server.stderr());
    return code;
  }
}
