// One container that an agent consists of, as a runtime starts it: what to run, with which environment, when, and how to
// tell that it is well.

/** The part of astropods.yml that a workload comes from. */
export const workloadComponents = ["agent", "model", "knowledge", "integration", "ingestion", "messaging"] as const;
export type WorkloadComponent = (typeof workloadComponents)[number];

/** How a runtime tells that a workload is ready for use: a command in the container, or an HTTP path on its main port. */
export type Healthcheck = {
  /** As Docker's HEALTHCHECK reads it: `["CMD", ...]`, `["CMD-SHELL", "..."]`, or the bare words of a command. */
  readonly test?: readonly string[];
  /** Starts with `/`; an answer from 200 to 399 means healthy. */
  readonly path?: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Failures in a row, at least 1, until the workload counts as unhealthy. */
  readonly retries: number;
};

/** Accelerator memory and kind, as the blueprint asks for them. */
export type Gpu = { readonly vram?: string; readonly runtime?: "cuda" | "rocm" };

export type Workload = {
  /** A DNS label, unique in the project: `agent`, `model-x`, `knowledge-x`, `integration-x`, `ingestion-x`. */
  readonly name: string;
  readonly component: WorkloadComponent;
  readonly image: string;
  /** Replaces the image's command; absence leaves it. */
  readonly command?: readonly string[];
  /** Holds secrets: given to the engine's API only, never logged, never an argument of a program. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it listens on; the first is the main one. Empty when it listens on nothing. */
  readonly ports: readonly number[];
  /** Data that outlives the container; `path` is where it is mounted. */
  readonly volume?: { readonly name: string; readonly path: string };
  readonly healthcheck?: Healthcheck;
  /** At least 1; more only for an agent that is `distributed`. */
  readonly replicas: number;
  readonly gpu?: Gpu;
  /** `always` serves; `startup` runs once per revision; `manual` when somebody asks; a cron has five fields, in UTC. */
  readonly run: "always" | "startup" | "manual" | { readonly cron: string };
  /** Whether people open it in a browser: its main port is what the front door leads to. */
  readonly frontend: boolean;
};
