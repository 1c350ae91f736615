// Whether a container is well, asked once: a command inside of it, or an HTTP answer on its main port.

import type Docker from "dockerode";
import type { Workload } from "../../blueprint/workload.ts";
import { testCommand } from "./container-options.ts";
import type { Engine } from "./engine.ts";
import { engineMessage } from "./engine-error.ts";
import { publishedAddress } from "./published-port.ts";

/** Undefined when it is well, else why not, as the end of a sentence: `GET /health answers 503`. */
export type HealthFinding = string | undefined;

/** What of a workload tells how its health is asked for. */
export type CheckedWorkload = Pick<Workload, "name" | "ports" | "frontend" | "healthcheck">;

/** One attempt at all that the workload asks for. Without a health check an agent with a frontend has to answer at all. */
export async function checkHealth(
  engine: Engine,
  container: Docker.ContainerInspectInfo,
  workload: CheckedWorkload,
  signal: AbortSignal,
): Promise<HealthFinding> {
  const { healthcheck, frontend } = workload;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(healthcheck?.timeoutMs ?? 5000)]);
  if (healthcheck?.test !== undefined) return runTest(engine, container.Id, testCommand(healthcheck.test), limit);
  const main = workload.ports[0];
  if (main === undefined) return undefined;
  if (healthcheck?.path !== undefined) return askHttp(engine, container, main, healthcheck.path, limit);
  return frontend ? askHttp(engine, container, main, undefined, limit) : undefined;
}

async function runTest(
  engine: Engine,
  id: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<HealthFinding> {
  if (command[0] === "NONE") return undefined;
  try {
    // Attached, since Podman notes the end of a detached one only where it can start a program of its own.
    const exec = await engine.streaming
      .getContainer(id)
      .exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, abortSignal: signal });
    const output = await exec.start({ hijack: false, stdin: false, abortSignal: signal });
    for await (const _ of output) signal.throwIfAborted();
    const { ExitCode: exitCode } = await exec.inspect({ abortSignal: signal });
    return exitCode === 0 ? undefined : `its health check exits with ${exitCode}`;
  } catch (error) {
    return signal.aborted
      ? "its health check does not end in time"
      : `its health check cannot run: ${engineMessage(error)}`;
  }
}

async function askHttp(
  engine: Engine,
  container: Docker.ContainerInspectInfo,
  port: number,
  path: string | undefined,
  signal: AbortSignal,
): Promise<HealthFinding> {
  const address = publishedAddress(engine, container, port);
  if (address === undefined) return engine.local ? `its port ${port} is not shown on this machine` : undefined;
  try {
    const url = `http://${address.host}:${address.port}${path ?? "/"}`;
    const response = await fetch(url, { signal, redirect: "manual" });
    await response.body?.cancel();
    const well = path === undefined || (response.status >= 200 && response.status < 400);
    return well ? undefined : `GET ${path} on port ${port} answers ${response.status}`;
  } catch {
    return `nothing answers on port ${port}`;
  }
}
