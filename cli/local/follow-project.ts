// Prints what containers write, until the command is interrupted or the agent has ended.

import type { LogLine, Runtime } from "../../runtimes/runtime.ts";
import type { Output } from "../terminal/output.ts";
import { printableLog } from "../terminal/printable.ts";

const lookMs = 1000;

export type Following = {
  readonly runtime: Runtime;
  readonly project: string;
  readonly workloads: readonly string[];
  readonly tail?: number | undefined;
  readonly output: Output;
  readonly signal: AbortSignal;
};

/** @returns why it ended: nothing more to follow, or the agent's own end in words */
export async function followProject(following: Following): Promise<"interrupted" | { readonly ended: string }> {
  const { runtime, project, workloads, signal } = following;
  const ending = new AbortController();
  const inner = AbortSignal.any([signal, ending.signal]);
  const reading = Promise.all(workloads.map((workload) => print(following, workload, inner)));
  const watching = watchAgent(runtime, project, inner);
  const reason = await Promise.race([watching, reading.then(() => "interrupted" as const)]);
  // The last lines may come a little after the end.
  if (reason !== "interrupted") await Bun.sleep(lookMs / 2);
  ending.abort();
  await reading;
  return signal.aborted ? "interrupted" : reason;
}

/** Lines of several containers begin with the container's name. */
async function print(following: Following, workload: string, signal: AbortSignal): Promise<void> {
  const { runtime, project, workloads, tail, output } = following;
  const width = Math.max(...workloads.map((name) => name.length));
  const head = workloads.length > 1 ? output.style.dim(`${workload.padEnd(width)} | `) : "";
  const query = { workload, follow: true, ...(tail === undefined ? {} : { tail }) };
  for await (const line of runtime.logs(project, query, signal)) output.line(`${head}${printableText(line)}`);
}

export function printableText({ text }: LogLine): string {
  return printableLog(text);
}

async function watchAgent(runtime: Runtime, project: string, signal: AbortSignal): Promise<{ readonly ended: string }> {
  while (!signal.aborted) {
    await Bun.sleep(lookMs);
    const states = await runtime.workloads(project);
    const agent = states.find(({ name }) => name === "agent");
    if (agent === undefined) return { ended: "The agent was stopped." };
    if (agent.state === "stopped" || agent.state === "failed") {
      return { ended: agent.message ?? "The agent has ended by itself." };
    }
  }
  return { ended: "" };
}
