// `ast build`: builds the images of the blueprint and does nothing else.

import { command } from "../command.ts";
import { buildImages, buildsOf, withEnvironment } from "../local/build-images.ts";
import { readLocalProject } from "../local/local-project.ts";
import { builtImage } from "../local/publish.ts";
import { openEngine } from "../local/open-engine.ts";
import { projectValues } from "../local/project-values.ts";
import { explainingEngine } from "../local/runtime-problem.ts";

export const buildCommand = command({
  path: ["build"],
  aliases: [["blueprint", "build"]],
  summary: "Build the images of the agent in this folder",
  options: {
    file: {
      kind: "text",
      short: "f",
      placeholder: "<path>",
      summary: "The blueprint (default: astropods.yml in this folder)",
    },
    rebuild: { kind: "flag", summary: "From scratch" },
    platform: { kind: "text", placeholder: "<system/architecture>", summary: "For another one: linux/amd64" },
  },
  run: (call) =>
    explainingEngine(async () => {
      const { output, signal } = call;
      const project = readLocalProject(call, { file: call.text("file") });
      const { values } = await projectValues(call.settings, project.folder, call.cwd, undefined);
      const builds = buildsOf(project.blueprint);
      const imageOf = (workload: string) => builtImage(project, workload);
      if (builds.length > 0) {
        const engine = await openEngine(call.env, signal);
        await buildImages({
          engine,
          folder: project.folder,
          builds,
          imageOf,
          values: withEnvironment(call.env, values),
          fresh: call.flag("rebuild"),
          platform: call.text("platform"),
          output,
          signal,
        });
      }
      const images = builds.map(({ workload }) => ({ workload, image: imageOf(workload) }));
      output.answer(images, () => {
        if (images.length === 0) output.note("Nothing is built: every container names an image.");
        else
          output.table(
            [
              { title: "Container", value: ({ workload }) => workload },
              { title: "Image", value: ({ image }) => image },
            ],
            images,
          );
      });
    }),
});
