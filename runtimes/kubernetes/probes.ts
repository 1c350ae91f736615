// When a pod counts as ready, and when its container is started anew.

import type { V1Container, V1Probe } from "@kubernetes/client-node";
import type { Healthcheck, Workload } from "../../blueprint/workload.ts";

type Probes = Pick<V1Container, "startupProbe" | "readinessProbe" | "livenessProbe">;

/** A container without any probe counts as ready after it ran for so long. */
export const settledSeconds = 5;

/** Failures in a row until a container that was well is started anew, per failure until it gets no more calls. */
const patience = 3;

/**
 * A health check decides about the start, about calls and about starting anew; without one, whether the main port takes
 * connections decides about calls. Undefined: nothing can be asked.
 */
export function probesOf(workload: Workload, startTimeoutMs: number): Probes | undefined {
  const action = workload.healthcheck === undefined ? undefined : actionOf(workload.healthcheck, workload.ports[0]);
  if (workload.healthcheck === undefined || action === undefined) {
    const port = workload.ports[0];
    return port === undefined ? undefined : { readinessProbe: { tcpSocket: { port }, periodSeconds: 2 } };
  }
  const { intervalMs, timeoutMs, retries } = workload.healthcheck;
  const pace = { periodSeconds: seconds(intervalMs), timeoutSeconds: seconds(timeoutMs) };
  const startSeconds = Math.min(pace.periodSeconds, 2);
  return {
    startupProbe: {
      ...action,
      periodSeconds: startSeconds,
      timeoutSeconds: pace.timeoutSeconds,
      failureThreshold: Math.max(1, Math.ceil(seconds(startTimeoutMs) / startSeconds)),
    },
    readinessProbe: { ...action, ...pace, failureThreshold: retries },
    livenessProbe: { ...action, ...pace, failureThreshold: retries * patience },
  };
}

function actionOf({ test, path }: Healthcheck, port: number | undefined): V1Probe | undefined {
  if (path !== undefined) return port === undefined ? undefined : { httpGet: { path, port } };
  const [form, ...rest] = test ?? [];
  if (form === undefined || form === "NONE") return undefined;
  if (form === "CMD-SHELL") return { exec: { command: ["/bin/sh", "-c", rest.join(" ")] } };
  const command = form === "CMD" ? rest : [form, ...rest];
  return command.length === 0 ? undefined : { exec: { command } };
}

/** The API counts whole seconds from 1. */
export function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
