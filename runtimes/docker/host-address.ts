// How containers reach a service that listens on this machine's loopback address only: what they call this machine, and
// where somebody has to listen for them.

import { BlockList, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { z } from "zod";
import type { Engine } from "./engine.ts";

export type HostAddress = {
  /** What containers call this machine. */
  readonly name: string;
  /** `name:address` lines for every container's hosts file. */
  readonly extraHosts: readonly string[];
  /**
   * The address to listen on for them; 0.0.0.0 where none of the machine's own is theirs alone, so that callers have to be
   * looked at. Undefined when the engine itself leads them to the loopback address.
   */
  readonly listenOn: string | undefined;
  /** Whether a caller is a container of the engine, or this machine itself. Asks the engine at most once a second. */
  readonly admits: (remoteAddress: string) => Promise<boolean>;
};

const askAgainMs = 1000;

export async function hostAddress(engine: Engine): Promise<HostAddress> {
  const admits = containersOnly(engine);
  if (engine.flavour === "podman") {
    // Podman writes this name into every container's hosts file. Its bridges exist only while a container uses them.
    return {
      name: "host.containers.internal",
      extraHosts: [],
      listenOn: engine.virtual ? undefined : "0.0.0.0",
      admits,
    };
  }
  const name = "host.docker.internal";
  if (engine.virtual) return { name, extraHosts: [], listenOn: undefined, admits };
  const bridge = await bridgeAddress(engine);
  const own = ownAddresses();
  if (!engine.rootless && bridge !== undefined && own.includes(bridge)) {
    return { name, extraHosts: [`${name}:${bridge}`], listenOn: bridge, admits };
  }
  const reachable = own.find((address) => !address.startsWith("127."));
  const extraHosts = [`${name}:${reachable ?? "host-gateway"}`];
  return { name, extraHosts, listenOn: "0.0.0.0", admits };
}

/** Whether a URL names this machine's loopback address, so that a container would reach itself by it. */
export function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || host.startsWith("127.");
}

/** The same URL as containers have to write it. */
export function urlForContainers(url: string, name: string, port: number): string {
  const changed = new URL(url);
  changed.hostname = name;
  changed.port = String(port);
  return changed.href.replace(/\/$/, url.endsWith("/") ? "/" : "");
}

const addressing = z.looseObject({
  IPAM: z
    .looseObject({
      Config: z
        .array(z.looseObject({ Subnet: z.string().optional(), Gateway: z.string().optional() }))
        .nullish()
        .transform((ranges) => ranges ?? []),
    })
    .optional(),
});

/** The address of Docker's own bridge, which is there from its start. */
async function bridgeAddress(engine: Engine): Promise<string | undefined> {
  try {
    const network = addressing.parse(await engine.docker.getNetwork("bridge").inspect());
    return network.IPAM?.Config.find((range) => range.Gateway !== undefined && isIPv4(range.Gateway))?.Gateway;
  } catch {
    return undefined;
  }
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ family }) => family === "IPv4").map(({ address }) => address),
  );
}

function containersOnly(engine: Engine): HostAddress["admits"] {
  let known = new BlockList();
  let askedAt = 0;
  return async (remoteAddress) => {
    const address = remoteAddress.replace(/^::ffff:/, "");
    if (address === "::1" || address.startsWith("127.") || ownAddresses().includes(address)) return true;
    if (!isIPv4(address)) return false;
    if (known.check(address)) return true;
    if (Date.now() - askedAt < askAgainMs) return false;
    askedAt = Date.now();
    known = await containerRanges(engine);
    return known.check(address);
  };
}

async function containerRanges(engine: Engine): Promise<BlockList> {
  const ranges = new BlockList();
  for (const network of await engine.docker.listNetworks()) {
    for (const { Subnet: subnet = "" } of addressing.parse(network).IPAM?.Config ?? []) {
      const [address = "", bits] = subnet.split("/");
      if (isIPv4(address) && bits !== undefined) ranges.addSubnet(address, Number(bits));
    }
  }
  return ranges;
}
