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

const execPollMs = 50;

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
    const exec = await engine.docker
      .getContainer(id)
      .exec({ Cmd: [...command], AttachStdout: false, AttachStderr: false, abortSignal: signal });
    await exec.start({ Detach: true, abortSignal: signal });
    for (;;) {
      const { Running: running, ExitCode: exitCode } = await exec.inspect({ abortSignal: signal });
      if (!running && exitCode !== null) return exitCode === 0 ? undefined : `its health check exits with ${exitCode}`;
      await Bun.sleep(execPollMs);
    }
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
