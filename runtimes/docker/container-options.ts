// A workload as the engine's API wants it: pure, so that what a container is made of can be read and tested.

import type Docker from "dockerode";
import type { Healthcheck, Workload } from "../../blueprint/workload.ts";
import type { Revision } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import type { LocalImage } from "./find-image.ts";
import {
  containerName,
  digestOf,
  isShared,
  label,
  networkName,
  projectLabels,
  runKind,
  volumeName,
} from "./project-labels.ts";

/** What a container on a developer's machine has besides. */
export type LocalExtras = {
  /** Ports of the container that 127.0.0.1 shows at a port of its own. */
  readonly publish: readonly { readonly port: number; readonly hostPort: number }[];
  /** Folders of this machine, absolute, that the container sees. */
  readonly folders: readonly { readonly from: string; readonly to: string }[];
};

export type ContainerRequest = {
  readonly engine: Pick<Engine, "flavour" | "logDriver">;
  readonly revision: Revision;
  readonly workload: Workload;
  readonly image: LocalImage;
  readonly extras?: LocalExtras | undefined;
  /** `name:address` lines for the container's hosts file. */
  readonly extraHosts: readonly string[];
  /** Whether the engine starts it again when it ends. */
  readonly restarts: boolean;
};

const nanosecondsPerMs = 1_000_000;
const stopSeconds = 10;

/** @param replica from 1 */
export function containerOptions(request: ContainerRequest, replica: number): Docker.ContainerCreateOptions {
  const { revision, workload, image } = request;
  const name = containerName(revision.project, workload.name, revision.number, replica);
  return {
    name,
    Image: image.name,
    ...(workload.command === undefined ? {} : { Cmd: [...workload.command] }),
    Env: Object.entries(workload.environment).map(([variable, value]) => `${variable}=${value}`),
    Labels: {
      ...projectLabels(revision),
      [label.workload]: workload.name,
      [label.component]: workload.component,
      [label.run]: runKind(workload),
      [label.made]: madeFrom(request),
      ...(isShared(workload) ? { [label.shared]: "yes" } : {}),
    },
    ExposedPorts: Object.fromEntries(workload.ports.map((port) => [`${port}/tcp`, {}])),
    StopTimeout: stopSeconds,
    ...healthOptions(request),
    HostConfig: hostOptions(request),
    NetworkingConfig: {
      EndpointsConfig: { [networkName(revision.project, revision.number)]: { Aliases: [workload.name] } },
    },
  };
}

/** Equal for two requests whose containers would be the same, whatever the revision. */
export function madeFrom({ workload, image, extras, extraHosts, restarts }: ContainerRequest): string {
  return digestOf({ workload, image: image.id, extras, extraHosts, restarts });
}

function hostOptions({
  engine,
  revision,
  workload,
  extras,
  extraHosts,
  restarts,
}: ContainerRequest): Docker.HostConfig {
  const again = restarts && workload.run === "always";
  const volume = workload.volume;
  return {
    NetworkMode: networkName(revision.project, revision.number),
    RestartPolicy: { Name: again ? "unless-stopped" : "no" },
    SecurityOpt: ["no-new-privileges"],
    // So that the frontend's port 80 is open to images that do not run as root, with Podman as with Docker.
    Sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
    PortBindings: Object.fromEntries(publishedPorts(workload, extras).map(([port, host]) => [`${port}/tcp`, [host]])),
    Binds: [
      ...(volume === undefined ? [] : [`${volumeName(revision.project, volume.name)}:${volume.path}`]),
      ...(extras?.folders ?? []).map(({ from, to }) => `${from}:${to}${engine.flavour === "podman" ? ":z" : ""}`),
    ],
    ExtraHosts: [...extraHosts],
    // Most programs do not end by a signal when they are a container's first process.
    Init: true,
    ...(engine.logDriver === "json-file" ? { LogConfig: { Type: "json-file", Config: logLimits } } : {}),
    ...gpuOptions(engine.flavour, workload),
  };
}

const logLimits = { "max-size": "10m", "max-file": "3" };

/** What people open and what we ask for its health are shown on 127.0.0.1, at a port that the engine picks unless one is given. */
function publishedPorts(
  workload: Workload,
  extras: LocalExtras | undefined,
): [number, { HostIp: string; HostPort: string }][] {
  const main = workload.ports[0];
  const wanted = new Map<number, string>();
  if (main !== undefined && (workload.frontend || workload.healthcheck?.path !== undefined)) wanted.set(main, "");
  for (const { port, hostPort } of extras?.publish ?? []) wanted.set(port, String(hostPort));
  return [...wanted].map(([port, hostPort]) => [port, { HostIp: "127.0.0.1", HostPort: hostPort }]);
}

/** Podman runs health checks by systemd timers, which many machines lack, so there we run them alone while rolling out. */
function healthOptions({ engine, workload }: ContainerRequest): Pick<Docker.ContainerCreateOptions, "Healthcheck"> {
  const check = workload.healthcheck;
  if (engine.flavour === "podman") return { Healthcheck: { Test: ["NONE"] } };
  if (check?.test === undefined) return {};
  return {
    Healthcheck: {
      Test: ["CMD", ...testCommand(check.test)],
      Interval: check.intervalMs * nanosecondsPerMs,
      Timeout: check.timeoutMs * nanosecondsPerMs,
      Retries: check.retries,
    },
  };
}

/** The words to execute for a health check's `test`. */
export function testCommand(test: NonNullable<Healthcheck["test"]>): readonly string[] {
  const [kind, ...words] = test;
  if (kind === "CMD-SHELL") return ["/bin/sh", "-c", words.join(" ")];
  return kind === "CMD" ? words : test;
}

function gpuOptions(flavour: Engine["flavour"], workload: Workload): Docker.HostConfig {
  if (workload.gpu === undefined) return {};
  const devices = (paths: readonly string[]) => ({
    Devices: paths.map((path) => ({ PathOnHost: path, PathInContainer: path, CgroupPermissions: "rwm" })),
  });
  if (workload.gpu.runtime === "rocm") return devices(["/dev/kfd", "/dev/dri"]);
  if (flavour === "podman") return devices(["nvidia.com/gpu=all"]);
  return { DeviceRequests: [{ Driver: "nvidia", Count: -1, Capabilities: [["gpu"]] }] };
}
