// `ast add knowledge`: a store of a provider, built in or not, or in a container.

import { command } from "../command.ts";
import { addToBlueprint } from "../project/add-to-blueprint.ts";
import { addOptions, containerOf, containerOptions, nameOf, providerOf } from "../project/component-words.ts";
import { openBlueprintText } from "../project/read-file.ts";
import { bothGiven } from "./add-model.ts";

export const addKnowledgeCommand = command({
  path: ["add", "knowledge"],
  aliases: [["add", "store"]],
  summary: "Add a store to astropods.yml",
  arguments: [{ name: "name", summary: "What you call it; a provider's name is that provider", optional: true }],
  options: {
    ...addOptions,
    provider: { kind: "text", placeholder: "<provider>", summary: "redis, postgres, qdrant ... or one of your own" },
    ...containerOptions,
  },
  examples: [
    { does: "A Redis beside the agent", line: "ast add knowledge cache --provider redis" },
    { does: "One in a container", line: "ast add knowledge search --image search:2 --port 7700 --volume /data" },
  ],
  async run(call) {
    const { prompts } = call;
    const file = openBlueprintText(call.cwd, call.text("file"));
    const name = await nameOf(call.optional("name"), prompts, "knowledge");
    const container = containerOf({
      image: call.text("image"),
      build: call.text("build"),
      dockerfile: call.text("dockerfile"),
      port: call.text("port"),
      volume: call.text("volume"),
    });
    const typed = call.text("provider");
    if (container !== undefined && typed !== undefined) throw bothGiven();
    const section = "knowledge";
    const provider = container === undefined ? await providerOf({ section, name, typed, file, prompts }) : undefined;
    await addToBlueprint(
      call,
      file,
      { section, name, value: { provider, container } },
      { dryRun: call.flag("dry-run") },
    );
  },
});
