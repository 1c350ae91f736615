// What is measured: the mock upstream itself, a bare proxy, this gateway, and Portkey. Each is a process of its own with
// only the environment it needs.

import { join } from "node:path";
import type { LoadedServer } from "../load/job.ts";
import { startGateway, type GatewayTarget } from "./gateway.ts";
import { findFreePort } from "./process-group.ts";
import { runtimeSettings } from "../../scripts/run-bun.mjs";
import type { Surroundings } from "./surroundings.ts";

export const targetNames = ["direct", "bare", "gateway", "portkey"] as const;
export type TargetName = (typeof targetNames)[number];

export const targetLabels: { readonly [Name in TargetName]: string } = {
  direct: "direct to the mock",
  bare: "bare Bun proxy",
  gateway: "this gateway",
  portkey: "Portkey",
};

export type Target = {
  readonly name: TargetName;
  readonly server: LoadedServer;
  /** Only this gateway: reads its credits. */
  readonly gateway?: GatewayTarget;
};

const plainModel = "gpt-4o-mini";
const upstreamKey = "sk-bench-not-a-secret";
const authorization = `Bearer ${upstreamKey}`;

/** Starts the mock upstream and the named targets before it, in the order of `targetNames`. */
export async function startTargets(surroundings: Surroundings, names: ReadonlySet<TargetName>): Promise<Target[]> {
  const direct = await startMock(surroundings);
  const targets: Target[] = names.has("direct") ? [direct] : [];
  const upstream = `http://127.0.0.1:${direct.server.port}`;
  if (names.has("bare")) targets.push(await startBareProxy(surroundings, upstream));
  if (names.has("gateway")) {
    const gateway = await startGateway(surroundings, `${upstream}/v1`, upstreamKey);
    targets.push({ name: "gateway", server: gateway.server, gateway });
  }
  if (names.has("portkey")) targets.push(await startPortkey(surroundings, `${upstream}/v1`));
  return targets;
}

async function startMock(surroundings: Surroundings): Promise<Target> {
  const port = findFreePort();
  const { pid } = await surroundings.processes.startServer({
    name: "the mock upstream",
    command: [
      ...surroundings.placement.others,
      surroundings.bun,
      join(surroundings.projectRoot, "bench/servers/mock-upstream.ts"),
    ],
    environment: { ...surroundings.environment, PORT: String(port) },
    port,
    readyPath: "/",
  });
  return { name: "direct", server: { port, pid, model: plainModel, headers: { authorization } } };
}

async function startBareProxy(surroundings: Surroundings, upstream: string): Promise<Target> {
  const port = findFreePort();
  const { pid } = await surroundings.processes.startServer({
    name: "the bare proxy",
    command: [
      ...surroundings.placement.server,
      surroundings.bun,
      join(surroundings.projectRoot, "bench/servers/bare-proxy.ts"),
    ],
    environment: { ...surroundings.environment, ...runtimeSettings, PORT: String(port), UPSTREAM: upstream },
    port,
    readyPath: "/",
  });
  return { name: "bare", server: { port, pid, model: plainModel, headers: { authorization } } };
}

async function startPortkey(surroundings: Surroundings, upstream: string): Promise<Target> {
  const node = Bun.which("node");
  if (node === null) throw new Error("Portkey needs `node` on the PATH; leave it out with --only direct,bare,gateway");
  const port = findFreePort();
  const program = join(surroundings.projectRoot, "node_modules/@portkey-ai/gateway/build/start-server.js");
  const { pid } = await surroundings.processes.startServer({
    name: "Portkey",
    command: [...surroundings.placement.server, node, program, `--port=${port}`, "--headless"],
    environment: { ...surroundings.environment, NODE_ENV: "production" },
    port,
    readyPath: "/",
  });
  const headers = { authorization, "x-portkey-provider": "openai", "x-portkey-custom-host": upstream };
  return { name: "portkey", server: { port, pid, model: plainModel, headers } };
}
