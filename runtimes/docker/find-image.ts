// Images that the engine has.

import type { Engine } from "./engine.ts";
import { unlessMissing } from "./engine-error.ts";

/** An image in the engine: the name by which containers are made from it, and the id that tells two of that name apart. */
export type LocalImage = {
  readonly name: string;
  readonly id: string;
  /** What it exposes, smallest first. */
  readonly ports: readonly number[];
  /** Absolute; `/` when the image names none. */
  readonly workingFolder: string;
};

/** The engine's image of that name; undefined when it has none. */
export async function findImage(engine: Engine, name: string): Promise<LocalImage | undefined> {
  // Podman takes a name without a registry for one of Docker Hub, while `podman build -t name` makes a local one.
  const names = engine.flavour === "podman" && !hasRegistry(name) ? [name, `localhost/${name}`] : [name];
  for (const candidate of names) {
    const found = await unlessMissing(engine.docker.getImage(candidate).inspect());
    if (found !== undefined) {
      const exposed = Object.keys(found.Config.ExposedPorts ?? {});
      return {
        name: candidate,
        id: found.Id,
        ports: exposed.map((port) => Number.parseInt(port, 10)).toSorted((one, other) => one - other),
        workingFolder: found.Config.WorkingDir || "/",
      };
    }
  }
  return undefined;
}

/** `ghcr.io/x/y` and `localhost:5000/x` have one; `postgres` and `library/postgres` have none. */
export function hasRegistry(image: string): boolean {
  return registryOf(image) !== undefined;
}

/** The host before the first slash, when it is one. */
export function registryOf(image: string): string | undefined {
  const first = image.split("/")[0] ?? "";
  return image.includes("/") && (/[.:]/.test(first) || first === "localhost") ? first : undefined;
}
