// `ast blueprint set`: who sees a blueprint.

import { setVisibility } from "../api/blueprints.ts";
import { command } from "../command.ts";
import { usageProblem } from "../problem.ts";
import { requireYes } from "../terminal/prompts.ts";

export const blueprintSetCommand = command({
  path: ["blueprint", "set"],
  summary: "Choose who sees a blueprint",
  arguments: [{ name: "blueprint", summary: "Its name" }],
  options: {
    visibility: {
      kind: "text",
      short: "V",
      placeholder: "<who>",
      choices: ["private", "public"],
      summary: "private: members of the account; public: everybody who is signed in may see and deploy it",
    },
    yes: { kind: "flag", short: "y", summary: "Do not ask before everybody sees it" },
  },
  async run(call) {
    const name = call.argument("blueprint");
    const visibility = call.text("visibility");
    if (visibility === undefined) throw usageProblem("Nothing is to be set.", "Give --visibility private, or public.");
    await requireYes(call.prompts, visibility === "private" || call.flag("yes"), {
      message: `Let everybody who is signed in at ${call.api.server} see ${name}, its text and its builds?`,
      instead: "--yes",
    });
    const document = await setVisibility(call.api, name, visibility);
    call.output.answer(document, () => call.output.done(`${name} is ${visibility}.`));
  },
});
