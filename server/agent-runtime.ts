// What runs agents, as the settings say: the connection to a container engine, and the runtime on it or on a cluster.

import type { Engine } from "../runtimes/docker/engine.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import type { DeployServices } from "./agents/deploy-services.ts";
import type { Config } from "./config.ts";
import type { AgentsConfig } from "./config-agents.ts";

/** @param limitMs how long an engine may take to answer; absent: as `connectEngine` does. */
export type EngineConnector = (limitMs?: number) => Promise<Engine>;

/** One connection for all; an engine that was not there, or that went away, is looked for again. */
export function engineConnector({ engine: place }: AgentsConfig): EngineConnector {
  let current: Engine | undefined;
  let connecting: Promise<Engine> | undefined;
  const connect = async (limitMs?: number): Promise<Engine> => {
    const { connectEngine, pingEngine } = await import("../runtimes/docker/engine.ts");
    const before = current;
    if (before !== undefined) {
      const answers = await pingEngine(before, undefined, limitMs).then(
        () => true,
        () => false,
      );
      if (answers) return before;
    }
    return (current = await connectEngine(place, undefined, limitMs));
  };
  return (limitMs) => {
    // Whoever has little time does not wait for an attempt that has more.
    if (limitMs !== undefined) return connect(limitMs);
    connecting ??= connect().finally(() => (connecting = undefined));
    return connecting;
  };
}

export type RuntimeSurroundings = {
  readonly config: Pick<Config, "agents" | "kubernetes">;
  /** Unix milliseconds with fractions. */
  readonly now: () => number;
  /** For tests: what runs containers in the place of an engine. */
  readonly runtime?: Runtime | undefined;
};

/** Each with what it needs is loaded when something is deployed, never before. */
export function runtimeLoader(surroundings: RuntimeSurroundings, connect: EngineConnector): DeployServices["runtime"] {
  const { runtime, config, now } = surroundings;
  if (runtime !== undefined) return async () => runtime;
  if (config.agents.runtime === "none") return undefined;
  let loaded: Promise<Runtime> | undefined;
  const load = config.agents.runtime === "docker" ? () => loadDocker(connect) : () => loadKubernetes(config, now);
  return () =>
    (loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    }));
}

async function loadDocker(connect: EngineConnector): Promise<Runtime> {
  const [{ createDockerRuntime }, { hostAddress }] = await Promise.all([
    import("../runtimes/docker/docker-runtime.ts"),
    import("../runtimes/docker/host-address.ts"),
  ]);
  // Asked once: containers are told apart by it, so it must not change between two roll-outs.
  let known: { readonly engine: Engine; readonly extraHosts: readonly string[] } | undefined;
  const extraHosts = async (engine: Engine): Promise<readonly string[]> => {
    if (known?.engine !== engine) known = { engine, extraHosts: (await hostAddress(engine)).extraHosts };
    return known.extraHosts;
  };
  return createDockerRuntime({ connect, extraHosts });
}

async function loadKubernetes(
  { kubernetes: settings }: Pick<Config, "kubernetes">,
  now: () => number,
): Promise<Runtime> {
  const { createKubernetesRuntime } = await import("../runtimes/kubernetes/kubernetes-runtime.ts");
  return createKubernetesRuntime({ settings, now });
}
