// How containers reach the gateway. Where it listens on this machine's own address only, a relay takes containers to it, and
// nobody else.

import type { Relay } from "../runtimes/docker/relay.ts";
import type { Engine } from "../runtimes/docker/engine.ts";
import { isLoopback, type AgentsConfig } from "./config-agents.ts";
import { RuntimeError } from "../runtimes/runtime.ts";

export type GatewayForAgents = {
  /** What containers call, with `/v1`. Resolves once somebody answers there. @throws RuntimeError unavailable */
  readonly url: () => Promise<string>;
  readonly close: () => Promise<void>;
};

export type GatewayPlace = {
  readonly agents: AgentsConfig;
  readonly publicUrl: string;
  /** Where the server listens. */
  readonly address: { readonly host: string; readonly port: number };
  readonly connect: () => Promise<Engine>;
};

export function gatewayForAgents({ agents, publicUrl, address, connect }: GatewayPlace): GatewayForAgents {
  const stated = agents.gatewayUrl ?? (isLoopback(new URL(publicUrl).hostname) ? undefined : `${publicUrl}/v1`);
  if (stated !== undefined || agents.runtime !== "docker") {
    return { url: async () => stated ?? `${publicUrl}/v1`, close: async () => undefined };
  }
  let opened: Promise<{ readonly url: string; readonly relay: Relay | undefined }> | undefined;
  return {
    async url() {
      opened ??= open(publicUrl, address, connect).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return (await opened).url;
    },
    async close() {
      const { relay } = (await opened?.catch(() => undefined)) ?? {};
      await relay?.close();
    },
  };
}

/** The address must stay the same over restarts, since containers keep it: the port is the one after the server's. */
async function open(publicUrl: string, { host, port }: GatewayPlace["address"], connect: () => Promise<Engine>) {
  const { hostAddress, urlForContainers } = await import("../runtimes/docker/host-address.ts");
  const { name, listenOn, admits } = await hostAddress(await connect());
  if (listenOn === undefined) return { url: urlForContainers(`${publicUrl}/v1`, name, port), relay: undefined };
  const { openRelay } = await import("../runtimes/docker/relay.ts");
  const own = listenOn === "0.0.0.0" ? port + 1 : port;
  try {
    const target = { host, port };
    const relay = await openRelay({ listen: { address: listenOn, port: own }, target, admits });
    return { url: urlForContainers(`${publicUrl}/v1`, name, relay.port), relay };
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    const hint = `Free port ${own}, or say by ASTROLABE_AGENTS_GATEWAY_URL how containers reach this server.`;
    throw new RuntimeError("unavailable", `Containers could not reach the gateway: ${error.message}`, {
      hint,
      cause: error,
    });
  }
}
