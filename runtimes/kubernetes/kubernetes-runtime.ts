// Agents in a Kubernetes cluster, behind the interface that all runtimes have.

import { RuntimeError, type Endpoint, type Runtime } from "../runtime.ts";
import { checkCluster } from "./check.ts";
import { createClusterApi, type ClusterApi } from "./cluster-api.ts";
import { openConnection, type Connection } from "./connection.ts";
import { readLogs } from "./logs.ts";
import { objectName } from "./names.ts";
import { serverObject } from "./observed.ts";
import { removeProject } from "./removal.ts";
import { rollOut } from "./roll-out.ts";
import { runJob } from "./run-job.ts";
import type { KubernetesSettings } from "./settings.ts";
import { restartWorkload, resumeProject, stopProject } from "./standstill.ts";
import { workloadStates } from "./workload-states.ts";

/** What the runtime takes from outside, so that tests can hurry it. */
export type KubernetesRuntimeOptions = {
  readonly settings: KubernetesSettings;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** How long to wait between two looks at the cluster. */
  readonly pollMs?: number;
};

type Context = {
  readonly connection: Connection;
  readonly api: ClusterApi;
  readonly settings: KubernetesSettings;
  readonly now: () => number;
  readonly pollMs: number;
};

const defaultPollMs = 1_000;

/** Connects at first use: the client's package is loaded then. */
export function createKubernetesRuntime({ settings, now, pollMs = defaultPollMs }: KubernetesRuntimeOptions): Runtime {
  const connected = once(async (): Promise<Context> => {
    const connection = await openConnection(settings.access);
    return { connection, api: createClusterApi(connection, settings.namespace), settings, now, pollMs };
  });
  return {
    kind: "kubernetes",
    startsSchedules: true,
    check: async (signal, limitMs) => {
      const context = await connected();
      return limitMs === undefined ? checkCluster(context, signal) : checkSoon(context, signal, limitMs);
    },
    rollOut: async (revision, report, signal) => rollOut(await connected(), revision, report, signal),
    stop: async (project) => stopProject(await connected(), project),
    resume: async (project) => resumeProject(await connected(), project),
    restart: async (project, workload) => restartWorkload(await connected(), project, workload),
    remove: async (project, { volumes }) => {
      const context = await connected();
      await removeProject(context.api, project, () => !volumes, context);
    },
    workloads: async (project) => workloadStates((await connected()).api, project),
    runJob: async (project, workload, report, signal) =>
      runJob(await connected(), { project, workload }, report, signal),
    async *logs(project, query, signal) {
      yield* readLogs(await connected(), project, query, signal);
    },
    endpoint: async (project, workload, port) => {
      if (settings.access.kind !== "in_cluster") return undefined;
      return serviceEndpoint(await connected(), project, workload, port);
    },
    hostOf: (project, workload) => objectName(project, workload),
  };
}

/** Credentials come first: a kubeconfig's sign-in program has a time limit of its own, and says nothing of the cluster. */
async function checkSoon(context: Context, signal: AbortSignal | undefined, limitMs: number): Promise<void> {
  const { connection } = context;
  await connection.credentials();
  const clock = AbortSignal.timeout(limitMs);
  try {
    await checkCluster(context, signal === undefined ? clock : AbortSignal.any([signal, clock]));
  } catch (error) {
    signal?.throwIfAborted();
    if (!clock.aborted) throw error;
    throw new RuntimeError("unavailable", `the cluster at ${new URL(connection.server).host} does not answer in time`, {
      hint: "See whether the cluster runs and whether this machine may reach its API.",
    });
  }
}

/** A connection that could not be opened is tried again at the next call. */
function once<Value>(open: () => Promise<Value>): () => Promise<Value> {
  let opened: Promise<Value> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

/** The service's name, while a pod behind it is ready. */
async function serviceEndpoint(
  { api }: Context,
  project: string,
  workload: string,
  port: number,
): Promise<Endpoint | undefined> {
  const name = objectName(project, workload);
  for (const kind of ["Deployment", "StatefulSet"] as const) {
    const server = serverObject.safeParse(await api.get(kind, name));
    if (server.success && server.data.status.readyReplicas > 0) return { host: `${name}.${api.namespace}.svc`, port };
  }
  return undefined;
}
