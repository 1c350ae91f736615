// `ast push`: publishes the agent in this folder as a new build of its blueprint.

import type { Api } from "../api/api.ts";
import { getBlueprint } from "../api/blueprints.ts";
import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { readLocalProject } from "../local/local-project.ts";
import { openEngine } from "../local/open-engine.ts";
import { projectValues } from "../local/project-values.ts";
import { publish } from "../local/publish.ts";
import { explainingEngine } from "../local/runtime-problem.ts";
import { withEnvironment } from "../local/build-images.ts";
import { Problem } from "../problem.ts";
import { requireYes } from "../terminal/prompts.ts";

export const pushCommand = command({
  path: ["push"],
  aliases: [["blueprint", "push"]],
  summary: "Publish the agent in this folder as a new build",
  description:
    "Checks the blueprint, builds its images and puts them where the server takes images from: a registry that it " +
    "names, or the engine of its own machine when that is this one. Then registers the blueprint, with images in the " +
    "place of builds and without defaults of secrets, and AGENT.md with its images. Afterwards: ast deploy.",
  options: {
    file: {
      kind: "text",
      short: "f",
      placeholder: "<path>",
      summary: "The blueprint (default: astropods.yml in this folder)",
    },
    visibility: {
      kind: "text",
      short: "V",
      placeholder: "<who>",
      choices: ["private", "public"],
      summary: "Who may see the blueprint (default: as it is; private for a new one)",
    },
    registry: {
      kind: "text",
      placeholder: "<host/prefix>",
      summary: "Where images go (default: what the server says)",
    },
    "no-build": { kind: "flag", summary: "Take the images of the last `ast build`" },
    rebuild: { kind: "flag", summary: "Build from scratch" },
    yes: { kind: "flag", short: "y", summary: "Do not ask" },
    "allow-account-override": { kind: "flag", summary: "Publish in the active account although the name says another" },
  },
  run: (call) =>
    explainingEngine(async () => {
      const { output, api } = call;
      const project = readLocalProject(call, { file: call.text("file"), mayLackName: false });
      const { name, scope } = project.blueprint;
      const account = await api.account();
      if (scope !== undefined && scope !== account && !call.flag("allow-account-override")) {
        throw new Problem("refused", `The blueprint is @${scope}/${name}, and the active account is ${account}.`, {
          code: "account_mismatch",
          hint: `Switch by: ast account switch ${scope}. Or publish it in ${account} by --allow-account-override.`,
        });
      }
      const visibility = call.text("visibility");
      if (visibility === "public") await confirmPublic(call, name, call.flag("yes"));
      const { values } = await projectValues(call.settings, project.folder, call.cwd, undefined);
      const published = await publish({
        context: call,
        project,
        openEngine: () => openEngine(call.env, call.signal),
        account,
        values: withEnvironment(call.env, values),
        registry: call.text("registry"),
        builds: !call.flag("no-build"),
        fresh: call.flag("rebuild"),
        visibility,
      });
      const { buildId, registry, images, hints } = published;
      const url = await pageOf(api, account, name);
      const document = {
        account,
        name,
        build_id: buildId,
        registry: registry ?? null,
        images: [...images],
        url,
        hints: [...hints],
      };
      output.answer(document, () => {
        for (const hint of hints) output.warn(hint);
        output.done(`Build ${buildId} of ${account}/${name} is published.`);
        output.fields([...images.map(({ workload, image }) => [workload, image] as const), ["page", url]]);
        output.note(`Run it: ast deploy ${name} --wait`);
      });
    }),
});

/** Where the console shows it. */
async function pageOf(api: Api, account: string, name: string): Promise<string> {
  const own = (await api.accounts()).find((one) => one.name === account || one.id === account);
  return `${api.server}/w/${own?.id ?? account}/agents/blueprints/${name}`;
}

/** Asks before something that was for members alone becomes everybody's. */
async function confirmPublic({ api, prompts }: Context, name: string, isConfirmed: boolean): Promise<void> {
  const known = await getBlueprint(api, name).catch((error: unknown) => {
    if (error instanceof Problem && error.kind === "not_found") return undefined;
    throw error;
  });
  if (known?.value.visibility === "public") return;
  const message = `Everybody who is signed in to the server will see ${name}. Publish it?`;
  await requireYes(prompts, isConfirmed, { message, instead: "--yes" });
}
