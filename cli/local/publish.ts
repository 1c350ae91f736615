// From the folder to a build on the server: images built and put where the server finds them, the blueprint's text with
// images in the place of builds, the readme, the registration.

import { randomBytes } from "node:crypto";
import { stripSecretDefaults, transformForRegistry } from "../../blueprint/registry-text.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { findImage } from "../../runtimes/docker/find-image.ts";
import { isLoopback } from "../../runtimes/docker/host-address.ts";
import { pushImage, tagImage } from "../../runtimes/docker/push-image.ts";
import { imageRegistry, registerBuild, uploadImages } from "../api/register.ts";
import type { Context } from "../context.ts";
import { Problem } from "../problem.ts";
import { buildImages, buildsOf, type Build } from "./build-images.ts";
import type { LocalProject } from "./local-project.ts";
import { readReadme } from "./readme.ts";

export type PublishRequest = {
  readonly context: Context;
  readonly project: LocalProject;
  readonly openEngine: () => Promise<Engine>;
  readonly account: string;
  /** Values of build secrets, by variable. */
  readonly values: ReadonlyMap<string, string>;
  /** By --registry; undefined asks the server. */
  readonly registry: string | undefined;
  readonly builds: boolean;
  readonly fresh: boolean;
  readonly visibility: string | undefined;
};

export type Published = {
  readonly buildId: string;
  readonly registry: string | undefined;
  readonly images: readonly { readonly workload: string; readonly image: string }[];
  readonly hints: readonly string[];
};

/** Also of `ast build`: what `--no-build` takes. */
export function builtImage({ blueprint }: Pick<LocalProject, "blueprint">, workload: string): string {
  return `localhost/${blueprint.name}-${workload}:latest`;
}

/** @throws Problem, RuntimeError; the server has the build only when this returns */
export async function publish(request: PublishRequest): Promise<Published> {
  const { context, project, account } = request;
  const { name } = project.blueprint;
  const builds = buildsOf(project.blueprint);
  const registry = request.registry ?? (await imageRegistry(context.api, account));
  if (registry === undefined && builds.length > 0 && !isLoopback(context.api.server))
    throw noRegistry(context.api.server);
  const buildId = randomBytes(4).toString("hex");
  const place = registry ?? "localhost";
  const imageOf = (workload: string) => `${place}/${account}/${name}-${workload}:${buildId}`;
  if (builds.length > 0) await putImages(request, builds, registry, imageOf);
  const text = stripSecretDefaults(transformForRegistry(project.source, imageOf));
  const readme = readReadme(project.folder);
  if (readme === undefined) context.output.note("There is no AGENT.md: people will see the agent's name alone.");
  for (const left of readme?.left ?? []) context.output.warn(`An image of AGENT.md is left out: ${left}.`);
  const assets = readme === undefined ? {} : await uploadImages(context.api, account, name, readme);
  const { hints } = await registerBuild(context.api, account, name, {
    buildId,
    registry: registry === undefined ? "" : `${registry}/${account}`,
    text,
    readme: readme?.text ?? "",
    assets,
    visibility: request.visibility,
  });
  return { buildId, registry, hints, images: builds.map(({ workload }) => ({ workload, image: imageOf(workload) })) };
}

async function putImages(
  request: PublishRequest,
  builds: readonly Build[],
  registry: string | undefined,
  imageOf: (workload: string) => string,
): Promise<void> {
  const { context, project } = request;
  const { output, signal } = context;
  const engine = await request.openEngine();
  const local = (workload: string) => builtImage(project, workload);
  if (request.builds) {
    // A cluster's machines are mostly amd64, whatever this one is; an engine of its own runs what it builds.
    const platform = registry === undefined ? undefined : "linux/amd64";
    const { folder } = project;
    await buildImages({
      engine,
      folder,
      builds,
      imageOf: local,
      values: request.values,
      fresh: request.fresh,
      platform,
      output,
      signal,
    });
  }
  for (const { workload } of builds) {
    if ((await findImage(engine, local(workload))) === undefined) {
      throw new Problem("not_found", `There is no image of ${workload}.`, {
        hint: "Build it: ast build, or push without --no-build.",
      });
    }
    await tagImage(engine, local(workload), imageOf(workload));
    if (registry === undefined) continue;
    const progress = output.progress(`Pushing ${workload}`);
    try {
      await pushImage(engine, imageOf(workload), (text) => progress.update(`Pushing ${workload}: ${text}`), signal);
    } catch (error) {
      progress.stop();
      throw error;
    }
    progress.stop(`Pushed ${workload}`);
  }
}

function noRegistry(server: string): Problem {
  return new Problem("refused", `The server at ${server} names no registry for images.`, {
    code: "no_registry",
    hint: "Name one that it can pull from by --registry <host/prefix>, or have its operator set ASTROLABE_REGISTRY.",
  });
}
