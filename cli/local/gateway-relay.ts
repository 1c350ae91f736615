// The way of local containers to a gateway that listens on this machine's loopback address: a relay in this process, or in
// one of its own that outlives the command.

import { randomUUID } from "node:crypto";
import { openSync, readFileSync } from "node:fs";
import type { HostAddress } from "../../runtimes/docker/host-address.ts";
import { isLoopback, urlForContainers } from "../../runtimes/docker/host-address.ts";
import { openRelay } from "../../runtimes/docker/relay.ts";
import { Problem } from "../problem.ts";
import type { Environment } from "../context.ts";

export type GatewayWay = {
  /** The gateway's URL as containers have to call it. */
  readonly url: string;
  /** The process that passes calls on, when it is one of its own. */
  readonly detached?: { readonly pid: number; readonly token: string };
  readonly close: () => Promise<void>;
};

const startMs = 10_000;

/** @param url as this machine reaches the gateway. @throws RuntimeError when nobody can listen */
export async function openGatewayWay(
  url: string,
  host: HostAddress,
  { detached, environment }: { readonly detached: boolean; readonly environment: Environment },
): Promise<GatewayWay> {
  const none = async () => undefined;
  if (!isLoopback(url)) return { url, close: none };
  const target = targetOf(url);
  if (host.listenOn === undefined) return { url: urlForContainers(url, host.name, target.port), close: none };
  if (!detached) {
    const listen = { address: host.listenOn, port: 0 };
    const relay = await openRelay({ listen, target, admits: host.admits });
    return { url: urlForContainers(url, host.name, relay.port), close: relay.close };
  }
  const started = await startDetached(target, environment);
  return {
    url: urlForContainers(url, host.name, started.port),
    detached: { pid: started.pid, token: started.token },
    close: async () => endDetached(started),
  };
}

export function targetOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  return {
    host: host.endsWith("localhost") ? "127.0.0.1" : host,
    port: Number(port) || (protocol === "https:" ? 443 : 80),
  };
}

async function startDetached(
  target: { readonly host: string; readonly port: number },
  environment: Environment,
): Promise<{ readonly pid: number; readonly token: string; readonly port: number }> {
  const token = randomUUID();
  const own = [process.execPath, ...(import.meta.path.startsWith("/$bunfs/") ? [] : [process.argv[1] ?? ""])];
  const words = ["project", "relay", `--target=${target.host}:${target.port}`, `--token=${token}`];
  const child = Bun.spawn([...own, ...words], {
    cwd: "/",
    env: { ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: openSync("/dev/null", "w"),
    detached: true,
  });
  const timer = setTimeout(() => child.kill(), startMs);
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  clearTimeout(timer);
  reader.releaseLock();
  const port = Number(value === undefined ? "" : new TextDecoder().decode(value).trim());
  if (!(port > 0)) {
    child.kill();
    throw new Problem("failed", "The relay between containers and the gateway did not start.", {
      hint: "Start without -b to see more.",
    });
  }
  child.unref();
  return { pid: child.pid, token, port };
}

/** Ends the process only if it still is the relay that was started: its number may be somebody else's by now. */
export function endDetached({ pid, token }: { readonly pid: number; readonly token: string }): void {
  if (!isOurs(pid, token)) return;
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended meanwhile.
  }
}

function isOurs(pid: number, token: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(token);
  } catch {
    const listed = Bun.spawnSync(["ps", "-p", String(pid), "-o", "command="]);
    return listed.stdout.toString().includes(token);
  }
}
