// What one container wrote, as lines.

import type { Engine } from "./engine.ts";
import { LogFrames, type LoggedLine } from "./log-frames.ts";

export type ContainerLogQuery = {
  /** Unix milliseconds. */
  readonly since?: number | undefined;
  readonly tail?: number | undefined;
  readonly follow: boolean;
};

/** Ends when the container has, or when it is aborted. Throws what the engine throws. */
export async function* containerLogs(
  engine: Engine,
  id: string,
  query: ContainerLogQuery,
  signal: AbortSignal,
): AsyncGenerator<LoggedLine> {
  if (signal.aborted) return;
  const frames = new LogFrames();
  try {
    for await (const bytes of await openLogs(engine, id, query, signal)) yield* frames.take(bytes);
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  yield* frames.end();
}

/** The last lines, oldest first; empty when they cannot be read. */
export async function lastLines(engine: Engine, id: string, count = 20): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    const signal = AbortSignal.timeout(5000);
    for await (const line of containerLogs(engine, id, { tail: count, follow: false }, signal)) lines.push(line.text);
  } catch {
    // The container is gone, or its log driver keeps nothing: there is nothing to show.
  }
  return lines.slice(-count);
}

async function openLogs(
  engine: Engine,
  id: string,
  query: ContainerLogQuery,
  abortSignal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | readonly Uint8Array[]> {
  const options = {
    stdout: true,
    stderr: true,
    timestamps: true,
    ...(query.since === undefined ? {} : { since: (query.since / 1000).toFixed(3) }),
    ...(query.tail === undefined ? {} : { tail: query.tail }),
    abortSignal,
  };
  const container = (query.follow ? engine.streaming : engine.docker).getContainer(id);
  if (!query.follow) return [await container.logs({ ...options, follow: false })];
  return readBytes(await container.logs({ ...options, follow: true }));
}

async function* readBytes(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const bytes of stream) {
    if (bytes instanceof Uint8Array) yield bytes;
  }
}
