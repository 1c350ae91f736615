// Where every request comes in: those whose host is an agent's go to the front door, all others to the server's routes.

import type { Hono } from "hono";
import type { AgentHosts } from "./agent-hosts.ts";
import type { DoorServer, FrontDoor } from "./front-door.ts";

type Answer = (request: Request, server: DoorServer) => Response | undefined | Promise<Response | undefined>;

type Agents = {
  readonly hosts: AgentHosts | undefined;
  readonly atWork: () => Promise<{ readonly door: FrontDoor | undefined }>;
};

export function entrance(app: Pick<Hono, "fetch">, { hosts, atWork }: Agents): Answer {
  if (hosts === undefined) return (request, server) => app.fetch(request, server);
  return (request, server) => {
    const label = hosts.labelOf(request);
    return label === undefined ? app.fetch(request, server) : toAgent(request, label, server);
  };
  async function toAgent(request: Request, label: string, server: DoorServer): Promise<Response | undefined> {
    return (await atWork()).door?.answer(request, label, server);
  }
}
