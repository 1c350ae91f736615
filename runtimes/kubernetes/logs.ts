// The lines of a workload's pods, merged by time, through restarts and roll-outs.

import { RuntimeError, type LogLine, type LogQuery } from "../runtime.ts";
import { pause, type ClusterApi } from "./cluster-api.ts";
import { podsOf } from "./follow.ts";
import { logLines, type TimedLine } from "./log-lines.ts";
import { identity } from "./names.ts";
import type { PodObject } from "./observed.ts";
import { containerName } from "./pod-template.ts";

type LogContext = { readonly api: ClusterApi; readonly pollMs: number };

/** Lines that wait for a slow reader, over all pods. */
const mostWaiting = 1_000;

/** See `Runtime.logs`. */
export async function* readLogs(
  context: LogContext,
  project: string,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const seen = new Map<string, bigint>();
  try {
    for await (const line of pastLines(context, project, query, signal)) {
      seen.set(line.instance, line.atNs);
      yield plain(line);
    }
    if (!query.follow) return;
    for await (const line of comingLines(context, project, query, seen, signal)) yield plain(line);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function plain({ at, stream, text, instance }: TimedLine): LogLine {
  return { at, stream, text, instance };
}

async function podsAsked(
  { api }: LogContext,
  project: string,
  query: LogQuery,
  signal: AbortSignal,
): Promise<PodObject[]> {
  const pods = await podsOf(api, project, query.workload, signal);
  return pods.filter(({ metadata }) => query.instance === undefined || metadata.name === query.instance);
}

async function* pastLines(
  context: LogContext,
  project: string,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<TimedLine> {
  const pods = await podsAsked(context, project, query, signal);
  if (pods.length === 0) await refuseUnknown(context.api, project, query, signal);
  const sources = pods.map((pod) => podLines(context.api, pod, query, signal));
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let first = -1;
    for (const [index, head] of heads.entries()) {
      const best = heads[first];
      if (head.done !== true && (best === undefined || best.done === true || head.value.atNs < best.value.atNs))
        first = index;
    }
    const [head, source] = [heads[first], sources[first]];
    if (head === undefined || head.done === true || source === undefined) return;
    yield head.value;
    heads[first] = await source.next();
  }
}

async function refuseUnknown(api: ClusterApi, project: string, query: LogQuery, signal: AbortSignal): Promise<void> {
  const labels = identity(project, query.workload);
  for (const kind of ["Deployment", "StatefulSet", "CronJob"] as const) {
    if (query.instance === undefined && (await api.list(kind, labels, signal)).length > 0) return;
  }
  const what = query.instance === undefined ? query.workload : `${query.workload} with an instance ${query.instance}`;
  throw new RuntimeError("not_found", `${project} has no ${what}`, { hint: "See which workloads it has." });
}

/** All that one pod wrote up to now, of the container before its last restart too. */
async function* podLines(
  api: ClusterApi,
  pod: PodObject,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<TimedLine> {
  const restarts = pod.status.containerStatuses[0]?.restartCount ?? 0;
  const runs = restarts > 0 ? [true, false] : [false];
  if (query.tail === undefined) {
    for (const previous of runs) yield* containerLines(api, pod, query, { follow: false, previous }, signal);
    return;
  }
  const last: TimedLine[] = [];
  for (const previous of runs) {
    for await (const line of containerLines(api, pod, query, { follow: false, previous }, signal)) {
      last.push(line);
      if (last.length > query.tail) last.shift();
    }
  }
  yield* last;
}

async function* containerLines(
  api: ClusterApi,
  { metadata: { name } }: PodObject,
  query: Pick<LogQuery, "since" | "tail">,
  { follow, previous }: { readonly follow: boolean; readonly previous: boolean },
  signal: AbortSignal,
): AsyncGenerator<TimedLine> {
  const { since, tail } = query;
  const body = await api.log(
    name,
    {
      container: containerName,
      follow,
      previous,
      ...(tail === undefined || follow ? {} : { tailLines: tail }),
      // The API counts in whole seconds; what is earlier is left out below.
      ...(since === undefined ? {} : { sinceTime: new Date(Math.max(0, since - 1_000)).toISOString() }),
    },
    signal,
  );
  if (body === undefined) return;
  for await (const line of logLines(body, name)) if (since === undefined || line.at >= since) yield line;
}

/** One reader per pod feeds one queue; a pod that comes later, or starts anew, gets its reader at the next look. */
async function* comingLines(
  context: LogContext,
  project: string,
  query: LogQuery,
  seen: Map<string, bigint>,
  signal: AbortSignal,
): AsyncGenerator<TimedLine> {
  const queue: TimedLine[] = [];
  const readers = new Set<string>();
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const read = async (pod: PodObject): Promise<void> => {
    const { name } = pod.metadata;
    try {
      for await (const line of newLines(context.api, pod, query, seen, either)) {
        queue.push(line);
        while (queue.length >= mostWaiting) await pause(context.pollMs, either);
      }
    } catch {
      // The next look starts over where this one ended.
    } finally {
      readers.delete(name);
    }
  };
  try {
    let nextLook = 0;
    for (;;) {
      if (performance.now() >= nextLook) {
        nextLook = performance.now() + context.pollMs;
        for (const pod of await podsAsked(context, project, query, signal)) {
          if (readers.has(pod.metadata.name)) continue;
          readers.add(pod.metadata.name);
          void read(pod);
        }
      }
      yield* queue.splice(0).toSorted((one, other) => (one.atNs < other.atNs ? -1 : 1));
      await pause(lookMs, signal);
    }
  } finally {
    ended.abort();
  }
}

/** How long a line waits at most for lines of other pods to be put in order with it. */
const lookMs = 50;

async function* newLines(
  api: ClusterApi,
  pod: PodObject,
  query: LogQuery,
  seen: Map<string, bigint>,
  signal: AbortSignal,
): AsyncGenerator<TimedLine> {
  const { name } = pod.metadata;
  const before = seen.get(name);
  const since = before === undefined ? query.since : Number(before / 1_000_000n);
  const wanted = since === undefined ? {} : { since };
  const restarts = pod.status.containerStatuses[0]?.restartCount ?? 0;
  const runs = restarts > 0 ? [true, false] : [false];
  for (const previous of runs) {
    for await (const line of containerLines(api, pod, wanted, { follow: !previous, previous }, signal)) {
      // Pieces of one line bear one time; they come in one go and are told apart by what was seen before it began.
      if (before !== undefined && line.atNs <= before) continue;
      seen.set(name, line.atNs);
      yield line;
    }
  }
}
