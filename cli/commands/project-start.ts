// `ast project start`, also `ast dev`: builds the agent and runs it here, with all that it needs.

import { command, type Call } from "../command.ts";
import { followProject } from "../local/follow-project.ts";
import { readLocalProject, type LocalProject } from "../local/local-project.ts";
import { openEngine } from "../local/open-engine.ts";
import { projectValues } from "../local/project-values.ts";
import { printReady, readyDocument } from "../local/ready-block.ts";
import { explainingEngine } from "../local/runtime-problem.ts";
import { startProject, type Started } from "../local/start-project.ts";
import { Problem } from "../problem.ts";

const options = {
  file: { kind: "text", short: "f", placeholder: "<path>", summary: "The blueprint (default: astropods.yml in this folder)" },
  env: { kind: "text", placeholder: "<file>", summary: "Values for the agent (default: .env beside the blueprint)" },
  rebuild: { kind: "flag", summary: "Build images from scratch" },
  "no-pull": { kind: "flag", summary: "Use only images that are on this machine" },
  "no-mount": { kind: "flag", summary: "Show the agent the source in its image, not the folder ./agent" },
  background: { kind: "flag", short: "b", summary: "Return when the agent runs; it goes on until `ast project stop`" },
  "all-logs": { kind: "flag", summary: "Print what every container writes, not the agent alone" },
} as const;

export const projectStartCommand = command({
  path: ["project", "start"],
  aliases: [["project"], ["dev", "project"], ["dev", "project", "start"]],
  summary: "Run the agent of this folder on this machine",
  description:
    "Builds its images, starts its stores and the agent as containers, and prints what the agent writes. The agent gets " +
    "the same variables as where it is deployed; a blueprint that uses the gateway gets your development key, which " +
    "needs `ast login`. A second start replaces the first. Ctrl-C takes everything down; data of stores stays until " +
    "`ast project stop --volumes`.\n" +
    "The other commands for this folder: ast project configure, logs, trigger, stop.",
  options,
  examples: [
    { does: "In the foreground", line: "ast dev" },
    { does: "In the background, then its log", line: "ast dev -b && ast project logs" },
  ],
  run: (call) => explainingEngine(() => run(call)),
});

async function run(call: Call<typeof options, string>): Promise<number> {
  const { output, signal, flag, text } = call;
  const background = flag("background");
  const project = readLocalProject(call, { file: text("file") });
  const engine = await openEngine(call.env, signal);
  const { blueprint } = project;
  output.step(`${blueprint.name} (${blueprint.spec}) on ${engine.flavour === "podman" ? "Podman" : "Docker"} ${engine.version}`);
  const { values, told } = await projectValues(call.settings, project.folder, call.cwd, text("env"));
  output.step(told.length === 0 ? "No values of your own; ast project configure asks for them" : `Values: ${told.join(", ")}`);
  const started = await startProject({
    context: call,
    project,
    values,
    engine,
    rebuild: flag("rebuild"),
    pull: flag("no-pull") ? "never" : "missing",
    background,
    mountsSource: !flag("no-mount"),
  });
  output.answer(readyDocument(project, started), () => printReady(output, project, started, background));
  return background ? 0 : follow(call, project, started, flag("all-logs"));
}

/** Until Ctrl-C, or until the agent has ended; takes everything down in both cases. */
async function follow(
  { output, signal }: Call<typeof options, string>,
  { project }: LocalProject,
  { runtime, workloads, end }: Started,
  all: boolean,
): Promise<number> {
  const serving = workloads.filter(({ run: when }) => when === "always").map(({ name }) => name);
  const followed = all ? serving : ["agent"];
  try {
    const reason = await followProject({ runtime, project, workloads: followed, output, signal });
    if (reason !== "interrupted") {
      throw new Problem("failed", reason.ended, { code: "agent_ended", hint: "Its last lines stand above." });
    }
  } finally {
    const progress = output.progress("Stopping");
    await end();
    progress.stop("Stopped; nothing is left but images and data");
  }
  return 0;
}
