// Prints the lines of an agent's containers, and goes on printing them.

import type { Workload } from "../api/deployments.ts";
import { followLogs, readLogs, type LogLine, type LogQuery } from "../api/logs.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";
import { printableLine, printableLog } from "../terminal/printable.ts";

/** Between two connections that ended by themselves. */
const reconnectMs = 1000;
/** As long as nothing comes, the server is asked this often in a row before it counts as gone. */
const mostFailures = 10;

export async function showLogs(context: Context, id: string, query: LogQuery): Promise<void> {
  const lines = await readLogs(context.api, id, query);
  const { output } = context;
  output.answer([...lines], () => {
    for (const line of lines) printLine(context, line);
    if (lines.length === 0) output.note("It has written nothing in the last 15 minutes.");
  });
}

/** Until it is interrupted, or the agent is gone. With --json: one document a line. */
export async function tailLogs(context: Context, id: string, query: LogQuery): Promise<void> {
  const { api, output, signal, sleep } = context;
  let since = query.since;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const event of followLogs(api, id, { ...query, since })) {
        failures = 0;
        if (event.kind === "line") {
          if (output.isJson) output.raw(`${JSON.stringify(event.line)}\n`);
          else printLine(context, event.line);
          since = afterTime(event.line.timestamp) ?? since;
        } else if (event.kind === "error") {
          output.warn(event.message);
        } else {
          output.step(`${event.status}${event.message === "" ? "" : `: ${event.message}`}`);
          if (event.status === "undeployed") return;
        }
      }
    } catch (thrown) {
      if (signal.aborted) return;
      failures += 1;
      if (failures >= mostFailures || (thrown instanceof Problem && thrown.kind !== "failed")) throw thrown;
      output.detail(thrown instanceof Error ? thrown.message : String(thrown));
    }
    await sleep(reconnectMs).catch(() => undefined);
  }
}

/** Just behind a line, so that it is not read again. */
function afterTime(timestamp: string): string | undefined {
  const at = Date.parse(timestamp);
  return Number.isNaN(at) ? undefined : new Date(at + 1).toISOString();
}

function printLine({ output }: Context, { timestamp, level, message, stream }: LogLine): void {
  const { dim, red, yellow } = output.style;
  const paint = level === "ERROR" || stream === "stderr" ? red : level.startsWith("WARN") ? yellow : dim;
  // Many programs write their level themselves.
  const shown = message.startsWith(level) ? "" : `${paint(printableLine(level))} `;
  output.line(`${dim(printableLine(timestamp))} ${shown}${printableLog(message)}`);
}

/**
 * The workload that is meant: the agent when none is named, else one by name, by the last part of its name, or by its
 * component. Older programs add `/container`, which is passed over.
 * @throws Problem naming those that there are
 */
export function workloadOf(workloads: readonly Workload[], typed: string | undefined): Workload {
  const wanted = typed?.split("/")[0] || "agent";
  const exact = workloads.find(({ name }) => name === wanted);
  if (exact !== undefined) return exact;
  const near = workloads.filter(({ name, component }) => component === wanted || name.endsWith(`-${wanted}`));
  const [only] = near;
  if (only !== undefined && near.length === 1) return only;
  const names = (near.length > 0 ? near : workloads).map(({ name }) => name);
  throw new Problem(
    near.length > 0 ? "usage" : "not_found",
    near.length > 0 ? `"${wanted}" stands for several workloads.` : `It has no workload "${wanted}".`,
    {
      code: "workload_not_found",
      ...(names.length > 0 ? { hint: `Those that it has: ${names.join(", ")}` } : { hint: "Nothing of it runs now." }),
    },
  );
}
