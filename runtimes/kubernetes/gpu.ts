// Which nodes take a workload that asks for an accelerator.

import type { V1PodSpec } from "@kubernetes/client-node";
import type { Gpu } from "../../blueprint/workload.ts";
import type { GpuSettings } from "./settings.ts";

const resourceNames = { cuda: "nvidia.com/gpu", rocm: "amd.com/gpu" } as const;

/** What the container asks the scheduler for: one accelerator, which it has for itself. */
export function gpuLimits(gpu: Gpu | undefined): Record<string, string> {
  return gpu === undefined ? {} : { [resourceNames[gpu.runtime ?? "cuda"]]: "1" };
}

/** Nodes with accelerators usually keep other pods off by a taint of the resource's name. */
export function gpuPlacement(
  gpu: Gpu | undefined,
  settings: GpuSettings,
): Pick<V1PodSpec, "nodeSelector" | "tolerations" | "affinity"> {
  if (gpu === undefined) return {};
  const runtime = gpu.runtime ?? "cuda";
  const nodeSelector = settings.nodeSelectors[runtime];
  const memoryMib = gpu.vram === undefined ? undefined : mebibytes(gpu.vram);
  return {
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...nodeSelector } }),
    tolerations: [{ key: resourceNames[runtime], operator: "Exists", effect: "NoSchedule" }],
    ...(memoryMib === undefined || settings.memoryLabel === undefined
      ? {}
      : { affinity: atLeast(settings.memoryLabel, memoryMib) }),
  };
}

/** Cards report a little less than what they are sold as: a 24 GB card has 23,028 MiB. */
const reportedShare = 0.9;

function atLeast(label: string, memoryMib: number): NonNullable<V1PodSpec["affinity"]> {
  const values = [String(Math.floor(memoryMib * reportedShare) - 1)];
  const nodeSelectorTerms = [{ matchExpressions: [{ key: label, operator: "Gt", values }] }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

const unitMib: Readonly<Record<string, number>> = { Mi: 1, Gi: 1024, M: 1e6 / 2 ** 20, G: 1e9 / 2 ** 20 };

/** Undefined for what is no amount of memory. */
function mebibytes(amount: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})\s*(Mi|Gi|M|G)B?$/.exec(amount.trim()) ?? [];
  const factor = unit === undefined ? undefined : unitMib[unit];
  return count === undefined || factor === undefined ? undefined : Math.floor(Number(count) * factor);
}
