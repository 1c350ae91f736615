// The environment variables of agents, in words. server/config-agents.ts reads them.

import type { SettingGroup } from "./settings.ts";

export const agentSettings: SettingGroup = {
  title: "Agents",
  settings: [
    {
      name: "ASTROLABE_RUNTIME",
      meaning:
        "What runs the containers of deployed agents. Left out: `docker` where `HOST` is this machine's own address, looked for when the first agent is deployed; else `none`.",
      accepts: "`docker` (also Podman), `kubernetes` or `none`",
    },
    {
      name: "DOCKER_HOST",
      meaning:
        "Where the container engine listens. Left out: `CONTAINER_HOST`, the context that the `docker` program uses, then the usual sockets of Docker and Podman.",
      accepts: "an address such as `unix:///run/podman/podman.sock`",
    },
    { name: "CONTAINER_HOST", meaning: "The same, as Podman calls it.", accepts: "an address" },
    { name: "DOCKER_CONTEXT", meaning: "Which context of the `docker` program counts.", accepts: "its name" },
    {
      name: "DOCKER_CONFIG",
      meaning: "Where contexts and the credentials of registries are. Left out: `~/.docker`.",
      accepts: "a folder",
    },
    { name: "DOCKER_TLS_VERIFY", meaning: "Whether an engine behind TCP is spoken to by TLS.", accepts: "`1`" },
    { name: "DOCKER_CERT_PATH", meaning: "The certificates for that.", accepts: "a folder" },
    { name: "XDG_RUNTIME_DIR", meaning: "Where rootless engines have their sockets.", accepts: "a folder" },
    { name: "HOME", meaning: "The home folder in which contexts and sockets are looked for.", accepts: "a folder" },
    {
      name: "ASTROLABE_AGENTS_DOMAIN",
      meaning:
        "Agents with a frontend answer at `<label>.<domain>`, so a wildcard name and certificate have to lead here ([why a domain of its own](../decisions/0024-deployments.md#the-front-door)). Left out: `localhost` where the public address is this machine's; else no frontend is reached.",
      accepts: "a host name such as `agents.example.com`",
    },
    {
      name: "ASTROLABE_REGISTRY",
      meaning:
        "Where `ast push` pushes images to and runtimes pull them from. Left out: they stay in the engine that built them, which does for one machine.",
      accepts: "`host` or `host/prefix`, without `https://`",
    },
    {
      name: "ASTROLABE_AGENTS_GATEWAY_URL",
      meaning:
        "How containers reach the gateway. Left out: the public address; where that is this machine's own, the engine's bridge to it, on which the server then listens too.",
      accepts: "an http(s) address; `/v1` is added where it is missing",
    },
    {
      name: "ASTROLABE_MESSAGING_IMAGE",
      meaning: "The messaging service that runs beside agents that want one. Left out: none does.",
      accepts: "the name of an image",
    },
  ],
};
