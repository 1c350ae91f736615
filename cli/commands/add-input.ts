// `ast add input`: a value that people give, for every container.

import { datatypes } from "../../blueprint/blueprint.ts";
import { command } from "../command.ts";
import { addToBlueprint } from "../project/add-to-blueprint.ts";
import { addOptions, nameOf } from "../project/component-words.ts";
import { openBlueprintText } from "../project/read-file.ts";

export const addInputCommand = command({
  path: ["add", "input"],
  summary: "Add a value that every container gets to astropods.yml",
  arguments: [{ name: "name", summary: "The environment variable", optional: true }],
  options: {
    ...addOptions,
    datatype: { kind: "text", placeholder: "<type>", choices: datatypes, summary: "What it is (default: string)" },
    secret: { kind: "flag", summary: "Hide it once it is given" },
    optional: { kind: "flag", summary: "The agent runs without it" },
    default: { kind: "text", placeholder: "<value>", summary: "What counts when nothing is given" },
    option: { kind: "list", placeholder: "<value>", summary: "One of the values to choose from" },
    description: { kind: "text", placeholder: "<text>", summary: "Shown to whoever gives the value" },
  },
  examples: [{ does: "A setting with a default", line: "ast add input LOG_LEVEL --default info" }],
  async run(call) {
    const file = openBlueprintText(call.cwd, call.text("file"));
    const name = await nameOf(call.optional("name"), call.prompts, "input");
    const options = call.list("option");
    const value = {
      name,
      datatype: call.text("datatype") ?? "string",
      secret: call.flag("secret") ? true : undefined,
      optional: call.flag("optional") ? true : undefined,
      description: call.text("description"),
      "display-as": options.length === 0 ? undefined : "select",
      options: options.length === 0 ? undefined : [...options],
      default: call.text("default"),
    };
    await addToBlueprint(call, file, { section: "inputs", name, value }, { dryRun: call.flag("dry-run") });
  },
});
