// Waits until a container that was started is ready for use, or has failed so clearly that waiting is no use.

import type Docker from "dockerode";
import { RuntimeError } from "../runtime.ts";
import { lastLines } from "./container-logs.ts";
import type { Engine } from "./engine.ts";
import { checkHealth, type CheckedWorkload } from "./health.ts";

/** An engine starts a container again when it ends; after so many times it is taken for broken. */
const mostRestarts = 3;
/** Without a health check a container counts as well when it has run for so long. */
const settledMs = 1500;
const pollMs = 250;

export type Waiting = {
  readonly engine: Engine;
  readonly workload: CheckedWorkload;
  readonly containerId: string;
  /** Ends the wait: by the caller, or because the time is up. */
  readonly signal: AbortSignal;
  /** Whether the engine starts it again when it ends. */
  readonly restarts: boolean;
};

/** @throws RuntimeError `exited` or `unhealthy`, with the container's last lines; the signal's reason when the caller aborts */
export async function awaitHealthy(waiting: Waiting): Promise<void> {
  const { engine, workload, signal } = waiting;
  let finding: string | undefined = "it has not started";
  while (!signal.aborted) {
    const container = await engine.docker.getContainer(waiting.containerId).inspect();
    if (hasFailed(container, waiting.restarts)) throw await exitedError(waiting, container);
    // Docker calls a container running also while it waits to start it again.
    if (container.State.Running && !container.State.Restarting) {
      finding = await checkHealth(engine, container, workload, signal);
      if (finding === undefined && (isProbed(workload, engine) || hasSettled(container))) return;
    }
    await pause(waiting);
  }
  if (!isTimeout(signal)) signal.throwIfAborted();
  throw await unhealthyError(waiting, finding);
}

/**
 * Waits until a container that was well before has run on for a moment.
 * @throws RuntimeError `exited` when it does not
 */
export async function awaitRunning(
  engine: Engine,
  containerId: string,
  workload: string,
  signal: AbortSignal,
): Promise<void> {
  const plain = { name: workload, ports: [], frontend: false };
  await awaitHealthy({ engine, workload: plain, containerId, signal, restarts: true });
}

/** Whether health is asked for, instead of being taken from its running on. */
function isProbed(workload: CheckedWorkload, engine: Engine): boolean {
  const { healthcheck, frontend, ports } = workload;
  if (healthcheck?.test !== undefined) return healthcheck.test[0] !== "NONE";
  return engine.local && ports.length > 0 && (frontend || healthcheck?.path !== undefined);
}

function hasSettled(container: Docker.ContainerInspectInfo): boolean {
  return Date.now() - Date.parse(container.State.StartedAt) >= settledMs;
}

function hasFailed(container: Docker.ContainerInspectInfo, restarts: boolean): boolean {
  const { Status: status, Running: running, Restarting: restarting } = container.State;
  if (container.RestartCount >= mostRestarts) return true;
  return !restarts && !running && !restarting && ["exited", "dead", "stopped"].includes(status);
}

async function pause({ workload, signal }: Waiting): Promise<void> {
  const wished = workload.healthcheck?.intervalMs ?? pollMs;
  const ms = Math.min(wished, pollMs * 2);
  if (!signal.aborted) await Bun.sleep(ms);
}

function isTimeout(signal: AbortSignal): boolean {
  return signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
}

async function exitedError(waiting: Waiting, container: Docker.ContainerInspectInfo): Promise<RuntimeError> {
  const { workload } = waiting;
  const { OOMKilled: outOfMemory, ExitCode: exitCode } = container.State;
  const again = container.RestartCount > 0 ? " again and again" : "";
  const how = outOfMemory ? "since it needs more memory than it may have" : `with exit code ${exitCode}`;
  return new RuntimeError("exited", `${workload.name} ends${again} ${how}.`, {
    hint: hintOfExit(exitCode),
    workload: workload.name,
    lastLines: await lastLines(waiting.engine, waiting.containerId),
  });
}

function hintOfExit(exitCode: number): string {
  if (exitCode === 127) return "Its command does not exist in the image: look at CMD and ENTRYPOINT of the Dockerfile.";
  if (exitCode === 126) return "Its command may not be executed: look at the file's permissions and architecture.";
  if (exitCode === 0) return "A container that serves has to run on: its program must not end by itself.";
  return "Its last lines say why. What it needs from the environment is listed by `ast spec explain`.";
}

async function unhealthyError(waiting: Waiting, finding: string | undefined): Promise<RuntimeError> {
  const { workload } = waiting;
  return new RuntimeError(
    "unhealthy",
    `${workload.name} does not become healthy in time: ${finding ?? "it keeps ending"}.`,
    {
      hint:
        workload.healthcheck === undefined
          ? `It has to listen on port ${workload.ports[0] ?? 80} of all addresses (0.0.0.0), not of localhost alone.`
          : "Look at its health check in astropods.yml, and at what it writes while it starts.",
      workload: workload.name,
      lastLines: await lastLines(waiting.engine, waiting.containerId),
    },
  );
}
