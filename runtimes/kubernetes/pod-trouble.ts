// What keeps a pod from running, in words, and whether waiting may help.

import type { RuntimeErrorCode } from "../runtime.ts";
import { conditionOf, type ContainerStatus, type PodObject } from "./observed.ts";

export type PodTrouble = {
  readonly code: RuntimeErrorCode;
  /** Without the workload's name: `its image cannot be pulled: ...`. */
  readonly message: string;
  readonly hint: string;
  /** Whether it stays as it is without a change. */
  readonly final: boolean;
  /** Whose log tells more: the container that runs, or the one before the last restart. */
  readonly log: "none" | "current" | "previous";
};

/** So many restarts after a crash until nobody believes in the next one. */
const hopelessRestarts = 2;

/** Undefined while nothing is wrong, or nothing is known yet. */
export function troubleOf(pod: PodObject): PodTrouble | undefined {
  const [container] = pod.status.containerStatuses;
  const ofContainer = container === undefined ? undefined : (waitingTrouble(container) ?? exitTrouble(container));
  return ofContainer ?? evicted(pod) ?? unschedulable(pod);
}

const imageHint =
  "Look whether the image was pushed, and whether the cluster may pull it: ASTROLABE_KUBERNETES_IMAGE_PULL_SECRET.";

function waitingTrouble(container: ContainerStatus): PodTrouble | undefined {
  const waiting = container.state.waiting;
  if (waiting === undefined) return undefined;
  const { reason, message } = waiting;
  const said = message === "" ? reason : message;
  switch (reason) {
    case "ErrImagePull":
    case "ImagePullBackOff":
    case "ErrImageNeverPull":
    case "InvalidImageName":
    case "ImageInspectError": {
      // A first failure may be a registry's bad moment.
      const final = reason !== "ErrImagePull";
      return {
        code: "image_not_found",
        message: `its image cannot be pulled: ${said}`,
        hint: imageHint,
        final,
        log: "none",
      };
    }
    case "CreateContainerConfigError":
    case "CreateContainerError":
    case "RunContainerError":
    case "StartError":
      return {
        code: "failed",
        message: `its container cannot be started: ${said}`,
        hint: "Correct the command or what the container needs, and deploy again.",
        final: true,
        log: "none",
      };
    case "CrashLoopBackOff":
      return crash(container);
    default:
      return undefined;
  }
}

function crash(container: ContainerStatus): PodTrouble {
  const last = container.lastState.terminated;
  const final = last?.reason === "OOMKilled" || container.restartCount >= hopelessRestarts;
  return { ...ended(last), final, log: "previous" };
}

function exitTrouble(container: ContainerStatus): PodTrouble | undefined {
  const { terminated } = container.state;
  if (terminated === undefined || terminated.exitCode === 0) return undefined;
  const isStart = terminated.reason === "StartError" || terminated.reason === "ContainerCannotRun";
  if (isStart) {
    return {
      code: "failed",
      message: `its container cannot be started: ${terminated.message}`,
      hint: "Correct the image's command, and deploy again.",
      final: true,
      log: "none",
    };
  }
  return { ...ended(terminated), final: terminated.reason === "OOMKilled", log: "current" };
}

function ended(terminated: ContainerStatus["state"]["terminated"]): Pick<PodTrouble, "code" | "message" | "hint"> {
  if (terminated?.reason === "OOMKilled") {
    return {
      code: "exited",
      message: "it used more memory than it may",
      hint: "Raise ASTROLABE_KUBERNETES_MEMORY_LIMIT, or make it need less.",
    };
  }
  const code = terminated === undefined ? "" : ` with exit code ${terminated.exitCode}`;
  return { code: "exited", message: `it ends again and again${code}`, hint: "See its last lines for why." };
}

function evicted(pod: PodObject): PodTrouble | undefined {
  if (pod.status.phase !== "Failed") return undefined;
  const said = pod.status.message || pod.status.reason || "no reason is known";
  return {
    code: "exited",
    message: `its pod failed: ${said}`,
    hint: "See its last lines for why.",
    final: false,
    log: "current",
  };
}

function unschedulable(pod: PodObject): PodTrouble | undefined {
  const scheduled = conditionOf(pod.status.conditions, "PodScheduled");
  if (scheduled?.status !== "False") return undefined;
  return {
    code: "unhealthy",
    message: `no node takes it: ${scheduled.message || scheduled.reason}`,
    hint: "Give the cluster more or other nodes, or ask for less.",
    // A node may still be added.
    final: false,
    log: "none",
  };
}
