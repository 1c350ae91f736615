// The part of the environment that says how agents run and are reached.

import { ConfigError, isHttpAddress, type ReadText } from "./config-values.ts";

export type AgentsConfig = {
  /** `none`: agents are kept, but nothing of them runs here. */
  readonly runtime: "docker" | "kubernetes" | "none";
  /** What says where the container engine is; what is absent leaves the usual places. */
  readonly engine: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    /** The home folder of who runs this. */
    readonly home: string;
    /** Undefined where there is none. */
    readonly userId: number | undefined;
    readonly platform: string;
  };
  /** Frontends answer at `<label>.<domain>`; undefined: `localhost` where the public address is this machine's. */
  readonly domain: string | undefined;
  /** Where images are pushed to and pulled from: `host` or `host/prefix`. Undefined: they stay in the engine. */
  readonly registry: string | undefined;
  /** What containers call, with `/v1`; undefined: the public address, or the engine's bridge to this machine. */
  readonly gatewayUrl: string | undefined;
  readonly messagingImage: string | undefined;
};

const runtimes = ["docker", "kubernetes", "none"] as const;
const hostName = /^(?=.{1,200}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** @param host what the server listens on: only where strangers cannot reach it are containers run without being told. */
export function readAgents(text: ReadText, host: string): AgentsConfig {
  return {
    runtime: readRuntime(text("ASTROLABE_RUNTIME"), host),
    engine: {
      environment: readEngine(text),
      home: text("HOME") ?? "/",
      userId: process.getuid?.(),
      platform: process.platform,
    },
    domain: readDomain(text("ASTROLABE_AGENTS_DOMAIN")),
    registry: readRegistry(text("ASTROLABE_REGISTRY")),
    gatewayUrl: readGatewayUrl(text("ASTROLABE_AGENTS_GATEWAY_URL")),
    messagingImage: text("ASTROLABE_MESSAGING_IMAGE"),
  };
}

export function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|(?:[a-z0-9-]+\.)*localhost|\[?::1\]?)$/i.test(host);
}

function readRuntime(value: string | undefined, host: string): AgentsConfig["runtime"] {
  if (value === undefined) return isLoopback(host) ? "docker" : "none";
  const runtime = runtimes.find((known) => known === value);
  if (runtime !== undefined) return runtime;
  throw new ConfigError(`ASTROLABE_RUNTIME must be one of ${runtimes.join(", ")}.`);
}

/** Whether it leads to an engine is for the engine's code to say, when it is first needed. */
function readEngine(text: ReadText): Record<string, string | undefined> {
  return {
    DOCKER_HOST: text("DOCKER_HOST"),
    CONTAINER_HOST: text("CONTAINER_HOST"),
    DOCKER_CONTEXT: text("DOCKER_CONTEXT"),
    DOCKER_CONFIG: text("DOCKER_CONFIG"),
    DOCKER_TLS_VERIFY: text("DOCKER_TLS_VERIFY"),
    DOCKER_CERT_PATH: text("DOCKER_CERT_PATH"),
    XDG_RUNTIME_DIR: text("XDG_RUNTIME_DIR"),
  };
}

function readDomain(value: string | undefined): string | undefined {
  const domain = value?.toLowerCase().replace(/\.$/, "");
  if (domain === undefined || hostName.test(domain)) return domain;
  throw new ConfigError("ASTROLABE_AGENTS_DOMAIN must be a host name such as agents.example.com.");
}

function readRegistry(value: string | undefined): string | undefined {
  if (value === undefined || /^[a-z0-9.-]+(?::\d{1,5})?(?:\/[a-z0-9._-]+)*$/.test(value)) return value;
  throw new ConfigError("ASTROLABE_REGISTRY must be a registry such as registry.example.com/agents, without https://.");
}

function readGatewayUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (!isHttpAddress(value)) {
    throw new ConfigError(
      "ASTROLABE_AGENTS_GATEWAY_URL must be an http(s) address such as https://gateway.example.com.",
    );
  }
  const address = value.replace(/\/+$/, "");
  return address.endsWith("/v1") ? address : `${address}/v1`;
}
