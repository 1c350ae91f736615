// Builds the images of an agent's containers that the blueprint describes by a Dockerfile.

import { join, resolve } from "node:path";
import type { Blueprint, BuildConfig, Source } from "../../blueprint/blueprint.ts";
import { containerEntries, agentWorkload, ingestionWorkload } from "../../blueprint/workload-names.ts";
import { buildImage } from "../../runtimes/docker/build-image.ts";
import type { BuildStep } from "../../runtimes/docker/build-output.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import type { Environment } from "../context.ts";
import { usageProblem } from "../problem.ts";
import type { Output } from "../terminal/output.ts";

export type Build = { readonly workload: string; readonly config: BuildConfig };

/** Containers that are built, the agent first. */
export function buildsOf(blueprint: Blueprint): readonly Build[] {
  const sources: (readonly [string, Source])[] = [
    [agentWorkload, blueprint.agent.source],
    ...containerEntries(blueprint).flatMap(({ workload, runs }) =>
      runs.kind === "container" ? [[workload, runs.container.source] as const] : [],
    ),
    ...blueprint.ingestion.map(({ name, container }) => [ingestionWorkload(name), container.source] as const),
  ];
  return sources.flatMap(([workload, source]) => (source.kind === "build" ? [{ workload, config: source }] : []));
}

export type BuildOptions = {
  readonly engine: Engine;
  /** The blueprint's. */
  readonly folder: string;
  readonly builds: readonly Build[];
  readonly imageOf: (workload: string) => string;
  /** Values of build secrets, by variable. */
  readonly values: ReadonlyMap<string, string>;
  readonly fresh: boolean;
  readonly platform?: string | undefined;
  readonly output: Output;
  readonly signal: AbortSignal;
};

/** One after the other, with what happens shown. @throws RuntimeError, Problem usage for a build secret without a value */
export async function buildImages(options: BuildOptions): Promise<void> {
  const { output } = options;
  for (const build of options.builds) {
    const progress = output.progress(`Building ${build.workload}`);
    try {
      await buildOne(options, build, (step) => {
        if (output.isVerbose) output.detail(step.text);
        if (step.kind === "step") {
          progress.update(`Building ${build.workload}: step ${step.number} of ${step.total}: ${shortened(step.text)}`);
        }
      });
    } catch (error) {
      progress.stop();
      throw error;
    }
    progress.stop(`Built ${build.workload}`);
  }
}

function buildOne(
  options: BuildOptions,
  { workload, config }: Build,
  report: (step: BuildStep) => void,
): Promise<void> {
  const { engine, folder, imageOf, fresh, platform, signal } = options;
  const request = {
    image: imageOf(workload),
    name: workload,
    folder: resolve(folder, config.context),
    dockerfile: join(config.dockerfile),
    target: config.target,
    args: config.args,
    secrets: secretsOf(options, workload, config),
    fresh,
    platform,
    labels: { "astrolabe.built": workload },
  };
  return buildImage(engine, request, report, signal);
}

function secretsOf({ values }: BuildOptions, workload: string, config: BuildConfig): ReadonlyMap<string, string> {
  return new Map(
    config.secrets.map(({ id, env = id }) => {
      const value = values.get(env);
      if (value === undefined) {
        throw usageProblem(
          `Building ${workload} needs the secret ${id}, and ${env} has no value.`,
          `Set it in your environment or in .env, or run: ast project configure --var ${env}=...`,
        );
      }
      return [id, value];
    }),
  );
}

/** Values of the project, on top of those of this shell. */
export function withEnvironment(
  environment: Environment,
  values: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const own = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return new Map([...own, ...values]);
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
