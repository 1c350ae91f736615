// The way from outside to a project's frontend.

import type { V1Ingress } from "@kubernetes/client-node";
import { RuntimeError, type Revision } from "../runtime.ts";
import { objectName, workloadMarks } from "./names.ts";
import type { Manifest } from "./resources.ts";
import type { KubernetesSettings } from "./settings.ts";

/**
 * Undefined when nobody is to reach it from outside. Throws RuntimeError `failed` when only members may, and nothing would
 * ask who comes.
 */
export function ingressManifest(revision: Revision, settings: KubernetesSettings): (V1Ingress & Manifest) | undefined {
  const frontend = revision.workloads.find((workload) => workload.frontend && workload.run === "always");
  const [port] = frontend?.ports ?? [];
  if (!settings.ingress.isUsed || frontend === undefined || port === undefined) return undefined;
  if (revision.publicHost === undefined || revision.access === "none") return undefined;
  const { className, tlsSecret } = settings.ingress;
  const marks = workloadMarks(revision.project, revision.number, frontend, revision.labels);
  const annotations = {
    ...marks.annotations,
    ...settings.ingress.annotations,
    ...accessAnnotations(revision, settings),
  };
  const service = { name: objectName(revision.project, frontend.name), port: { number: port } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: objectName(revision.project, frontend.name),
      labels: marks.labels,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [revision.publicHost], secretName: tlsSecret }] }),
      rules: [
        { host: revision.publicHost, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] } },
      ],
    },
  };
}

function accessAnnotations(revision: Revision, { ingress }: KubernetesSettings): Readonly<Record<string, string>> {
  if (revision.access !== "members") return {};
  if (ingress.membersAnnotations !== undefined) return ingress.membersAnnotations;
  throw new RuntimeError(
    "failed",
    "the frontend is for members only, and the cluster's ingress asks nobody to sign in",
    {
      hint: "Set ASTROLABE_KUBERNETES_MEMBERS_ANNOTATIONS to what makes the ingress ask, or open the frontend to everyone.",
    },
  );
}
