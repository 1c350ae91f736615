// The pod of a workload: one container with its environment from a secret, without rights over the cluster or the node.

import type { V1Container, V1PodSpec, V1PodTemplateSpec } from "@kubernetes/client-node";
import type { Workload } from "../../blueprint/workload.ts";
import { gpuLimits, gpuPlacement } from "./gpu.ts";
import { probesOf } from "./probes.ts";
import type { KubernetesSettings } from "./settings.ts";

export type PodRequest = {
  readonly workload: Workload;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  /** The secret with all of its environment. */
  readonly secretName: string;
  /** Absent without a volume. */
  readonly claimName: string | undefined;
  readonly startTimeoutMs: number;
  readonly settings: KubernetesSettings;
};

export const containerName = "main";
const volumeName = "data";

/** What official images need who start as root and then become another user; everything else is dropped. */
const keptCapabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"];

export function podTemplate(request: PodRequest): V1PodTemplateSpec {
  const { workload, settings, claimName } = request;
  const spec: V1PodSpec = {
    automountServiceAccountToken: false,
    // Service links would put addresses of other projects into the environment, and REDIS_PORT=tcp://... among them.
    enableServiceLinks: false,
    securityContext: {
      seccompProfile: { type: "RuntimeDefault" },
      // Who is not root may serve port 80 too, as with Docker. One of the sysctls that every cluster allows.
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
    },
    ...(workload.run === "always" ? {} : { restartPolicy: "Never" }),
    ...(settings.imagePullSecret === undefined ? {} : { imagePullSecrets: [{ name: settings.imagePullSecret }] }),
    ...gpuPlacement(workload.gpu, settings.gpu),
    ...(claimName === undefined ? {} : { volumes: [{ name: volumeName, persistentVolumeClaim: { claimName } }] }),
    containers: [container(request)],
  };
  const annotations = Object.keys(request.annotations).length === 0 ? {} : { annotations: request.annotations };
  return { metadata: { labels: request.labels, ...annotations }, spec };
}

function container({ workload, secretName, startTimeoutMs, settings }: PodRequest): V1Container {
  return {
    name: containerName,
    image: workload.image,
    // `$(NAME)` would be replaced by the environment's value, which puts a secret among the arguments.
    ...(workload.command === undefined ? {} : { args: workload.command.map((word) => word.replaceAll("$(", "$$$$(")) }),
    envFrom: [{ secretRef: { name: secretName } }],
    ...(workload.ports.length === 0
      ? {}
      : { ports: workload.ports.map((port) => ({ name: portName(port), containerPort: port, protocol: "TCP" })) }),
    resources: resourcesOf(workload, settings),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"], add: keptCapabilities },
    },
    ...(workload.volume === undefined ? {} : { volumeMounts: [{ name: volumeName, mountPath: workload.volume.path }] }),
    ...(workload.run === "always" ? probesOf(workload, startTimeoutMs) : {}),
  };
}

export function portName(port: number): string {
  return `port-${port}`;
}

function resourcesOf(workload: Workload, { resources }: KubernetesSettings): NonNullable<V1Container["resources"]> {
  const limits: Record<string, string> = {
    ...(resources.cpuLimit === undefined ? {} : { cpu: resources.cpuLimit }),
    ...(resources.memoryLimit === undefined ? {} : { memory: resources.memoryLimit }),
    ...gpuLimits(workload.gpu),
  };
  return {
    requests: { cpu: resources.cpuRequest, memory: resources.memoryRequest },
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}
