// `ast blueprint archive`: takes a blueprint out of the lists.

import { archiveBlueprint } from "../api/blueprints.ts";
import { command } from "../command.ts";
import { requireYes } from "../terminal/prompts.ts";

export const blueprintArchiveCommand = command({
  path: ["blueprint", "archive"],
  summary: "Take a blueprint out of use",
  arguments: [{ name: "blueprint", summary: "Its name" }],
  options: { yes: { kind: "flag", short: "y", summary: "Do not ask" } },
  async run(call) {
    const name = call.argument("blueprint");
    await requireYes(call.prompts, call.flag("yes"), { message: `Archive ${name}?`, instead: "--yes" });
    const document = await archiveBlueprint(call.api, name);
    call.output.answer(document, () => {
      call.output.done(`${name} is archived.`);
      call.output.note("  A further ast push brings it back.");
    });
  },
});
