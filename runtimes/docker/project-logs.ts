// The lines of a workload over all its containers, those that come up later included.

import { RuntimeError, type LogLine, type LogQuery } from "../runtime.ts";
import { containerLogs, type ContainerLogQuery } from "./container-logs.ts";
import type { Engine } from "./engine.ts";
import { isMissing, unlessMissing } from "./engine-error.ts";
import { LineQueue } from "./line-queue.ts";
import { afterEarlierRun } from "./run-job.ts";
import { readProject, servingContainers, type ProjectContainer } from "./project-state.ts";

const lookMs = 500;

/** @throws RuntimeError `not_found` when there is no such workload */
export async function* projectLogs(
  engine: Engine,
  project: string,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const containers = await containersOf(engine, project, query);
  if (containers.length === 0) {
    throw new RuntimeError("not_found", `${project} has no workload ${query.workload}.`, {
      hint: "Its workloads are named agent, model-NAME, knowledge-NAME, integration-NAME and ingestion-NAME.",
      workload: query.workload,
    });
  }
  yield* query.follow
    ? followed(engine, project, query, signal)
    : merged(containers.map((container) => linesOf(engine, container, query, signal)));
}

async function containersOf(engine: Engine, project: string, query: LogQuery): Promise<readonly ProjectContainer[]> {
  const serving = servingContainers(await readProject(engine, project));
  return serving.filter(
    ({ workload, name }) => workload === query.workload && (query.instance === undefined || query.instance === name),
  );
}

type Span = ContainerLogQuery;

async function* linesOf(
  engine: Engine,
  container: Pick<ProjectContainer, "id" | "name">,
  span: Span,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  try {
    for await (const line of containerLogs(engine, container.id, span, signal)) {
      yield { ...line, instance: container.name };
    }
  } catch (error) {
    // Taken away meanwhile: what it wrote is gone with it.
    if (!isMissing(error)) throw error;
  }
}

/** In order of time, holding one line of each. */
async function* merged(sources: readonly AsyncGenerator<LogLine>[]): AsyncGenerator<LogLine> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, head: await source.next() })));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const candidate of heads) {
      if (candidate.head.done === true) continue;
      if (first === undefined || first.head.done === true || candidate.head.value.at < first.head.value.at) {
        first = candidate;
      }
    }
    if (first === undefined || first.head.done === true) return;
    yield first.head.value;
    first.head = await first.source.next();
  }
}

/** Looks again and again which containers run, and reads each run of each of them once. */
async function* followed(
  engine: Engine,
  project: string,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const ending = new AbortController();
  const inner = AbortSignal.any([signal, ending.signal]);
  const lines = new LineQueue<LogLine>();
  const runs = new Map<string, string>();
  let looked = false;
  const look = async () => {
    for (const container of await containersOf(engine, project, query)) {
      const details = await unlessMissing(engine.docker.getContainer(container.id).inspect());
      const startedAt = details?.State.StartedAt ?? "";
      const before = runs.get(container.id);
      if (before === startedAt || (before !== undefined && details?.State.Running !== true)) continue;
      runs.set(container.id, startedAt);
      const span =
        before === undefined
          ? { ...query, ...(looked ? { tail: undefined } : {}) }
          : { since: details && afterEarlierRun(details.State) };
      void lines.take(linesOf(engine, container, { ...span, follow: true }, inner));
    }
    looked = true;
  };
  const looking = (async () => {
    while (!inner.aborted) {
      await look().catch((error: unknown) => lines.fail(error));
      await Bun.sleep(lookMs);
    }
  })();
  try {
    yield* lines.read(inner);
  } finally {
    ending.abort();
    await looking;
  }
}
