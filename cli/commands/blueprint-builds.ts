// `ast blueprint builds`: what was pushed of a blueprint.

import { listBuilds } from "../api/blueprints.ts";
import { command } from "../command.ts";
import { usageProblem } from "../problem.ts";
import { nameOfFolder } from "../project/blueprint-file.ts";
import { ageOf } from "../terminal/age.ts";

export const blueprintBuildsCommand = command({
  path: ["blueprint", "builds"],
  summary: "List the builds of a blueprint, newest first",
  arguments: [{ name: "blueprint", summary: "Its name (default: that of ./astropods.yml)", optional: true }],
  async run(call) {
    const { output, now } = call;
    const name = call.optional("blueprint") ?? (await nameOfFolder(call.cwd));
    if (name === undefined) throw usageProblem("Which blueprint?", "`ast blueprint list` shows them.");
    const { value, document } = await listBuilds(call.api, name);
    output.answer(document, () => {
      if (value.length === 0) output.note(`Nothing was pushed of ${name} yet: ast push`);
      else
        output.table(
          [
            { title: "Build", value: ({ build_id }) => build_id, paint: output.style.cyan },
            { title: "Pushed", value: ({ published_at }) => ageOf(published_at, now()) },
            { title: "By", value: ({ published_by }) => published_by },
            { title: "Serves", value: ({ deployed }) => (deployed ? "yes" : "") },
            { title: "Images at", value: ({ registry }) => registry },
            { title: "Warnings", value: ({ validation_warnings: { length } }) => length || undefined, align: "right" },
          ],
          value,
        );
    });
  },
});
