// A whole gateway with its built console, at an address that a browser takes for a secure one.

import { join } from "node:path";
import { ensureBuilt } from "../../scripts/build.mjs";
import { memoryRuntime, type MemoryRuntime } from "../support/memory-runtime.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { root } from "../tidy/source-tree.ts";
import { agentPrograms } from "./agent-programs.ts";

export type ConsoleServer = {
  readonly gateway: OperatedGateway;
  /** Where its agents run; it has the images of agent-programs.ts. */
  readonly runtime: MemoryRuntime;
  /** `http://localhost:<port>` and the path of `ASTROLABE_PUBLIC_URL`, if any; without a trailing slash. */
  readonly address: string;
  /** Of the first workspace. */
  readonly workspaceId: string;
  /** Of a workspace that has neither credits nor keys. */
  readonly emptyWorkspaceId: string;
};

/** @param path of the public address, such as `/astrolabe`. */
export async function startConsole(environment: Record<string, string> = {}, path = ""): Promise<ConsoleServer> {
  await ensureBuilt(root);
  const port = freePort();
  const address = `http://localhost:${port}${path}`;
  const own = {
    PORT: String(port),
    ASTROLABE_PUBLIC_URL: address,
    ASTROLABE_CONSOLE_DIR: join(root, "dist/console"),
    ASTROLABE_AGENTS_GATEWAY_URL: address,
  };
  const runtime = memoryRuntime(agentPrograms);
  const gateway = await startOperatedGateway({ ...own, ...environment }, undefined, runtime);
  gateway.wired.agents.start();
  const { body } = await gateway.operator.send("GET", "");
  const empty = await gateway.operator.send("POST", "/api/workspaces", { name: "Moonlight" });
  return { gateway, runtime, address, workspaceId: String(body["id"]), emptyWorkspaceId: String(empty.body["id"]) };
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  return port ?? 0;
}
