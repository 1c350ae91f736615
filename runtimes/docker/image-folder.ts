// Whether an image has a folder, which only a container made from it can tell.

import type { Engine } from "./engine.ts";
import { unlessMissing } from "./engine-error.ts";
import type { LocalImage } from "./find-image.ts";
import { removeContainer } from "./pieces.ts";

/** @param path absolute */
export async function imageHas(engine: Engine, image: LocalImage, path: string): Promise<boolean> {
  const container = await engine.docker.createContainer({ Image: image.name, Labels: { "astrolabe.looked": "yes" } });
  try {
    return (await unlessMissing(container.infoArchive({ path }))) !== undefined;
  } finally {
    await removeContainer(engine, container.id);
  }
}
