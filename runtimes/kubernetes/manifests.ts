// A revision as the objects that the cluster is to have, in the order in which they are made.

import type { Workload } from "../../blueprint/workload.ts";
import type { Revision } from "../runtime.ts";
import { ingressManifest } from "./ingress.ts";
import { networkPolicyManifest } from "./network-policy.ts";
import type { Manifest } from "./resources.ts";
import type { KubernetesSettings } from "./settings.ts";
import {
  claimManifest,
  cronJobManifest,
  secretManifest,
  serverManifest,
  serviceManifest,
  type ServerManifest,
} from "./workload-manifests.ts";

export type RevisionManifests = {
  /** What others need and what disturbs nobody: policies, secrets, addresses. */
  readonly foundation: readonly Manifest[];
  /** Made when they are missing, and never changed. */
  readonly claims: readonly Manifest[];
  /** What runs all the time: what the agent calls first, then the agent. */
  readonly servers: readonly (readonly { readonly workload: Workload; readonly manifest: ServerManifest }[])[];
  /** What makes it known: schedules and the way from outside. */
  readonly front: readonly Manifest[];
};

/** Pure. Throws RuntimeError for a revision that the settings do not allow. */
export function manifestsOf(
  revision: Revision,
  secretNames: ReadonlyMap<string, string>,
  settings: KubernetesSettings,
): RevisionManifests {
  const requests = revision.workloads.map((workload) => {
    const secretName = secretNames.get(workload.name);
    if (secretName === undefined) throw new Error(`no secret is named for ${workload.name}`);
    return { revision, workload, secretName, settings };
  });
  const servers = requests.flatMap((request) => {
    const manifest = serverManifest(request);
    return manifest === undefined ? [] : [{ workload: request.workload, manifest }];
  });
  return {
    foundation: present([
      networkPolicyManifest(revision, settings),
      ...requests.map(secretManifest),
      ...requests.map(serviceManifest),
    ]),
    claims: present(requests.map(claimManifest)),
    servers: [
      servers.filter(({ workload }) => workload.component !== "agent"),
      servers.filter(({ workload }) => workload.component === "agent"),
    ],
    front: present([...requests.map(cronJobManifest), ingressManifest(revision, settings)]),
  };
}

/** What stays of a revision for as long as it serves. */
export function lasting(manifests: RevisionManifests): readonly Manifest[] {
  const servers = manifests.servers.flat().map(({ manifest }) => manifest);
  return [...manifests.foundation, ...manifests.claims, ...servers, ...manifests.front];
}

export function namespaceManifest(name: string): Manifest & { metadata: { labels: Record<string, string> } } {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
  };
}

function present<Item>(items: readonly (Item | undefined)[]): Item[] {
  return items.filter((item) => item !== undefined);
}
