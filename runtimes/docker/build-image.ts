// Builds an image out of a folder: by the engine's API, or by the `docker` program where Docker offers BuildKit to it alone.

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import type { BuildConfig } from "../../blueprint/blueprint.ts";
import { RuntimeError } from "../runtime.ts";
import { packContext } from "./build-context.ts";
import { buildFailure, BuildOutput, type BuildStep } from "./build-output.ts";
import { buildByProgram, hasBuildProgram } from "./build-program.ts";
import type { Engine } from "./engine.ts";
import { engineMessage, withoutSecrets } from "./engine-error.ts";
import { engineEvents } from "./engine-events.ts";
import { registryCredentials } from "./registry-credentials.ts";

export type BuildRequest = {
  /** The image's name and tag. */
  readonly image: string;
  /** What is built, for messages: `agent`. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** From the folder. */
  readonly dockerfile: string;
  readonly target?: string | undefined;
  readonly args: BuildConfig["args"];
  /** Values by id: files below /run/secrets while the build runs. They are no part of the image. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Whether layers of earlier builds are left unused. */
  readonly fresh: boolean;
  /** `linux/amd64`; absence means the engine's own. */
  readonly platform?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
};

/** @throws RuntimeError `failed` with the build's last lines; the signal's reason when aborted */
export async function buildImage(
  engine: Engine,
  request: BuildRequest,
  report: (step: BuildStep) => void,
  signal: AbortSignal,
): Promise<void> {
  checkFolder(request);
  const output = new BuildOutput((step) => report(redacted(step, request)));
  signal.throwIfAborted();
  if (engine.flavour === "docker" && (await hasBuildProgram(engine))) {
    return buildByProgram(engine, request, output, signal);
  }
  if (engine.flavour === "docker" && request.secrets.size > 0) {
    throw new RuntimeError("failed", `${request.name} needs build secrets, which Docker takes from its program only.`, {
      hint: "Install the `docker` program with its buildx plugin, or use Podman.",
    });
  }
  await buildByApi(engine, request, output, signal);
}

async function buildByApi(
  engine: Engine,
  request: BuildRequest,
  output: BuildOutput,
  signal: AbortSignal,
): Promise<void> {
  const hidden = new Map([...request.secrets].map(([id, value]) => [`.build-secret-${id}-${randomUUID()}`, value]));
  const names = [...hidden.keys()];
  const secrets = [...request.secrets.keys()].map((id, index) => `id=${id},src=${names[index] ?? ""}`);
  const context = await packContext({ folder: request.folder, dockerfile: request.dockerfile, hidden });
  let failure: string | undefined;
  try {
    const options = {
      t: request.image,
      dockerfile: request.dockerfile,
      buildargs: { ...request.args },
      labels: { ...request.labels },
      nocache: request.fresh,
      rm: true,
      forcerm: true,
      ...(request.target === undefined ? {} : { target: request.target }),
      ...(request.platform === undefined ? {} : { platform: request.platform }),
      ...(secrets.length === 0 ? {} : { secrets: JSON.stringify(secrets) }),
      registryconfig: await credentialsForBuild(engine, request),
      abortSignal: signal,
    };
    const stream = await engine.streaming.buildImage(context, options);
    for await (const event of engineEvents(stream)) {
      if (event.error !== undefined) failure = event.errorDetail?.message ?? event.error;
      else if (event.stream !== undefined) output.take(event.stream);
    }
  } catch (error) {
    signal.throwIfAborted();
    failure = engineMessage(error);
  } finally {
    context.destroy();
  }
  signal.throwIfAborted();
  output.end();
  if (failure !== undefined) {
    throw buildFailure(
      request.name,
      hidingValues(failure, request),
      output.last.map((line) => hidingValues(line, request)),
    );
  }
}

async function credentialsForBuild(
  engine: Engine,
  request: BuildRequest,
): Promise<Record<string, { username: string; password: string }>> {
  const found: Record<string, { username: string; password: string }> = {};
  const text = await Bun.file(join(request.folder, request.dockerfile)).text();
  for (const [, image = ""] of text.matchAll(/^\s*FROM\s+(?:--\S+\s+)*(\S+)/gim)) {
    const credentials = await registryCredentials(engine.place, image);
    if (credentials !== undefined) found[credentials.serveraddress] = credentials;
  }
  return found;
}

function checkFolder({ name, folder, dockerfile }: BuildRequest): void {
  if (!existsSync(folder)) {
    throw new RuntimeError("failed", `The folder that ${name} is built from does not exist: ${folder}.`, {
      hint: "Look at build.context in astropods.yml: it counts from the file's folder.",
    });
  }
  const inside = relative(folder, join(folder, dockerfile));
  if (isAbsolute(dockerfile) || inside.startsWith("..")) {
    throw new RuntimeError("failed", `The Dockerfile of ${name} lies outside of its context: ${dockerfile}.`, {
      hint: "Make build.context a folder that holds it: build.dockerfile counts from there.",
    });
  }
  if (!existsSync(join(folder, dockerfile))) {
    throw new RuntimeError("failed", `${name} has no Dockerfile: ${join(folder, dockerfile)} does not exist.`, {
      hint: "Look at build.dockerfile in astropods.yml: it counts from build.context.",
    });
  }
}

function redacted(step: BuildStep, request: BuildRequest): BuildStep {
  return { ...step, text: hidingValues(step.text, request) };
}

function hidingValues(text: string, request: BuildRequest): string {
  return withoutSecrets(text, [...request.secrets.values()]);
}
