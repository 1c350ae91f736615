// Makes sure that the engine has an image: what it has is used, what it lacks is pulled.

import { RuntimeError } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import { engineMessage, statusOf } from "./engine-error.ts";
import { engineEvents, LayerProgress } from "./engine-events.ts";
import { findImage, registryOf, type LocalImage } from "./find-image.ts";
import { registryCredentials } from "./registry-credentials.ts";

export type PullOptions = {
  /** `missing` pulls what the engine lacks; `never` refuses then. */
  readonly pull: "missing" | "never";
  /** `3 of 7 layers, 12 of 80 MB`, now and then. */
  readonly report: (progress: string) => void;
  readonly signal: AbortSignal;
};

/** @throws RuntimeError `image_not_found`, or what the engine says */
export async function ensureImage(engine: Engine, image: string, options: PullOptions): Promise<LocalImage> {
  const here = await findImage(engine, image);
  if (here !== undefined) return here;
  if (options.pull === "never") throw notFound(image, "the engine has none, and nothing may be pulled");
  // Such names belong to this machine: there is no registry to ask.
  if (image.startsWith("localhost/")) throw notFound(image, "it was not built on this machine");
  await pull(engine, image, options);
  const pulled = await findImage(engine, image);
  if (pulled === undefined) throw notFound(image, "the engine lacks it after pulling");
  return pulled;
}

async function pull(engine: Engine, image: string, { report, signal }: PullOptions): Promise<void> {
  const authconfig = await registryCredentials(engine.place, image);
  const progress = new LayerProgress();
  try {
    const options = { ...(authconfig ? { authconfig } : {}), abortSignal: signal };
    const stream = await engine.streaming.pull(tagged(image), options);
    for await (const event of engineEvents(stream)) {
      if (event.error !== undefined) throw notFound(image, event.errorDetail?.message ?? event.error);
      progress.take(event);
      const text = String(progress);
      if (text !== "") report(text);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RuntimeError) throw error;
    throw notFound(image, engineMessage(error), statusOf(error));
  }
}

/** Without a tag an engine would pull all of them. */
function tagged(image: string): string {
  const last = image.slice(image.lastIndexOf("/") + 1);
  return last.includes(":") || last.includes("@") ? image : `${image}:latest`;
}

function notFound(image: string, reason: string, status?: number): RuntimeError {
  return new RuntimeError("image_not_found", `The image ${image} cannot be had: ${reason.replace(/\.$/, "")}.`, {
    hint: hintFor(image, reason, status),
  });
}

function hintFor(image: string, reason: string, status: number | undefined): string {
  const registry = registryOf(image);
  if (status === 401 || status === 403 || /denied|unauthorized|authentication/i.test(reason)) {
    return `Sign in to its registry (\`docker login ${registry ?? ""}\`), or look at the name.`;
  }
  if (/gave HTTP response to HTTPS client/i.test(reason)) {
    return `The registry ${registry ?? ""} speaks plain HTTP: allow it as insecure in the engine's settings (Podman: registries.conf).`;
  }
  return "Look at its name and tag, or build it: `docker build -t NAME .` makes one that is found here.";
}
