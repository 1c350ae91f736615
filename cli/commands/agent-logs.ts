// `ast logs`: what an agent's containers have written.

import { getDeployment } from "../api/deployments.ts";
import { command } from "../command.ts";
import { showLogs, tailLogs, workloadOf } from "../deployments/show-logs.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";
import { usageProblem } from "../problem.ts";

const mostLines = 5000;
const usualMinutes = 15;

export const agentLogsCommand = command({
  path: ["logs"],
  aliases: [["agent", "logs"]],
  summary: "Show what an agent has written in the last 15 minutes",
  arguments: [targetArgument],
  options: {
    ...targetOptions,
    tail: { kind: "flag", short: "t", summary: "Go on showing what it writes, until Ctrl-C" },
    follow: { kind: "flag", short: "f", summary: "The same as --tail" },
    lines: { kind: "text", placeholder: "<number>", summary: `Only the last so many, at most ${mostLines}` },
    since: { kind: "text", placeholder: "<minutes>", summary: `Of the last so many minutes, at most ${usualMinutes}` },
    workload: {
      kind: "text",
      placeholder: "<name>",
      summary: "Of another container: knowledge-x, ingestion-x ... (default: agent)",
    },
  },
  examples: [
    { does: "Watch the agent of this folder", line: "ast logs -t" },
    { does: "Of one of its stores", line: "ast logs support --workload knowledge-cache" },
  ],
  async run(call) {
    const { api, now } = call;
    const tail = wholeNumber(call.text("lines"), "--lines", mostLines);
    const minutes = wholeNumber(call.text("since"), "--since", usualMinutes);
    const { id } = await targetOf(call);
    const typed = call.text("workload");
    const workload =
      typed === undefined ? "agent" : workloadOf((await getDeployment(api, id)).value.workloads, typed).name;
    const since = minutes === undefined ? undefined : new Date(now() - minutes * 60_000).toISOString();
    if (call.flag("tail") || call.flag("follow")) await tailLogs(call, id, { workload, since, tail });
    else await showLogs(call, id, { workload, since, tail });
  },
});

function wholeNumber(typed: string | undefined, option: string, most: number): number | undefined {
  if (typed === undefined) return undefined;
  const value = Number(typed);
  if (Number.isSafeInteger(value) && value > 0 && value <= most) return value;
  throw usageProblem(`${option} ${typed}: give a whole number from 1 to ${most}.`);
}
