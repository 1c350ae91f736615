// Where a port of a container is shown on this machine.

import type Docker from "dockerode";
import type { Endpoint } from "../runtime.ts";
import type { Engine } from "./engine.ts";

/** Undefined when the port is not published, the container does not run, or the engine is on another machine. */
export function publishedAddress(
  engine: Pick<Engine, "local">,
  container: Docker.ContainerInspectInfo,
  port: number,
): Endpoint | undefined {
  if (!engine.local || !container.State.Running || container.State.Restarting) return undefined;
  const bindings = container.NetworkSettings.Ports[`${port}/tcp`] ?? [];
  const shown = Number(bindings[0]?.HostPort);
  return shown > 0 ? { host: "127.0.0.1", port: shown } : undefined;
}
