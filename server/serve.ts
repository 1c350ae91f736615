// The server's life: wire, listen, print the first start, keep house, and on SIGTERM drain before leaving.

import packageFile from "../package.json" with { type: "json" };
import type { Config } from "./config.ts";
import { GatewayError } from "./contracts/errors.ts";
import { newId } from "./contracts/ids.ts";
import { firstStartText, type StartFacts } from "./first-start/first-start-text.ts";
import { errorResponse } from "./http/error-response.ts";
import { doorSockets, type DoorSocketData } from "./http/front-door/pass-socket.ts";
import { prepareDataDirectory } from "./storage/data-directory.ts";
import { holdServingLock } from "./storage/sqlite/serving-lock.ts";
import { upstreamLine } from "./upstreams.ts";
import { wire, type WiredServer } from "./wire.ts";

const housekeepingMs = 5_000;
/** For each of the last steps of shutdown: telling, closing, settling. */
const farewellMs = 1_000;
/** Bun closes a silent connection after this; inference requests are exempt once their body is read. */
const idleTimeoutSeconds = 120;

export type Output = { readonly info: (line: string) => void; readonly error: (line: string) => void };

/** Serves until SIGTERM or SIGINT; resolves when everything owed is settled. */
export async function serve(config: Config, output: Output): Promise<void> {
  // From the first moment: the first process of a container hears only the signals that it asks for.
  const stopped = stopSignal();
  const reportFault = (where: string, error: unknown): void => output.error(`${where}: ${describe(error)}`);
  const startedAt = performance.timeOrigin;
  const now = (): number => startedAt + performance.now();
  // The port comes first: a start that fails on it must not have made the keys that are shown only once.
  const door = openDoor(config);
  const publicUrl = config.publicUrl ?? door.url;
  const address = { host: config.host, port: door.port };
  const surroundings = { version: packageFile.version, publicUrl, now, reportFault, address: () => address };
  const lock = config.databaseUrl === undefined ? lockDataDirectory(config) : undefined;
  const wired = await wire(config, surroundings);
  const secrets = await wired.control.firstStart(config.initial);
  door.admit((request, bun) => wired.answer(request, bun));
  const upstreams = config.upstreams.map(upstreamLine);
  const owner = await ownerAt(wired.control, secrets !== undefined);
  const given = { liveKey: config.initial.apiKey !== undefined, testKey: config.initial.testKey !== undefined };
  for (const line of firstStartText({ address: publicUrl, upstreams, secrets, given, owner })) output.info(line);
  let keeping: Promise<void> | undefined;
  const housekeep = (): void => {
    keeping ??= wired
      .housekeep()
      .catch((error: unknown) => reportFault("housekeeping", error))
      .finally(() => (keeping = undefined));
  };
  housekeep();
  wired.webhooks.start();
  wired.agents.start();
  if (config.billing.stripe !== undefined) wired.control.billing.start();
  const housekeeping = setInterval(housekeep, housekeepingMs);
  await stopped;
  output.info("Stopping: waiting for requests in progress.");
  clearInterval(housekeeping);
  await drain(wired, door.server, config.drainMs, () => keeping);
  lock?.release();
}

/** @throws Error when the directory cannot be used, or another server has it */
function lockDataDirectory({ dataDir }: Config): { readonly release: () => void } {
  prepareDataDirectory(dataDir);
  return holdServingLock(dataDir);
}

/** A link is a secret: only the first start makes and prints one. */
async function ownerAt(control: WiredServer["control"], isFirst: boolean): Promise<StartFacts["owner"]> {
  if (!isFirst) return (await control.isClaimed()) ? "claimed" : "none yet";
  const link = await control.ownerLink();
  return link === undefined ? "claimed" : { link };
}

type Listener = Bun.Server<DoorSocketData>;
type Answer = (request: Request, server: Listener) => Response | undefined | Promise<Response | undefined>;

/** Listens, and answers 503 until told who answers. @throws Error when the address cannot be listened on */
function openDoor(config: Config) {
  const starting = new GatewayError("service_unavailable", "The server is starting.", { retryAfterSeconds: 1 });
  let answer: Answer = () => errorResponse(starting, newId("req"));
  const server = listen(config, (request, bun) => answer(request, bun));
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${server.port}`;
  return { server, url, port: server.port ?? config.port, admit: (next: Answer) => void (answer = next) };
}

function listen({ host, port, bodyBytes }: Config, answer: Answer): Listener {
  try {
    return Bun.serve({
      hostname: host,
      port,
      idleTimeout: idleTimeoutSeconds,
      // The gateway answers 413 itself; this is the backstop behind it.
      maxRequestBodySize: bodyBytes + 1024 * 1024,
      fetch: answer,
      websocket: doorSockets,
    });
  } catch (cause) {
    const inUse = port !== 0 && cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
    const problem = inUse
      ? `PORT: ${host}:${port} is in use. Stop what runs there, or choose another port; a server of its own also needs its own ASTROLABE_DATA_DIR.`
      : `HOST: ${host} cannot be listened on. Choose an address of this machine.`;
    throw new Error(problem, { cause });
  }
}

/**
 * New requests get 503; running ones get `drainMs` to finish, then are cancelled, told so, and settled with what was
 * seen. Clients that do not even read that lose their connection.
 */
async function drain(
  wired: WiredServer,
  server: Listener,
  drainMs: number,
  keeping: () => Promise<void> | undefined,
): Promise<void> {
  const { inFlight } = wired.services;
  wired.inference.drain();
  void wired.webhooks.stop();
  void wired.control.billing.stop();
  void wired.agents.stop();
  const stopped = server.stop();
  if (!(await inFlight.drain(drainMs))) {
    wired.inference.abort();
    await inFlight.drain(farewellMs);
  }
  await Promise.race([stopped, Bun.sleep(farewellMs)]);
  await server.stop(true);
  await inFlight.drain(farewellMs);
  // The database closes under nobody who still uses it.
  await Promise.race([keeping(), Bun.sleep(housekeepingMs)]);
  await wired.close();
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.removeListener("SIGTERM", stop);
      process.removeListener("SIGINT", stop);
      resolve();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
