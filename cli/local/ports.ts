// Which ports of this machine show an agent's containers: the usual ones, or others where those are taken.

import { createServer } from "node:net";
import type { Workload } from "../../blueprint/workload.ts";

/** Where an agent's frontend is found. */
const frontendPort = 3200;
/** Where the messaging service's two ports are found. */
const messagingPorts: ReadonlyMap<number, number> = new Map([
  [9090, 19_090],
  [8080, 3110],
]);
const mostTries = 200;

export type PublishedPort = {
  readonly workload: string;
  /** In the container. */
  readonly port: number;
  readonly hostPort: number;
  /** The usual one. */
  readonly wantedPort: number;
};

/** One for every port of every container that serves. */
export async function choosePorts(workloads: readonly Workload[]): Promise<readonly PublishedPort[]> {
  const taken = new Set<number>();
  const chosen: PublishedPort[] = [];
  for (const workload of workloads.filter(({ run }) => run === "always")) {
    for (const port of workload.ports) {
      const wantedPort = wantedFor(workload, port);
      const hostPort = await freePort(wantedPort, taken);
      taken.add(hostPort);
      chosen.push({ workload: workload.name, port, hostPort, wantedPort });
    }
  }
  return chosen;
}

function wantedFor(workload: Workload, port: number): number {
  if (workload.component === "agent") return port === workload.ports[0] ? frontendPort : port;
  return workload.component === "messaging" ? (messagingPorts.get(port) ?? port) : port;
}

/** The wanted one, else the next above it that is free. */
async function freePort(wanted: number, taken: ReadonlySet<number>): Promise<number> {
  const first = wanted < 1024 ? wanted + 8000 : wanted;
  for (let port = first; port < Math.min(first + mostTries, 65_536); port++) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`no port from ${first} on is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}
