// The agent's own source, shown to its container in place of what the image holds, so that a change needs no build.

import { existsSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { findImage } from "../../runtimes/docker/find-image.ts";
import { imageHas } from "../../runtimes/docker/image-folder.ts";
import type { LocalProject } from "./local-project.ts";

export type SourceFolder = { readonly from: string; readonly to: string };

const name = "agent";

/**
 * `agent` of the build's folder and where the image has it, below its WORKDIR. Undefined when one of them does not exist,
 * or when the image keeps packages in it, which the folder would hide.
 */
export async function sourceFolder(
  engine: Engine,
  { folder, blueprint }: LocalProject,
  imageName: string,
): Promise<SourceFolder | undefined> {
  const { source } = blueprint.agent;
  if (source.kind !== "build") return undefined;
  const from = join(resolve(folder, source.context), name);
  const image = await findImage(engine, imageName);
  if (!existsSync(from) || image === undefined || image.workingFolder === "/") return undefined;
  const to = posix.join(image.workingFolder, name);
  if (!(await imageHas(engine, image, to))) return undefined;
  const hidesPackages =
    !existsSync(join(from, "node_modules")) && (await imageHas(engine, image, `${to}/node_modules`));
  return hidesPackages ? undefined : { from, to };
}
