// Agents in a Kubernetes cluster, behind the interface that all runtimes have.

import { RuntimeError, type Runtime } from "../runtime.ts";
import type { KubernetesSettings } from "./settings.ts";

/** What the runtime takes from outside, so that tests can hurry it. */
export type KubernetesRuntimeOptions = {
  readonly settings: KubernetesSettings;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** How long to wait between two looks at a roll-out; default 1000. */
  readonly pollMs?: number;
};

/** Connects at first use: the client's packages are loaded then. */
export function createKubernetesRuntime({ settings }: KubernetesRuntimeOptions): Runtime {
  throw new RuntimeError("unavailable", `nothing runs in namespace ${settings.namespace} yet`, {
    hint: "Use Docker or Podman.",
  });
}
