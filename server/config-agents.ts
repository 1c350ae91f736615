// The part of the environment that says how agents run and are reached.

import { ConfigError, isHttpAddress, type ReadText } from "./config-values.ts";

export type AgentsConfig = {
  /** `none`: agents are kept, but nothing of them runs here. */
  readonly runtime: "docker" | "kubernetes" | "none";
  /** Address of the engine; undefined: the usual ones are tried. */
  readonly dockerHost: string | undefined;
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
    dockerHost: readDockerHost(text("DOCKER_HOST")),
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

function readDockerHost(value: string | undefined): string | undefined {
  if (value === undefined || /^(?:unix|tcp|http|https|ssh|npipe):\/\/\S+$/.test(value)) return value;
  throw new ConfigError("DOCKER_HOST must be an address such as unix:///run/podman/podman.sock or tcp://host:2375.");
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
    throw new ConfigError("ASTROLABE_AGENTS_GATEWAY_URL must be an http(s) address such as https://gateway.example.com.");
  }
  const address = value.replace(/\/+$/, "");
  return address.endsWith("/v1") ? address : `${address}/v1`;
}
