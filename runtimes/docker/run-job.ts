// Runs a container that is there for one job, to its end, and hands over what it writes.

import { RuntimeError, type LogLine } from "../runtime.ts";
import { containerLogs } from "./container-logs.ts";
import type { Engine } from "./engine.ts";
import { asRuntimeError } from "./engine-error.ts";

/** Between two lines of a program that has ended there is less time than this. */
const lastLinesMs = 5_000;

/**
 * @throws RuntimeError `conflict` while it runs; the signal's reason after ending the job when aborted
 */
export async function runContainer(
  engine: Engine,
  job: { readonly id: string; readonly name: string },
  report: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<{ readonly exitCode: number }> {
  const container = engine.docker.getContainer(job.id);
  const before = await container.inspect();
  if (before.State.Running) {
    throw new RuntimeError("conflict", `${job.name} runs already.`, {
      hint: "Wait until it has ended; its lines are in its logs.",
      workload: job.name,
    });
  }
  signal.throwIfAborted();
  const earlierRun = afterEarlierRun(before.State);
  // Lines may be written down a little after their program has ended; the clock of an engine in a virtual machine is its own.
  const startedAt = engine.local && !engine.virtual ? Date.now() : 0;
  try {
    await container.start();
  } catch (error) {
    throw asRuntimeError(error, { what: `${job.name} cannot be started`, workload: job.name });
  }
  const since = earlierRun === undefined ? undefined : Math.max(earlierRun, startedAt);
  const exitCode = exitCodeOf(engine, job.id, signal);
  const silence = new SilenceAfter(exitCode);
  const following = AbortSignal.any([signal, silence.signal]);
  for await (const line of containerLogs(engine, job.id, { follow: true, since }, following)) {
    silence.heard();
    report({ ...line, instance: before.Name.replace(/^\//, "") });
  }
  if (signal.aborted) {
    await container.kill().catch(() => undefined);
    signal.throwIfAborted();
  }
  return { exitCode: await exitCode };
}

/** Aborts once a program has ended and nothing more is heard: engines have followed the log of one that ended early for ever. */
class SilenceAfter {
  readonly #controller = new AbortController();
  #heardAt = performance.now();

  constructor(end: Promise<unknown>) {
    const listen = (): void => {
      const leftMs = this.#heardAt + lastLinesMs - performance.now();
      if (leftMs <= 0) this.#controller.abort();
      else setTimeout(listen, leftMs).unref();
    };
    const begin = (): void => {
      this.heard();
      listen();
    };
    end.then(begin, begin);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#heardAt = performance.now();
  }
}

/**
 * Where the log of the run that comes next begins, in Unix milliseconds; undefined: at the beginning. The time of its start
 * would be too late: a program may write before its engine has noted that it runs.
 */
export function afterEarlierRun({ FinishedAt: finishedAt }: { readonly FinishedAt: string }): number | undefined {
  const at = Date.parse(finishedAt);
  return at > 0 ? at + 1 : undefined;
}

/** A log may end a little before its container. */
async function exitCodeOf(engine: Engine, id: string, signal: AbortSignal): Promise<number> {
  const container = engine.streaming.getContainer(id);
  const { StatusCode: exitCode } = await container.wait({ abortSignal: signal });
  return Number(exitCode);
}
