// A whole gateway with its built console, at an address that a browser takes for a secure one.

import { join } from "node:path";
import { ensureBuilt } from "../../scripts/build.mjs";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { root } from "../tidy/source-tree.ts";

export type ConsoleServer = {
  readonly gateway: OperatedGateway;
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
  const gateway = await startOperatedGateway({
    PORT: String(port),
    ASTROLABE_PUBLIC_URL: address,
    ASTROLABE_CONSOLE_DIR: join(root, "dist/console"),
    ...environment,
  });
  const { body } = await gateway.operator.send("GET", "");
  const empty = await gateway.operator.send("POST", "/api/workspaces", { name: "Moonlight" });
  return { gateway, address, workspaceId: String(body["id"]), emptyWorkspaceId: String(empty.body["id"]) };
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  return port ?? 0;
}
