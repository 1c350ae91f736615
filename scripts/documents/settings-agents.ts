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
      meaning: "Where the container engine listens. Left out: the usual sockets of Docker and Podman are tried.",
      accepts: "an address such as `unix:///run/podman/podman.sock`",
    },
    {
      name: "ASTROLABE_AGENTS_DOMAIN",
      meaning:
        "Agents with a frontend answer at `<label>.<domain>`, so a wildcard name and certificate have to lead here ([why a domain of its own](../decisions/0025-deployments.md#the-front-door)). Left out: `localhost` where the public address is this machine's; else no frontend is reached.",
      accepts: "a host name such as `agents.example.com`",
    },
    {
      name: "ASTROLABE_REGISTRY",
      meaning: "Where `ast push` pushes images to and runtimes pull them from. Left out: they stay in the engine that built them, which does for one machine.",
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
