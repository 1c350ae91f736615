// The objects of one workload: what serves, or the template of its jobs, with its address, its secret and its data.

import type {
  V1CronJob,
  V1Deployment,
  V1JobSpec,
  V1PersistentVolumeClaim,
  V1Secret,
  V1Service,
  V1StatefulSet,
} from "@kubernetes/client-node";
import type { Workload } from "../../blueprint/workload.ts";
import type { Revision } from "../runtime.ts";
import { identity, objectName, replicasAnnotation, runLabel, workloadMarks, type Marks } from "./names.ts";
import { podTemplate, portName } from "./pod-template.ts";
import { probesOf, seconds, settledSeconds } from "./probes.ts";
import type { Manifest } from "./resources.ts";
import type { KubernetesSettings } from "./settings.ts";

export type WorkloadRequest = {
  readonly revision: Revision;
  readonly workload: Workload;
  readonly secretName: string;
  readonly settings: KubernetesSettings;
};

export type ServerManifest = (V1Deployment | V1StatefulSet) & Manifest;

/** Jobs that ended stay for a day, for their logs. */
const finishedJobSeconds = 86_400;
/** Never comes: the template waits to be asked. */
const never = "0 0 31 2 *";

function marksOf({ revision, workload }: WorkloadRequest): Marks {
  const marks = workloadMarks(revision.project, revision.number, workload, revision.labels);
  const run = typeof workload.run === "string" ? workload.run : "schedule";
  return { ...marks, labels: { ...marks.labels, [runLabel]: run } };
}

function metadata(name: string, { labels, annotations }: Marks): Manifest["metadata"] {
  return { name, labels, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) };
}

/** All of the environment; never changed, so that a pod of an older revision starts anew as it was. */
export function secretManifest(request: WorkloadRequest): V1Secret & Manifest {
  const pairs = Object.entries(request.workload.environment);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadata(request.secretName, marksOf(request)),
    type: "Opaque",
    immutable: true,
    data: Object.fromEntries(pairs.map(([name, value]) => [name, Buffer.from(value).toString("base64")])),
  };
}

export function serviceManifest(request: WorkloadRequest): (V1Service & Manifest) | undefined {
  const { revision, workload } = request;
  if (workload.ports.length === 0 || workload.run !== "always") return undefined;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(objectName(revision.project, workload.name), marksOf(request)),
    spec: {
      type: "ClusterIP",
      selector: identity(revision.project, workload.name),
      ports: workload.ports.map((port) => ({ name: portName(port), port, targetPort: port, protocol: "TCP" })),
    },
  };
}

/** Made once and never changed: what holds data outlives its settings. */
export function claimManifest(request: WorkloadRequest): (V1PersistentVolumeClaim & Manifest) | undefined {
  const { revision, workload, settings } = request;
  if (workload.volume === undefined) return undefined;
  const { className, size } = settings.storage;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata(claimName(revision.project, workload.volume.name), marksOf(request)),
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(className === undefined ? {} : { storageClassName: className }),
      resources: { requests: { storage: size } },
    },
  };
}

function claimName(project: string, volume: string): string {
  return objectName(project, volume);
}

function template(request: WorkloadRequest, marks: Marks): ReturnType<typeof podTemplate> {
  const { revision, workload, secretName, settings } = request;
  return podTemplate({
    workload,
    labels: marks.labels,
    annotations: marks.annotations,
    secretName,
    claimName: workload.volume === undefined ? undefined : claimName(revision.project, workload.volume.name),
    startTimeoutMs: revision.startTimeoutMs,
    settings,
  });
}

/** What runs all the time: beside the old pods until it is ready, or in their place when they hold data. */
export function serverManifest(request: WorkloadRequest): ServerManifest | undefined {
  if (request.workload.run !== "always") return undefined;
  return request.workload.volume === undefined ? deployment(request) : statefulSet(request);
}

function deployment(request: WorkloadRequest): V1Deployment & Manifest {
  const { revision, workload } = request;
  const marks = marksOf(request);
  const settled = settledAfter(request);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: withReplicas(metadata(objectName(revision.project, workload.name), marks), workload.replicas),
    spec: {
      replicas: workload.replicas,
      revisionHistoryLimit: 2,
      minReadySeconds: settled,
      progressDeadlineSeconds: Math.max(seconds(revision.startTimeoutMs), settled + 1),
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: identity(revision.project, workload.name) },
      template: template(request, marks),
    },
  };
}

/** Its pods bear nothing that changes with every revision, so that data is taken off its feet only when it must be. */
function statefulSet(request: WorkloadRequest): V1StatefulSet & Manifest {
  const { revision, workload } = request;
  const name = objectName(revision.project, workload.name);
  const selector = identity(revision.project, workload.name);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    // One volume is written by one pod.
    metadata: withReplicas(metadata(name, marksOf(request)), 1),
    spec: {
      replicas: 1,
      revisionHistoryLimit: 2,
      minReadySeconds: settledAfter(request),
      serviceName: name,
      // Unless it is parallel, a pod that never gets ready keeps the older template from coming back.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      selector: { matchLabels: selector },
      template: template(request, { labels: { ...selector, [runLabel]: "always" }, annotations: {} }),
    },
  };
}

function settledAfter({ workload, revision }: WorkloadRequest): number {
  return probesOf(workload, revision.startTimeoutMs) === undefined ? settledSeconds : 0;
}

function withReplicas(base: Manifest["metadata"], replicas: number): Manifest["metadata"] {
  return { ...base, annotations: { ...base.annotations, [replicasAnnotation]: String(replicas) } };
}

/** Every job has one: a schedule starts it, or it is suspended and serves as a template. */
export function cronJobManifest(request: WorkloadRequest): (V1CronJob & Manifest) | undefined {
  const { revision, workload } = request;
  if (workload.run === "always") return undefined;
  const marks = marksOf(request);
  const isScheduled = typeof workload.run !== "string";
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: metadata(objectName(revision.project, workload.name), marks),
    spec: {
      schedule: typeof workload.run === "string" ? never : workload.run.cron,
      timeZone: "Etc/UTC",
      suspend: !isScheduled,
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: { metadata: metadataOfTemplate(marks), spec: jobSpec(request, marks) },
    },
  };
}

function jobSpec(request: WorkloadRequest, marks: Marks): V1JobSpec {
  return {
    // A job is not known to bear being run twice.
    backoffLimit: 0,
    ttlSecondsAfterFinished: finishedJobSeconds,
    template: template(request, marks),
  };
}

function metadataOfTemplate({ labels, annotations }: Marks): NonNullable<V1JobSpec["template"]["metadata"]> {
  return { labels, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) };
}
