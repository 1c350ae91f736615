// Gives an image further names, and pushes it to a registry.

import { RuntimeError } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import { asRuntimeError, engineMessage } from "./engine-error.ts";
import { engineEvents, LayerProgress } from "./engine-events.ts";
import { registryOf } from "./find-image.ts";
import { plainHttp, registryCredentials } from "./registry-credentials.ts";

/** @param name with its tag */
export async function tagImage(engine: Engine, image: string, name: string): Promise<void> {
  const at = name.lastIndexOf(":");
  try {
    await engine.docker.getImage(image).tag({ repo: name.slice(0, at), tag: name.slice(at + 1) });
  } catch (error) {
    throw asRuntimeError(error, { what: `The image cannot be called ${name}` });
  }
}

/** @throws RuntimeError `failed` with what the registry says; the signal's reason when aborted */
export async function pushImage(
  engine: Engine,
  image: string,
  report: (progress: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const authconfig = await registryCredentials(engine.place, image);
  const progress = new LayerProgress();
  try {
    const options = {
      // Podman wants the header in any case.
      authconfig: authconfig ?? { username: "", password: "", serveraddress: registryOf(image) ?? "" },
      ...plainHttp(engine.flavour, image),
      abortSignal: signal,
    };
    const stream = await engine.streaming.getImage(image).push(options);
    for await (const event of engineEvents(stream)) {
      if (event.error !== undefined) throw refused(image, event.errorDetail?.message ?? event.error);
      progress.take(event);
      const text = String(progress);
      if (text !== "") report(text);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof RuntimeError ? error : refused(image, engineMessage(error));
  }
}

function refused(image: string, reason: string): RuntimeError {
  const registry = registryOf(image) ?? "";
  return new RuntimeError("failed", `The image ${image} cannot be pushed: ${reason.replace(/\.$/, "")}.`, {
    hint: /denied|unauthorized|authentication|credentials/i.test(reason)
      ? `Sign in to the registry: docker login ${registry}`
      : "Look whether the registry is up, and whether you may write there.",
  });
}
