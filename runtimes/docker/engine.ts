// A connection to a container engine that answered, and what has to be known about it: Docker or Podman, here or far.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { z } from "zod";
import { RuntimeError } from "../runtime.ts";
import { addressText, engineAddresses, noEngineHint, type EngineAddress, type EnginePlace } from "./engine-address.ts";

export type Engine = {
  /** For calls that end soon: each has a time limit. */
  readonly docker: Docker;
  /** For what goes on: logs, builds, pulls, pushes, waits. Ended by their signals. */
  readonly streaming: Docker;
  readonly flavour: "docker" | "podman";
  readonly version: string;
  /** In a virtual machine of this computer, which gives containers the way to its loopback address itself. */
  readonly virtual: boolean;
  /** Run by an ordinary user. */
  readonly rootless: boolean;
  /** What it publishes on 127.0.0.1 can be reached from here. */
  readonly local: boolean;
  /** The architecture as images name it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** What it writes logs with unless told otherwise: `json-file`. */
  readonly logDriver: string;
  /** For messages. */
  readonly address: string;
  /** DOCKER_HOST for programs started from here. */
  readonly dockerHost: string;
  readonly place: EnginePlace;
};

const answerMs = 10_000;
/** Of silence; stopping a container takes longest. */
const callMs = 120_000;

/**
 * Finds an engine that answers.
 * @param limitMs how long all that may be tried have together; absent: ten seconds each.
 * @throws RuntimeError `unavailable` with what to do
 */
export async function connectEngine(place: EnginePlace, signal?: AbortSignal, limitMs?: number): Promise<Engine> {
  // Loading it is no part of the time that an engine takes to answer.
  await import("dockerode");
  const clock = limitMs === undefined ? undefined : AbortSignal.timeout(limitMs);
  const failures: string[] = [];
  for (const address of engineAddresses(place)) {
    try {
      return await connect(address, place, limited(clock ?? AbortSignal.timeout(answerMs), signal));
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(`${addressText(address)}: ${reasonOf(error)}`);
      if (clock?.aborted) break;
    }
  }
  throw noEngine(failures);
}

/** A sign of life of an engine that answered before. @throws RuntimeError `unavailable` as `connectEngine` does */
export async function pingEngine(
  { docker, address }: Pick<Engine, "docker" | "address">,
  signal?: AbortSignal,
  limitMs = answerMs,
): Promise<void> {
  try {
    await unlessAborted(docker.ping(), limited(AbortSignal.timeout(limitMs), signal));
  } catch (error) {
    signal?.throwIfAborted();
    throw noEngine([`${address}: ${reasonOf(error)}`]);
  }
}

/** @param failures each an address and why it is of no use */
function noEngine(failures: readonly string[]): RuntimeError {
  const tried = failures.length === 0 ? "no socket of one was found" : failures.join("; ");
  return new RuntimeError("unavailable", `No container engine answers (${tried}).`, {
    hint: failures.some((failure) => failure.includes("permission"))
      ? "You may not use its socket: join the group that owns it (`sudo usermod -aG docker $USER`, then sign in anew), or use rootless Podman."
      : noEngineHint,
  });
}

function limited(limit: AbortSignal, outer: AbortSignal | undefined): AbortSignal {
  return outer === undefined ? limit : AbortSignal.any([outer, limit]);
}

async function connect(address: EngineAddress, place: EnginePlace, signal: AbortSignal): Promise<Engine> {
  const { default: DockerClient } = await import("dockerode");
  const docker = new DockerClient({ ...clientOptions(address), timeout: callMs });
  const [version, info] = await unlessAborted(Promise.all([docker.version(), readInfo(docker)]), signal);
  const podman = JSON.stringify(version.Components ?? []).includes("Podman");
  const here = address.kind === "socket" || ["127.0.0.1", "localhost", "::1"].includes(address.host);
  return {
    docker,
    streaming: new DockerClient(clientOptions(address)),
    flavour: podman ? "podman" : "docker",
    version: version.Version,
    virtual: place.platform !== "linux" || /desktop|orbstack|wsl/i.test(info.OperatingSystem),
    rootless: info.SecurityOptions.some((option) => option.includes("rootless")),
    local: here,
    architecture: version.Arch,
    logDriver: info.LoggingDriver,
    address: addressText(address),
    dockerHost: addressText(address),
    place,
  };
}

const engineInfo = z.looseObject({
  OperatingSystem: z.string().catch(""),
  SecurityOptions: z.array(z.string()).catch([]),
  LoggingDriver: z.string().catch(""),
});

async function readInfo(docker: Docker): Promise<z.infer<typeof engineInfo>> {
  return engineInfo.parse(await docker.info());
}

/** Stops waiting when the signal says so; what was waited for is left to itself. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new Error("it does not answer in time"));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function clientOptions(address: EngineAddress): Docker.DockerOptions {
  if (address.kind === "socket") return { socketPath: address.path };
  const { host, port, tls } = address;
  if (tls === undefined) return { host, port, protocol: "http" };
  const read = (name: string) => readFileSync(join(tls.folder, name));
  return { host, port, protocol: "https", ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/EACCES|permission/i.test(text)) return "permission denied";
  if (/ECONNREFUSED|ENOENT|FailedToOpenSocket|Unable to connect/i.test(text)) return "nothing listens";
  if (/EPIPE|ECONNRESET|socket hang up/i.test(text)) return "the connection broke";
  return text;
}
