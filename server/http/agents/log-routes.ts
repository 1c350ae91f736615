// Routes for what the containers of a deployment write: the last quarter of an hour, and what comes from now on.

import { z } from "zod";
import { RuntimeError, type LogLine } from "../../../runtimes/runtime.ts";
import { logLinesSchema, logQuerySchema } from "../../contracts/agents-logs.ts";
import { runtimeOf, withRuntime } from "../../agents/change-deployment.ts";
import type { Deployment } from "../../agents/deployment.ts";
import { levelOf } from "../../agents/log-level.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { accessTokenOf, readers, type Caller } from "../control/access.ts";
import { roleOf } from "../control/authorize.ts";
import { deploymentRoute, noBody } from "../control/declared-route.ts";
import type { ControlServices } from "../control/services.ts";
import { isoTime } from "../control/shown-values.ts";
import { logStream, type LogStreamParts } from "./log-stream.ts";

const tag = "Agents: deployments";
const windowMs = 15 * 60_000;
const usualTail = 1_000;
const readMs = 15_000;
/** Streams of one deployment at a time. */
const mostStreams = 20;

type LogQuery = z.output<typeof logQuerySchema>;

const open = new Map<string, number>();

export const logRoutes = [
  deploymentRoute({
    method: "GET",
    path: "/api/v1/deployments/:deployment/logs",
    auth: readers,
    tag,
    summary: "Read logs of a deployment",
    description:
      "Of one workload, the last 15 minutes, oldest first. Agents write what they like: logs may hold secrets.",
    query: logQuerySchema,
    body: noBody,
    status: 200,
    response: logLinesSchema,
    errors: ["deployment_not_found", "service_unavailable"],
    handle: async ({ deployment, query, request, services }) => {
      const work = await services.deployments();
      const runtime = await runtimeOf(work);
      const workload = workloadOf(query);
      const tail = query.tail ?? usualTail;
      const since = sinceOf(query, work.now());
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(readMs)]);
      const lines: LogLine[] = [];
      await withRuntime(async () => {
        for await (const line of runtime.logs(deployment.label, { workload, since, tail, follow: false }, signal)) {
          lines.push(line);
          if (lines.length > tail) lines.shift();
        }
      });
      return lines.map((line) => showLine(workload, line));
    },
  }),
  deploymentRoute({
    method: "GET",
    path: "/api/v1/deployments/:deployment/logs/stream",
    auth: readers,
    tag,
    summary: "Follow logs of a deployment",
    description:
      "Server-sent events. One without a name is a log line; `ready`, `status`, `heartbeat` and `error` are about the " +
      "stream. It ends with the client, after an hour, and when the caller may no longer read it.",
    query: logQuerySchema,
    body: noBody,
    status: 200,
    response: z.string(),
    media: "text/event-stream",
    errors: ["deployment_not_found", "rate_limited", "service_unavailable"],
    handle: async ({ workspace, deployment, query, caller, request, stayOpen, services }) => {
      const work = await services.deployments();
      const runtime = await runtimeOf(work);
      const workload = workloadOf(query);
      const since = sinceOf(query, work.now());
      const leave = enter(deployment);
      stayOpen();
      const parts: LogStreamParts = {
        workload,
        lines: (signal) =>
          runtime.logs(deployment.label, { workload, since, tail: query.tail ?? usualTail, follow: true }, signal),
        show: (line) => showLine(workload, line),
        status: async () => (await work.records.find(deployment.id))?.status ?? "undeployed",
        mayRead: async () =>
          caller.kind === "operator" ||
          caller.user.isOperator ||
          ((await stillCounts(services, caller, request)) &&
            (await roleOf(caller, workspace.id, services.members.records)) !== undefined),
        problemOf: (error) => {
          if (error instanceof RuntimeError) return { error: error.message, error_code: error.code };
          services.reportFault(`logs of ${deployment.id}`, error);
          return { error: "Something went wrong inside the server.", error_code: "internal_error" };
        },
        now: work.now,
        onEnd: leave,
      };
      return logStream(parts, request.signal);
    },
  }),
];

/** Whether an access token has not ended meanwhile. */
async function stillCounts({ gate }: ControlServices, caller: Caller, { headers }: Request): Promise<boolean> {
  return accessTokenOf(caller) === undefined || (await gate.find(headers)) !== undefined;
}

/** Gives what to call when the stream ends. @throws GatewayError rate_limited */
function enter({ id }: Deployment): () => void {
  const count = open.get(id) ?? 0;
  if (count >= mostStreams) {
    throw new GatewayError("rate_limited", "Too many follow these logs at this moment.", { retryAfterSeconds: 10 });
  }
  open.set(id, count + 1);
  return () => {
    const left = (open.get(id) ?? 1) - 1;
    if (left === 0) open.delete(id);
    else open.set(id, left);
  };
}

function workloadOf({ workload }: LogQuery): string {
  return workload === undefined || workload === "" ? "agent" : workload;
}

/** No earlier than the window; absent is all of it. */
function sinceOf({ since }: LogQuery, now: number): number {
  const earliest = now - windowMs;
  return since === undefined || since === "" ? earliest : Math.max(earliest, Date.parse(since));
}

function showLine(workload: string, { at, stream, text }: LogLine) {
  return { timestamp: isoTime(at), level: levelOf(text, stream), message: text, workload, stream };
}
