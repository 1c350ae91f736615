// `ast add ingestion`: a job that fills the stores.

import { command } from "../command.ts";
import { usageProblem } from "../problem.ts";
import { addToBlueprint } from "../project/add-to-blueprint.ts";
import { addOptions, containerOf, containerOptions, nameOf } from "../project/component-words.ts";
import { openBlueprintText } from "../project/read-file.ts";

const triggers = ["manual", "startup", "schedule", "webhook"] as const;

const meanings = {
  manual: "when somebody asks",
  startup: "once per deploy",
  schedule: "by a schedule that is given at deploy time",
  webhook: "all the time, as a service",
} as const;

export const addIngestionCommand = command({
  path: ["add", "ingestion"],
  aliases: [["add", "job"]],
  summary: "Add a job that fills the stores to astropods.yml",
  arguments: [{ name: "name", summary: "What you call it", optional: true }],
  options: {
    ...addOptions,
    trigger: { kind: "text", placeholder: "<trigger>", choices: triggers, summary: "What makes it run" },
    ...containerOptions,
  },
  examples: [
    {
      does: "A job that is built here and runs when asked",
      line: "ast add ingestion docs --build ingestion/docs --trigger manual",
    },
  ],
  async run(call) {
    const { prompts } = call;
    const file = openBlueprintText(call.cwd, call.text("file"));
    const name = await nameOf(call.optional("name"), prompts, "ingestion");
    const container = containerOf({
      image: call.text("image"),
      build: call.text("build") ?? (call.text("image") === undefined ? await askFolder() : undefined),
      dockerfile: call.text("dockerfile"),
      port: call.text("port"),
      volume: call.text("volume"),
    });
    if (container === undefined) throw usageProblem("A job needs a container.", "Add --image or --build.");
    const type = call.text("trigger") ?? (await askTrigger());
    const value = { container, trigger: { type } };
    await addToBlueprint(call, file, { section: "ingestion", name, value }, { dryRun: call.flag("dry-run") });

    function askFolder(): Promise<string> {
      const initial = `ingestion/${name}`;
      return prompts.text({ message: "In which folder is its Dockerfile?", instead: "--build or --image", initial });
    }

    function askTrigger(): Promise<string> {
      return prompts.select(
        { message: "What makes it run?", instead: "--trigger" },
        triggers.map((value) => ({ value, hint: meanings[value] })),
      );
    }
  },
});
