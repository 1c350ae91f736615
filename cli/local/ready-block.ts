// What a person reads when the agent is up: where it is found, and what to do next.

import type { Output } from "../terminal/output.ts";
import type { LocalProject } from "./local-project.ts";
import type { PublishedPort } from "./ports.ts";
import type { Started } from "./start-project.ts";

/** Ports that speak HTTP, of stores that have a page. */
const pages: ReadonlyMap<number, string> = new Map([
  [6333, "/dashboard"],
  [7474, "/browser/"],
]);

export function readyDocument({ blueprint, project }: LocalProject, { workloads, ports, source }: Started) {
  return {
    agent: blueprint.name,
    project,
    containers: workloads.map(({ name }) => name),
    addresses: ports.map((port) => ({ workload: port.workload, port: port.port, address: addressOf(port, workloads) })),
    source_folder: source?.from ?? null,
  };
}

export function printReady(output: Output, project: LocalProject, started: Started, background: boolean): void {
  const { ports, workloads, source } = started;
  for (const { workload, port, hostPort, wantedPort } of ports) {
    if (hostPort !== wantedPort) {
      output.warn(`Port ${wantedPort} is taken: ${workload}'s port ${port} is at ${hostPort} instead.`);
    }
  }
  output.done(`${project.blueprint.name} runs.`);
  output.fields([
    ...ports.map((port) => [labelOf(port), addressOf(port, workloads)] as const),
    ["source", source === undefined ? undefined : `${source.from} is ${source.to} in the container`],
    ["containers", workloads.map(({ name }) => name).join(", ")],
  ]);
  if (source !== undefined && project.blueprint.dev.command === undefined) {
    output.note(
      "A changed file is seen when the agent starts anew. With dev.command, such as `bun --watch agent/main.ts`,",
    );
    output.note("it is seen at once; --no-mount shows the agent what its image holds.");
  }
  output.note(
    background ? "Its log: ast project logs. Stop it: ast project stop." : "Ctrl-C stops it. Its log follows.",
  );
}

function labelOf({ workload, port }: PublishedPort): string {
  return workload === "agent" ? "agent" : `${workload} ${port}`;
}

function addressOf({ workload, port, hostPort }: PublishedPort, workloads: Started["workloads"]): string {
  const http = workload === "agent" || workload === "messaging" || pages.has(port);
  const own = workloads.find(({ name }) => name === workload);
  const speaksHttp = http || own?.component === "model" || own?.component === "integration";
  return speaksHttp ? `http://localhost:${hostPort}${pages.get(port) ?? ""}` : `localhost:${hostPort}`;
}
