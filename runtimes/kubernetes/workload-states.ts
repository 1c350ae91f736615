// How a project's pods are, those of the revision that serves.

import type { WorkloadComponent } from "../../blueprint/workload.ts";
import type { WorkloadState } from "../runtime.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { podsOf } from "./follow.ts";
import { componentLabel, identity, revisionLabel, runLabel, workloadLabel } from "./names.ts";
import {
  cronJobObject,
  readAll,
  templateObject,
  type AnyObject,
  type PodObject,
  type TemplateObject,
} from "./observed.ts";
import { troubleOf } from "./pod-trouble.ts";
import { readRecord } from "./record.ts";

const components: Readonly<Record<string, WorkloadComponent>> = {
  agent: "agent",
  model: "model",
  knowledge: "knowledge",
  integration: "integration",
  ingestion: "ingestion",
  messaging: "messaging",
};

type Labelled = Pick<AnyObject, "metadata">;

/** Sorted by name; empty for an unknown project. */
export async function workloadStates(api: ClusterApi, project: string): Promise<readonly WorkloadState[]> {
  const labels = identity(project);
  const [record, pods, deployments, statefulSets, cronJobs] = await Promise.all([
    readRecord(api, project),
    podsOf(api, project, undefined),
    api.list("Deployment", labels),
    api.list("StatefulSet", labels),
    api.list("CronJob", labels),
  ]);
  const servers = readAll(templateObject, [...deployments, ...statefulSets]);
  const states = [
    ...servers.flatMap((server) => serverStates(server, pods, record?.number)),
    ...readAll(cronJobObject, cronJobs).map((template) => {
      const image = template.spec.jobTemplate.spec.template.spec.containers[0]?.image ?? "";
      return jobState(template, pods, image);
    }),
  ];
  return states.toSorted((one, other) => compare(one.name, other.name) || compare(one.instance, other.instance));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function serverStates(
  server: TemplateObject,
  pods: readonly PodObject[],
  serving: number | undefined,
): WorkloadState[] {
  const own = pods.filter((pod) => isOwn(pod, server) && servesIn(pod, serving));
  if (own.length > 0) return own.map((pod) => ({ ...base(server, pod), ...podState(pod) }));
  const image = server.spec.template.spec.containers[0]?.image ?? "";
  return [{ ...base(server), image, instance: server.metadata.name, state: "stopped", restarts: 0 }];
}

function isOwn(pod: PodObject, { metadata }: Labelled): boolean {
  const isSame = pod.metadata.labels[workloadLabel] === metadata.labels[workloadLabel];
  return isSame && pod.metadata.deletionTimestamp === undefined;
}

/** Pods that hold data bear no revision: they outlive many. */
function servesIn(pod: PodObject, serving: number | undefined): boolean {
  const revision = pod.metadata.labels[revisionLabel];
  return revision === undefined || serving === undefined || revision === String(serving);
}

function base(
  { metadata: { labels } }: Labelled,
  pod?: PodObject,
): Pick<WorkloadState, "name" | "component" | "revision"> {
  return {
    name: labels[workloadLabel] ?? "",
    component: components[labels[componentLabel] ?? ""] ?? "agent",
    revision: Number(pod?.metadata.labels[revisionLabel] ?? labels[revisionLabel] ?? 0),
  };
}

function podState(pod: PodObject): Omit<WorkloadState, "name" | "component" | "revision"> {
  const container = pod.status.containerStatuses[0];
  const trouble = troubleOf(pod);
  const startedAt = Date.parse(container?.state.running?.startedAt ?? "");
  const isRunning = container?.ready === true && pod.status.phase === "Running";
  return {
    image: pod.spec.containers[0]?.image ?? "",
    instance: pod.metadata.name,
    state: isRunning ? "running" : trouble !== undefined && trouble.code !== "unhealthy" ? "failed" : "starting",
    ...(trouble === undefined || isRunning ? {} : { message: trouble.message }),
    restarts: container?.restartCount ?? 0,
    ...(Number.isNaN(startedAt) ? {} : { startedAt }),
  };
}

/** The latest run tells. */
function jobState(template: Labelled, pods: readonly PodObject[], image: string): WorkloadState {
  const own = pods.filter((pod) => isOwn(pod, template) && pod.metadata.labels[runLabel] !== "always");
  const [latest] = own.toSorted((one, other) =>
    compare(other.metadata.creationTimestamp, one.metadata.creationTimestamp),
  );
  if (latest === undefined) {
    return { ...base(template), image, instance: template.metadata.name, state: "stopped", restarts: 0 };
  }
  const terminated = latest.status.containerStatuses[0]?.state.terminated;
  if (terminated === undefined) return { ...base(template, latest), ...podState(latest) };
  const { message: _, ...state } = podState(latest);
  if (terminated.exitCode === 0) return { ...base(template, latest), ...state, state: "stopped" };
  const message =
    terminated.reason === "OOMKilled"
      ? "it used more memory than it may"
      : `it ended with exit code ${terminated.exitCode}`;
  return { ...base(template, latest), ...state, state: "failed", message };
}
