// Log lines as server-sent events, for as long as the client stays and may read them. A client that reads slowly slows the
// reading of the log; nothing is kept for it.

import type { z } from "zod";
import type { LogLine } from "../../../runtimes/runtime.ts";
import type { DeploymentStatus } from "../../contracts/agents-deployments.ts";
import type { logLineSchema, logStreamEvents } from "../../contracts/agents-logs.ts";
import { isoTime } from "../control/shown-values.ts";

const longestMs = 3_600_000;
const heartbeatMs = 15_000;

type Events = { readonly [Name in keyof typeof logStreamEvents]: z.input<(typeof logStreamEvents)[Name]> };

export type LogStreamParts = {
  readonly workload: string;
  readonly lines: (signal: AbortSignal) => AsyncIterable<LogLine>;
  readonly show: (line: LogLine) => z.input<typeof logLineSchema>;
  readonly status: () => Promise<DeploymentStatus>;
  readonly mayRead: () => Promise<boolean>;
  readonly problemOf: (error: unknown) => Events["error"];
  /** Whole Unix milliseconds. */
  readonly now: () => number;
  /** Called once, when the stream is over. */
  readonly onEnd: () => void;
  readonly heartbeatMs?: number;
};

export function logStream(parts: LogStreamParts, client: AbortSignal): Response {
  const over = new AbortController();
  const signal = AbortSignal.any([client, over.signal, AbortSignal.timeout(longestMs)]);
  const events = eventsOf(parts, signal, () => over.abort());
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        over.abort();
        await events.return();
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

async function* eventsOf(
  parts: LogStreamParts,
  signal: AbortSignal,
  end: () => void,
): AsyncGenerator<string, void, undefined> {
  const { lines, show, onEnd, problemOf, workload } = parts;
  // What is said about the stream goes between two lines, or alone when none comes.
  const said: string[] = [];
  const stopBeating = beat(parts, said, end);
  try {
    yield named("ready", { workload });
    const source = lines(signal)[Symbol.asyncIterator]();
    let next = source.next();
    while (!signal.aborted) {
      const outcome = await Promise.race([next, stopBeating.tick()]);
      while (said.length > 0) yield said.shift() ?? "";
      if (outcome === "beat") continue;
      if (outcome.done === true) break;
      yield `data: ${JSON.stringify(show(outcome.value))}\n\n`;
      next = source.next();
    }
    await source.return?.();
  } catch (error) {
    if (!signal.aborted) yield named("error", problemOf(error));
  } finally {
    stopBeating.stop();
    end();
    onEnd();
  }
}

/** Says now and then that the stream lives, and what the deployment does; ends it when the caller may no longer read. */
function beat(parts: LogStreamParts, said: string[], end: () => void) {
  const { status, mayRead, now, problemOf } = parts;
  let before: DeploymentStatus | undefined;
  let waiting = Promise.withResolvers<"beat">();
  const ring = (): void => {
    waiting.resolve("beat");
    waiting = Promise.withResolvers();
  };
  const look = async (): Promise<void> => {
    try {
      if (!(await mayRead())) return end();
      const current = await status();
      if (current !== before) said.push(named("status", { status: current, message: `The deployment is ${current}.` }));
      before = current;
      said.push(named("heartbeat", { at: isoTime(now()) }));
    } catch (error) {
      said.push(named("error", problemOf(error)));
      end();
    } finally {
      ring();
    }
  };
  void look();
  const timer = setInterval(() => void look(), parts.heartbeatMs ?? heartbeatMs);
  return {
    tick: () => waiting.promise,
    stop: () => clearInterval(timer),
  };
}

function named<Name extends keyof Events>(name: Name, data: Events[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
