// `ast add tool`: a tool of a provider, or in a container.

import { command } from "../command.ts";
import { addToBlueprint } from "../project/add-to-blueprint.ts";
import { addOptions, containerOf, containerOptions, nameOf, providerOf } from "../project/component-words.ts";
import { openBlueprintText } from "../project/read-file.ts";
import { bothGiven } from "./add-model.ts";

export const addToolCommand = command({
  path: ["add", "tool"],
  aliases: [["add", "integration"]],
  summary: "Add a tool to astropods.yml",
  arguments: [{ name: "name", summary: "What you call it; a provider's name is that provider", optional: true }],
  options: {
    ...addOptions,
    provider: { kind: "text", placeholder: "<provider>", summary: "github, gitlab ... or one of your own" },
    ...containerOptions,
  },
  examples: [
    { does: "GitHub, with a token that is asked for", line: "ast add tool github" },
    { does: "One in a container", line: "ast add tool browser --build tools/browser --port 3000" },
  ],
  async run(call) {
    const { prompts } = call;
    const file = openBlueprintText(call.cwd, call.text("file"));
    const name = await nameOf(call.optional("name"), prompts, "tool");
    const container = containerOf({
      image: call.text("image"),
      build: call.text("build"),
      dockerfile: call.text("dockerfile"),
      port: call.text("port"),
      volume: call.text("volume"),
    });
    const typed = call.text("provider");
    if (container !== undefined && typed !== undefined) throw bothGiven();
    const section = "integrations";
    const provider = container === undefined ? await providerOf({ section, name, typed, file, prompts }) : undefined;
    await addToBlueprint(
      call,
      file,
      { section, name, value: { provider, container } },
      { dryRun: call.flag("dry-run") },
    );
  },
});
