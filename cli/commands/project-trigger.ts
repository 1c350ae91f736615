// `ast project trigger`: runs an ingestion job of the local agent once, to its end.

import { ingestionWorkload } from "../../blueprint/workload-names.ts";
import { createDockerRuntime } from "../../runtimes/docker/docker-runtime.ts";
import { command } from "../command.ts";
import { printableText } from "../local/follow-project.ts";
import { readLocalProject } from "../local/local-project.ts";
import { openEngine } from "../local/open-engine.ts";
import { explainingEngine } from "../local/runtime-problem.ts";
import { Problem } from "../problem.ts";

export const projectTriggerCommand = command({
  path: ["project", "trigger"],
  aliases: [
    ["dev", "trigger"],
    ["dev", "project", "trigger"],
  ],
  summary: "Run an ingestion job of the local agent",
  description:
    "The agent has to run (ast project start): the job is started beside it with the values that it was started with, " +
    "and its exit code decides how this ends. Without a name the jobs are listed.",
  arguments: [{ name: "job", summary: "Its name in the blueprint", optional: true }],
  options: {
    file: {
      kind: "text",
      short: "f",
      placeholder: "<path>",
      summary: "The blueprint (default: astropods.yml in this folder)",
    },
  },
  run: (call) =>
    explainingEngine(async () => {
      const { output, signal } = call;
      const { project, blueprint } = readLocalProject(call, { file: call.text("file"), warns: false });
      const job = call.optional("job");
      if (job === undefined) {
        const jobs = blueprint.ingestion.map(({ name, trigger }) => ({ name, trigger }));
        output.answer(jobs, () => {
          if (jobs.length === 0) output.note(`${blueprint.name} has no ingestion jobs.`);
          else
            output.table(
              [
                { title: "Job", value: ({ name }) => name },
                { title: "Runs", value: ({ trigger }) => trigger },
              ],
              jobs,
            );
        });
        return 0;
      }
      if (!blueprint.ingestion.some(({ name }) => name === job)) {
        const names = blueprint.ingestion.map(({ name }) => name).join(", ");
        throw new Problem("not_found", `There is no job ${job}.`, {
          hint: names === "" ? "The blueprint has no `ingestion`." : `There are: ${names}.`,
        });
      }
      const engine = await openEngine(call.env, signal);
      const runtime = createDockerRuntime({ connect: async () => engine });
      const workload = ingestionWorkload(job);
      if (!(await runtime.workloads(project)).some(({ name }) => name === workload)) {
        throw new Problem("not_found", `${blueprint.name} does not run on this machine.`, {
          hint: "Start it: ast project start -b",
        });
      }
      const { exitCode } = await runtime.runJob(project, workload, (line) => output.line(printableText(line)), signal);
      if (exitCode !== 0) {
        throw new Problem("failed", `${job} ended with exit code ${exitCode}.`, { code: "job_failed" });
      }
      output.answer({ job, exit_code: exitCode }, () => output.done(`${job} is done.`));
      return 0;
    }),
});
