// Who may call a project's pods, and what they may not reach.

import type { V1NetworkPolicyPeer, V1NetworkPolicySpec } from "@kubernetes/client-node";
import type { Revision } from "../runtime.ts";
import { callerMarks, identity, objectName, revisionLabel } from "./names.ts";
import type { Manifest } from "./resources.ts";
import type { KubernetesSettings } from "./settings.ts";

/** Set by Kubernetes on every namespace. */
const namespaceName = "kubernetes.io/metadata.name";

/** Where clouds hand out a node's credentials. */
const cloudMetadata = ["169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32"];
const cloudMetadataIpv6 = ["fd00:ec2::254/128", "fd00:ec2::23/128"];

/** The client's type calls the rules' `from` by the name `_from`, which the API does not know. */
type NetworkPolicy = Manifest & {
  readonly spec: Omit<V1NetworkPolicySpec, "ingress"> & {
    readonly ingress: readonly { readonly from: readonly V1NetworkPolicyPeer[] }[];
  };
};

/** Pods of other projects are kept out, callers from other namespaces are let in; out goes everything but cloud metadata. */
export function networkPolicyManifest(revision: Revision, settings: KubernetesSettings): NetworkPolicy | undefined {
  if (!settings.networkPolicies) return undefined;
  const project = identity(revision.project);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: objectName(revision.project, "network"),
      labels: { ...callerMarks(revision.labels).labels, ...project, [revisionLabel]: String(revision.number) },
    },
    spec: {
      podSelector: { matchLabels: project },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: { matchLabels: project } }] }, { from: [callers(settings)] }],
      egress: [
        {
          to: [
            { namespaceSelector: {}, podSelector: {} },
            { ipBlock: { cidr: "0.0.0.0/0", except: cloudMetadata } },
            { ipBlock: { cidr: "::/0", except: cloudMetadataIpv6 } },
          ],
        },
      ],
    },
  };
}

function callers({ callerNamespaces, namespace }: KubernetesSettings): V1NetworkPolicyPeer {
  const expression =
    callerNamespaces.length === 0
      ? { key: namespaceName, operator: "NotIn", values: [namespace] }
      : { key: namespaceName, operator: "In", values: [...callerNamespaces] };
  return { namespaceSelector: { matchExpressions: [expression] } };
}
