// A checked file as a Blueprint: defaults filled in, both forms of everything made one, numbers as they were written.

import type {
  Agent,
  Component,
  Connection,
  Container,
  CustomProvider,
  Dev,
  IngestionJob,
  Input,
  ModelEntry,
  Sandbox,
  Source,
  Blueprint,
} from "./blueprint.ts";
import { splitName } from "./names.ts";
import { placeAt, type Place } from "./place.ts";
import type { Path } from "./raw-values.ts";
import type { BlueprintFile, ComponentFile, ContainerFile, HealthcheckFile, InputFile } from "./schema.ts";
import type { Healthcheck } from "./workload.ts";

export function buildBlueprint(file: BlueprintFile, place: Place): Blueprint {
  return new Builder(place).blueprint(file);
}

type Scalar = string | number | boolean;

class Builder {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  blueprint(file: BlueprintFile): Blueprint {
    const entries = <Entry>(section: Readonly<Record<string, Entry>> | null | undefined) =>
      Object.entries(section ?? {});
    const { scope, name } = splitName(file.name);
    return {
      spec: file.spec,
      scope,
      name,
      agent: this.#agent(file.agent),
      models: entries(file.models).map(([entry, value]) => this.#model(entry, value)),
      knowledge: entries(file.knowledge).map(([entry, value]) => this.#component("knowledge", entry, value)),
      integrations: entries(file.integrations).map(([entry, value]) => this.#component("integrations", entry, value)),
      providers: entries(file.providers).map(([entry, value]) => this.#provider(entry, value)),
      inputs: entries(file.inputs).map(([entry, value]) => this.#input(value, ["inputs", entry], entry)),
      ingestion: entries(file.ingestion).map(([entry, value]) => this.#job(entry, value)),
      dev: developing(file.dev ?? {}),
      sandbox: file.sandbox === undefined ? undefined : this.#sandbox(file.sandbox),
      connections: (file.connections ?? []).map(({ provider, reason, scopes }): Connection => ({
        provider,
        reason: reason.trim(),
        scopes: scopes ?? [],
      })),
      visibility: file.meta?.visibility,
    };
  }

  /** A number as it is written: `1.10` stays that. */
  #text(value: Scalar, path: Path): string {
    if (typeof value === "string") return value;
    return placeAt(this.#place, path).text ?? String(value);
  }

  #texts(values: Readonly<Record<string, Scalar>> | undefined, path: Path): Record<string, string> {
    return Object.fromEntries(
      Object.entries(values ?? {}).map(([name, value]) => [name, this.#text(value, [...path, name])]),
    );
  }

  #agent(agent: BlueprintFile["agent"]): Agent {
    const { interfaces } = agent;
    return {
      source: this.#source(agent, ["agent"]),
      distributed: agent.distributed ?? false,
      interfaces: {
        frontend: interfaces?.frontend ?? false,
        messaging: interfaces === undefined ? true : (interfaces.messaging ?? false),
      },
      healthcheck: healthcheckOf(agent.healthcheck),
      inputs: this.#inputs(agent.inputs, ["agent", "inputs"]),
      astroAiGateway: agent.astro_ai_gateway ?? false,
      skills: (agent.skills ?? []).map(({ name, description }) => ({ name, description })),
      annotations: { runtime: agent.annotations?.runtime },
    };
  }

  #source({ image, build }: Pick<ContainerFile, "image" | "build">, path: Path): Source {
    if (build === undefined) return { kind: "image", image: image ?? "" };
    return {
      kind: "build",
      context: build.context,
      dockerfile: build.dockerfile,
      target: build.target,
      args: this.#texts(build.args, [...path, "build", "args"]),
      secrets: (build.secrets ?? []).map(({ id, env }) => ({ id, env })),
    };
  }

  #component(section: string, name: string, { provider, container, inputs }: ComponentFile): Component {
    const path = [section, name];
    return {
      name,
      kind:
        container === undefined
          ? { kind: "provider", provider: provider ?? "" }
          : { kind: "container", container: this.#container(container, [...path, "container"]) },
      inputs: this.#inputs(inputs, [...path, "inputs"]),
    };
  }

  #model(name: string, entry: ComponentFile): ModelEntry {
    const models = entry.models ?? (entry.model === undefined ? [] : [entry.model]);
    return { ...this.#component("models", name, entry), models: [...new Set(models)] };
  }

  #container(container: ContainerFile, path: Path): Container {
    const { gpu } = container;
    return {
      source: this.#source(container, path),
      port: container.port,
      volume: container.volume,
      environment: this.#texts(container.environment, [...path, "environment"]),
      gpu:
        gpu === undefined
          ? undefined
          : {
              ...(gpu.vram === undefined ? {} : { vram: gpu.vram }),
              ...(gpu.runtime === undefined ? {} : { runtime: gpu.runtime }),
            },
      healthcheck: healthcheckOf(container.healthcheck),
    };
  }

  #provider(name: string, provider: NonNullable<BlueprintFile["providers"]>[string]): CustomProvider {
    return {
      name,
      scope: [...new Set(provider.scope)],
      variables: this.#inputs(provider.variables, ["providers", name, "variables"]),
      config: provider.config ?? {},
    };
  }

  #job(name: string, job: NonNullable<BlueprintFile["ingestion"]>[string]): IngestionJob {
    const path = ["ingestion", name];
    return {
      name,
      container: this.#container(job.container, [...path, "container"]),
      trigger: job.trigger.type,
      inputs: this.#inputs(job.inputs, [...path, "inputs"]),
    };
  }

  #inputs(inputs: readonly InputFile[] | undefined, path: Path): Input[] {
    return (inputs ?? []).map((input, index) => this.#input(input, [...path, index]));
  }

  #input(input: InputFile, path: Path, entry?: string): Input {
    return {
      entry,
      name: input.name,
      datatype: input.datatype,
      secret: input.secret ?? false,
      optional: input.optional ?? false,
      description: input.description,
      displayAs: input["display-as"],
      options: (input.options ?? []).map((option, index) => this.#text(option, [...path, "options", index])),
      default:
        input.default === undefined || input.default === ""
          ? undefined
          : this.#text(input.default, [...path, "default"]),
    };
  }

  #sandbox(sandbox: NonNullable<BlueprintFile["sandbox"]>): Sandbox {
    const tools = (language: { version?: string | undefined; packages?: string[] | undefined } | undefined) =>
      language === undefined ? undefined : { version: language.version, packages: language.packages ?? [] };
    return {
      toolchain: sandbox.toolchain,
      packages: sandbox.packages ?? [],
      python: tools(sandbox.python),
      node: tools(sandbox.node),
      browser: sandbox.browser?.name,
      env: this.#texts(sandbox.env, ["sandbox", "env"]),
      setup: sandbox.setup ?? [],
    };
  }
}

function developing(dev: NonNullable<BlueprintFile["dev"]>): Dev {
  const interfaces = Array.isArray(dev.interfaces)
    ? { messaging: { adapters: dev.interfaces } }
    : (dev.interfaces ?? {});
  const messaging = "messaging" in interfaces ? interfaces.messaging : undefined;
  const known = ["web", "slack"];
  return {
    frontendPort: "frontend" in interfaces ? interfaces.frontend?.port : undefined,
    messaging: {
      adapters: [...new Set(messaging?.adapters ?? [])].filter((adapter) => known.includes(adapter)),
      slack: messaging !== undefined && "slack" in messaging ? messaging.slack : undefined,
      logLevel: messaging !== undefined && "log_level" in messaging ? messaging.log_level : undefined,
    },
    schedules: dev.schedules ?? {},
    command: dev.command,
    messagingImage: dev.overrides?.messagingImage,
  };
}

function healthcheckOf(file: HealthcheckFile | undefined): Healthcheck | undefined {
  if (file === undefined || (file.test?.length === 1 && file.test[0] === "NONE")) return undefined;
  return {
    ...(file.test === undefined ? {} : { test: file.test }),
    ...(file.path === undefined ? {} : { path: file.path }),
    intervalMs: durationMs(file.interval) ?? 10_000,
    timeoutMs: durationMs(file.timeout) ?? 5000,
    retries: file.retries ?? 3,
  };
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `1m30s` in milliseconds, at least one; undefined for nothing. */
function durationMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(/([0-9.]+)(ms|s|m|h)/g)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ""] ?? 0), 0);
  return Math.max(1, Math.min(Math.round(total), 24 * 3_600_000));
}
