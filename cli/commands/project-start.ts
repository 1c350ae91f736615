// `ast project start`, also `ast dev`: builds the agent and runs it here, with all that it needs.

import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { followProject } from "../local/follow-project.ts";
import { readLocalProject, type LocalProject } from "../local/local-project.ts";
import { openEngine } from "../local/open-engine.ts";
import { projectValues } from "../local/project-values.ts";
import { printReady, readyDocument } from "../local/ready-block.ts";
import { explainingEngine } from "../local/runtime-problem.ts";
import { startProject, type Started } from "../local/start-project.ts";
import { Problem } from "../problem.ts";

export const projectStartCommand = command({
  path: ["project", "start"],
  aliases: [["dev"], ["dev", "start"], ["dev", "project", "start"], ["dev", "project"]],
  summary: "Run the agent of this folder on this machine",
  description:
    "Builds its images, starts its stores and the agent as containers, and prints what the agent writes. The agent gets " +
    "the same variables as where it is deployed; a blueprint that uses the gateway gets your development key, which " +
    "needs `ast login`. A second start replaces the first. Ctrl-C takes everything down; data of stores stays until " +
    "`ast project stop --volumes`.\n" +
    "The other commands for this folder: ast project configure, logs, trigger, stop.",
  options: {
    file: {
      kind: "text",
      short: "f",
      placeholder: "<path>",
      summary: "The blueprint (default: astropods.yml in this folder)",
    },
    env: { kind: "text", placeholder: "<file>", summary: "Values for the agent (default: .env beside the blueprint)" },
    rebuild: { kind: "flag", summary: "Build images from scratch" },
    "no-pull": { kind: "flag", summary: "Use only images that are on this machine" },
    "no-mount": { kind: "flag", summary: "Show the agent the source in its image, not the folder ./agent" },
    background: {
      kind: "flag",
      short: "b",
      summary: "Return when the agent runs; it goes on until `ast project stop`",
    },
    "all-logs": { kind: "flag", summary: "Print what every container writes, not the agent alone" },
  },
  examples: [
    { does: "In the foreground", line: "ast dev" },
    { does: "In the background, then its log", line: "ast dev -b && ast project logs" },
  ],
  run: (call) =>
    explainingEngine(() =>
      run(call, {
        file: call.text("file"),
        valuesFile: call.text("env"),
        rebuild: call.flag("rebuild"),
        pulls: !call.flag("no-pull"),
        mountsSource: !call.flag("no-mount"),
        background: call.flag("background"),
        allLogs: call.flag("all-logs"),
      }),
    ),
});

type Options = {
  readonly file: string | undefined;
  readonly valuesFile: string | undefined;
  readonly rebuild: boolean;
  readonly pulls: boolean;
  readonly mountsSource: boolean;
  readonly background: boolean;
  readonly allLogs: boolean;
};

async function run(context: Context, options: Options): Promise<number> {
  const { output, signal } = context;
  const { rebuild, mountsSource, background } = options;
  const project = readLocalProject(context, { file: options.file });
  const engine = await openEngine(context.env, signal);
  const { name, spec } = project.blueprint;
  output.step(`${name} (${spec}) on ${engine.flavour === "podman" ? "Podman" : "Docker"} ${engine.version}`);
  const { values, told } = await projectValues(context.settings, project.folder, context.cwd, options.valuesFile);
  output.step(
    told.length === 0 ? "No values of your own; ast project configure asks for them" : `Values: ${told.join(", ")}`,
  );
  const pull = options.pulls ? "missing" : "never";
  const started = await startProject({ context, project, values, engine, rebuild, pull, background, mountsSource });
  output.answer(readyDocument(project, started), () => printReady(output, project, started, background));
  return background ? 0 : follow(context, project, started, options.allLogs);
}

/** Until Ctrl-C, or until the agent has ended; takes everything down in both cases. */
async function follow(
  { output, signal }: Context,
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
