// Passes on TCP connections of containers to a service on this machine's loopback address. Others are closed before a
// byte of theirs is read.

import { connect, createServer, type Server, type Socket } from "node:net";
import { RuntimeError } from "../runtime.ts";

export type Relay = {
  readonly port: number;
  /** Ends all connections. */
  readonly close: () => Promise<void>;
};

export type RelayOptions = {
  /** 0 lets the system choose a port. */
  readonly listen: { readonly address: string; readonly port: number };
  readonly target: { readonly host: string; readonly port: number };
  readonly admits: (remoteAddress: string) => Promise<boolean>;
};

const mostConnections = 1024;
const connectMs = 10_000;

/** @throws RuntimeError `conflict` when the port is taken */
export async function openRelay(options: RelayOptions): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, (caller) => {
    open.add(caller);
    caller.once("close", () => open.delete(caller));
    caller.on("error", () => caller.destroy());
    void pass(caller, options, open);
  });
  server.maxConnections = mostConnections;
  const port = await listen(server, options.listen);
  return {
    port,
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of open) socket.destroy();
      await closed.promise;
    },
  };
}

async function pass(caller: Socket, { target, admits }: RelayOptions, open: Set<Socket>): Promise<void> {
  const admitted = await admits(caller.remoteAddress ?? "").catch(() => false);
  if (!admitted || caller.destroyed) {
    caller.destroy();
    return;
  }
  const service = connect({ ...target, timeout: connectMs });
  open.add(service);
  service.once("connect", () => service.setTimeout(0));
  service.once("timeout", () => service.destroy());
  service.once("close", () => {
    open.delete(service);
    caller.destroy();
  });
  service.on("error", () => caller.destroy());
  caller.once("close", () => service.destroy());
  caller.pipe(service);
  service.pipe(caller);
}

async function listen(server: Server, { address, port }: RelayOptions["listen"]): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen({ host: address, port }, resolve);
  try {
    await promise;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RuntimeError("conflict", `Nobody can listen for containers on ${address}:${port}: ${reason}.`, {
      hint: "Choose another port, or give the server an address that containers reach (HOST, ASTROLABE_PUBLIC_URL).",
    });
  }
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : port;
}
