// How far a deployment or stateful set has come, judged by what the API tells. Pure.

import type { RuntimeErrorCode } from "../runtime.ts";
import { conditionOf, type PodObject, type ServerObject } from "./observed.ts";
import { troubleOf, type PodTrouble } from "./pod-trouble.ts";

export type Progress =
  | { readonly state: "ready" }
  /** `trouble`: what is wrong meanwhile, told when time is up. */
  | { readonly state: "waiting"; readonly message: string; readonly trouble: Found | undefined }
  | { readonly state: "failed"; readonly trouble: Found };

export type Found = PodTrouble & { readonly pod: string | undefined };

/** @param pods those of the new template. */
export function progressOf(server: ServerObject, pods: readonly PodObject[]): Progress {
  if (isComplete(server)) return { state: "ready" };
  const found = pods.flatMap((pod) => {
    const trouble = troubleOf(pod);
    return trouble === undefined || pod.metadata.deletionTimestamp !== undefined
      ? []
      : [{ ...trouble, pod: pod.metadata.name }];
  });
  const final = found.find((trouble) => trouble.final) ?? refusedPods(server) ?? deadline(server, found[0]);
  if (final !== undefined) return { state: "failed", trouble: final };
  return { state: "waiting", message: waitingFor(server, pods, found[0]), trouble: found[0] };
}

/** All pods are new, ready, and for long enough; none of the old ones is left. */
export function isComplete({ metadata, spec, status }: ServerObject): boolean {
  if (status.observedGeneration < metadata.generation) return false;
  const isSwitched = status.updateRevision === "" || status.currentRevision === status.updateRevision;
  return (
    isSwitched &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    (status.availableReplicas ?? status.readyReplicas) === spec.replicas
  );
}

/** A quota or a policy of the cluster keeps pods from being made. */
function refusedPods({ metadata, status }: ServerObject): Found | undefined {
  const failure = conditionOf(status.conditions, "ReplicaFailure");
  if (failure?.status !== "True" || status.observedGeneration < metadata.generation) return undefined;
  return verdict(
    "failed",
    `the cluster makes no pod for it: ${failure.message}`,
    "Change the quota or policy that it names.",
  );
}

function deadline({ metadata, status }: ServerObject, known: Found | undefined): Found | undefined {
  const progressing = conditionOf(status.conditions, "Progressing");
  if (progressing?.reason !== "ProgressDeadlineExceeded" || status.observedGeneration < metadata.generation) {
    return undefined;
  }
  return known ?? notInTime();
}

export function notInTime(): Found {
  return verdict("unhealthy", "it does not become ready in time", "See its last lines, and its health check.");
}

function verdict(code: RuntimeErrorCode, message: string, hint: string): Found {
  return { code, message, hint, final: true, log: code === "unhealthy" ? "current" : "none", pod: undefined };
}

function waitingFor({ spec, status }: ServerObject, pods: readonly PodObject[], trouble: Found | undefined): string {
  if (trouble !== undefined) return trouble.message;
  const reason = pods.flatMap((pod) => pod.status.containerStatuses[0]?.state.waiting?.reason ?? [])[0];
  if (reason === "ContainerCreating" || reason === "PodInitializing") return "its container is being made";
  if (status.updatedReplicas < spec.replicas) return `${status.updatedReplicas} of ${spec.replicas} pods are new`;
  if ((status.availableReplicas ?? status.readyReplicas) < spec.replicas) return "it is not ready yet";
  return "the older pods end";
}
