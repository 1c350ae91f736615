// Agents in a Kubernetes cluster, behind the interface that all runtimes have.

import type { Endpoint, Runtime } from "../runtime.ts";
import { checkCluster } from "./check.ts";
import { createClusterApi, type ClusterApi } from "./cluster-api.ts";
import { openConnection } from "./connection.ts";
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
  readonly api: ClusterApi;
  readonly settings: KubernetesSettings;
  readonly now: () => number;
  readonly pollMs: number;
};

const defaultPollMs = 1_000;

/** Connects at first use: the client's package is loaded then. */
export function createKubernetesRuntime({ settings, now, pollMs = defaultPollMs }: KubernetesRuntimeOptions): Runtime {
  const connected = once(async (): Promise<Context> => {
    const api = createClusterApi(await openConnection(settings.access), settings.namespace);
    return { api, settings, now, pollMs };
  });
  return {
    kind: "kubernetes",
    startsSchedules: true,
    check: async (signal) => checkCluster(await connected(), signal),
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
