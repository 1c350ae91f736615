// `ast project stop`: takes down what `ast project start` brought up.

import { command } from "../command.ts";
import { readLocalProject } from "../local/local-project.ts";
import { openEngine } from "../local/open-engine.ts";
import { explainingEngine } from "../local/runtime-problem.ts";
import { stopProject } from "../local/start-project.ts";

export const projectStopCommand = command({
  path: ["project", "stop"],
  aliases: [
    ["dev", "stop"],
    ["dev", "project", "stop"],
  ],
  summary: "Stop the agent of this folder on this machine",
  description: "Containers and networks go. Images stay, and the data of stores unless you ask for it.",
  options: {
    file: {
      kind: "text",
      short: "f",
      placeholder: "<path>",
      summary: "The blueprint (default: astropods.yml in this folder)",
    },
    volumes: { kind: "flag", summary: "Delete the data of stores too" },
  },
  run: (call) =>
    explainingEngine(async () => {
      const { output } = call;
      const project = readLocalProject(call, { file: call.text("file"), warns: false });
      const engine = await openEngine(call.env, call.signal);
      const volumes = call.flag("volumes");
      const found = await stopProject(engine, project, { volumes });
      output.answer({ stopped: found, data_deleted: volumes }, () =>
        output.done(found ? `${project.blueprint.name} is stopped.` : `${project.blueprint.name} was not running.`),
      );
    }),
});
