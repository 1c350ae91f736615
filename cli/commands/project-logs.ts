// `ast project logs`: what the containers of the local agent write.

import { createDockerRuntime } from "../../runtimes/docker/docker-runtime.ts";
import { command } from "../command.ts";
import { followProject } from "../local/follow-project.ts";
import { readLocalProject } from "../local/local-project.ts";
import { openEngine } from "../local/open-engine.ts";
import { explainingEngine } from "../local/runtime-problem.ts";
import { Problem, usageProblem } from "../problem.ts";
import { printableLog } from "../terminal/printable.ts";

const usualTail = 1000;

export const projectLogsCommand = command({
  path: ["project", "logs"],
  aliases: [
    ["dev", "logs"],
    ["dev", "project", "logs"],
  ],
  summary: "Show what the local agent writes",
  arguments: [
    { name: "container", summary: "Another container: knowledge-x, model-x, ingestion-x, messaging", optional: true },
  ],
  options: {
    file: {
      kind: "text",
      short: "f",
      placeholder: "<path>",
      summary: "The blueprint (default: astropods.yml in this folder)",
    },
    all: { kind: "flag", short: "a", summary: "Of every container" },
    tail: {
      kind: "text",
      short: "t",
      placeholder: "<lines>",
      summary: "Begin with the last so many lines (default: 1000)",
    },
    "no-follow": { kind: "flag", summary: "End with what is there" },
  },
  run: (call) =>
    explainingEngine(async () => {
      const { output, signal } = call;
      const { project, blueprint } = readLocalProject(call, { file: call.text("file"), warns: false });
      const engine = await openEngine(call.env, signal);
      const runtime = createDockerRuntime({ connect: async () => engine });
      const running = [...new Set((await runtime.workloads(project)).map(({ name }) => name))];
      if (running.length === 0) {
        throw new Problem("not_found", `${blueprint.name} does not run on this machine.`, {
          hint: "Start it: ast project start",
        });
      }
      const wanted = call.optional("container") ?? "agent";
      const workloads = call.flag("all") ? running : [wanted];
      if (!workloads.every((name) => running.includes(name))) {
        throw new Problem("not_found", `There is no container ${wanted}.`, {
          hint: `There are: ${running.join(", ")}.`,
        });
      }
      const tail = readTail(call.text("tail"));
      const follows = !call.flag("no-follow") && !output.isJson;
      if (follows) {
        const reason = await followProject({ runtime, project, workloads, tail, output, signal });
        if (reason !== "interrupted") output.note(reason.ended);
        return 0;
      }
      const lines: { at: number; container: string; stream: string; text: string }[] = [];
      for (const workload of workloads) {
        for await (const { at, stream, text } of runtime.logs(project, { workload, tail, follow: false }, signal)) {
          lines.push({ at, container: workload, stream, text });
        }
      }
      const sorted = lines.toSorted((one, other) => one.at - other.at);
      output.answer(sorted, () => {
        for (const { container, text } of sorted) {
          output.line(workloads.length > 1 ? `${container} | ${printableLog(text)}` : printableLog(text));
        }
      });
      return 0;
    }),
});

function readTail(given: string | undefined): number {
  const tail = given === undefined ? usualTail : Number(given);
  if (Number.isInteger(tail) && tail >= 0) return tail;
  throw usageProblem(`--tail takes a number of lines, not "${given}".`, "Write --tail 100.");
}
