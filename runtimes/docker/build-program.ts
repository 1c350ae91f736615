// Builds by the `docker` program, which alone speaks BuildKit's own protocol. Secrets are in its environment, never among
// its arguments.

import { join } from "node:path";
import { buildFailure, type BuildOutput } from "./build-output.ts";
import type { BuildRequest } from "./build-image.ts";
import type { Engine } from "./engine.ts";
import { withoutSecrets } from "./engine-error.ts";

const askMs = 10_000;

/** Whether the program is installed with BuildKit. */
export async function hasBuildProgram(engine: Engine): Promise<boolean> {
  try {
    const child = Bun.spawn(["docker", "buildx", "version"], {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
      env: environmentOf(engine),
      signal: AbortSignal.timeout(askMs),
    });
    return (await child.exited) === 0;
  } catch {
    return false;
  }
}

/** @throws RuntimeError `failed`; the signal's reason when aborted */
export async function buildByProgram(
  engine: Engine,
  request: BuildRequest,
  output: BuildOutput,
  signal: AbortSignal,
): Promise<void> {
  const { words, variables } = buildCommand(request);
  const child = Bun.spawn(["docker", ...words], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    env: { ...environmentOf(engine), ...variables },
    signal,
  });
  const decoder = new TextDecoder();
  for await (const bytes of child.stderr) output.take(decoder.decode(bytes, { stream: true }));
  output.end();
  const exitCode = await child.exited;
  signal.throwIfAborted();
  if (exitCode === 0) return;
  const secrets = [...request.secrets.values()];
  const last = output.last.map((line) => withoutSecrets(line, secrets));
  throw buildFailure(request.name, last.findLast((line) => /error/i.test(line)) ?? `exit code ${exitCode}`, last);
}

/** The words behind `docker`, and the variables that they speak of. */
export function buildCommand(request: BuildRequest): {
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
} {
  const variables: Record<string, string> = {};
  const secrets = [...request.secrets].flatMap(([id, value], index) => {
    const variable = `ASTROLABE_BUILD_SECRET_${index}`;
    variables[variable] = value;
    return ["--secret", `id=${id},env=${variable}`];
  });
  const words = [
    "buildx",
    "build",
    "--progress=plain",
    "--load",
    `--tag=${request.image}`,
    `--file=${join(request.folder, request.dockerfile)}`,
    ...(request.target === undefined ? [] : ["--target", request.target]),
    ...(request.platform === undefined ? [] : ["--platform", request.platform]),
    ...(request.fresh ? ["--no-cache"] : []),
    ...Object.entries(request.args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...Object.entries(request.labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
    ...secrets,
    request.folder,
  ];
  return { words, variables };
}

function environmentOf(engine: Engine): Record<string, string | undefined> {
  return { ...engine.place.environment, DOCKER_HOST: engine.dockerHost };
}
