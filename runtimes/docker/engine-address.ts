// Where a container engine may listen: DOCKER_HOST, the context that the `docker` program uses, else the sockets that
// Docker, Docker Desktop, Colima, OrbStack and Podman make.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../server/contracts/json.ts";
import { RuntimeError } from "../runtime.ts";

export type EngineAddress =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls?: { readonly folder: string } };

export type EnginePlace = {
  /** DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH, XDG_RUNTIME_DIR and CONTAINER_HOST are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The home folder of who runs this. */
  readonly home: string;
  /** As `process.getuid` tells; undefined where there is none. */
  readonly userId: number | undefined;
  /** As `process.platform` names it: `linux`, `darwin`. */
  readonly platform: string;
};

/**
 * Addresses to try, the most wanted first. One that was asked for is the only one.
 * @throws RuntimeError `unavailable` for an address that cannot be used
 */
export function engineAddresses(place: EnginePlace): readonly EngineAddress[] {
  const { environment } = place;
  const asked = environment["DOCKER_HOST"] || environment["CONTAINER_HOST"] || contextHost(place);
  if (asked) return [parseAddress(asked, environment)];
  return knownSockets(place)
    .filter((path) => existsSync(path))
    .map((path) => ({ kind: "socket", path }) as const);
}

/** For messages: the way people write it. */
export function addressText(address: EngineAddress): string {
  return address.kind === "socket" ? `unix://${address.path}` : `tcp://${address.host}:${address.port}`;
}

/** What to do when no engine answers. */
export const noEngineHint =
  "Start Docker (or Docker Desktop, Colima, OrbStack), or Podman with `podman machine start` or " +
  "`systemctl --user enable --now podman.socket`. Another place is named by DOCKER_HOST.";

function parseAddress(text: string, environment: EnginePlace["environment"]): EngineAddress {
  if (text.startsWith("unix://")) return { kind: "socket", path: text.slice("unix://".length) };
  if (text.startsWith("/")) return { kind: "socket", path: text };
  if (text.startsWith("ssh://")) {
    throw new RuntimeError("unavailable", `An engine cannot be reached by ${text}.`, {
      hint:
        "Forward its socket and name that: `ssh -N -L /tmp/engine.sock:/var/run/docker.sock HOST`, then " +
        "DOCKER_HOST=unix:///tmp/engine.sock.",
    });
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["tcp:", "http:", "https:"].includes(url.protocol) || url.hostname === "") {
    throw new RuntimeError("unavailable", `DOCKER_HOST is not an address: ${text}.`, {
      hint: "Write it as unix:///path/to/docker.sock or tcp://host:2375.",
    });
  }
  const secure = url.protocol === "https:" || Boolean(environment["DOCKER_TLS_VERIFY"]);
  const folder = environment["DOCKER_CERT_PATH"] ?? "";
  return {
    kind: "tcp",
    host: url.hostname,
    port: Number(url.port) || (secure ? 2376 : 2375),
    ...(secure ? { tls: { folder } } : {}),
  };
}

/** In the order in which they are tried. */
function knownSockets({ environment, home, userId }: EnginePlace): readonly string[] {
  const runtimeFolder = environment["XDG_RUNTIME_DIR"] ?? (userId === undefined ? undefined : `/run/user/${userId}`);
  const ofUser = (name: string) => (runtimeFolder === undefined ? [] : [join(runtimeFolder, name)]);
  return [
    "/var/run/docker.sock",
    ...ofUser("docker.sock"),
    join(home, ".docker", "run", "docker.sock"),
    join(home, ".docker", "desktop", "docker.sock"),
    join(home, ".orbstack", "run", "docker.sock"),
    join(home, ".colima", "default", "docker.sock"),
    join(home, ".rd", "docker.sock"),
    ...ofUser("podman/podman.sock"),
    "/run/podman/podman.sock",
    join(home, ".local", "share", "containers", "podman", "machine", "podman.sock"),
  ];
}

const dockerConfig = z.looseObject({ currentContext: z.string().optional() });
const contextMetadata = z.looseObject({
  Endpoints: z.looseObject({ docker: z.looseObject({ Host: z.string().optional() }).optional() }).optional(),
});

/** The address in the `docker` program's current context; undefined for the default one and for what cannot be read. */
function contextHost({ environment, home }: EnginePlace): string | undefined {
  const folder = environment["DOCKER_CONFIG"] ?? join(home, ".docker");
  const configured = dockerConfig.safeParse(readJson(join(folder, "config.json")));
  const name = environment["DOCKER_CONTEXT"] || configured.data?.currentContext;
  if (!name || name === "default") return undefined;
  const digest = createHash("sha256").update(name).digest("hex");
  const metadata = contextMetadata.safeParse(readJson(join(folder, "contexts", "meta", digest, "meta.json")));
  return metadata.data?.Endpoints?.docker?.Host;
}

function readJson(path: string): unknown {
  try {
    return parseJson(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
