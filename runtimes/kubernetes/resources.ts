// The kinds of objects that agents are made of, and where the API has them.

type Resource = { readonly apiVersion: string; readonly plural: string; readonly namespaced: boolean };

export const resources = {
  Namespace: { apiVersion: "v1", plural: "namespaces", namespaced: false },
  NetworkPolicy: { apiVersion: "networking.k8s.io/v1", plural: "networkpolicies", namespaced: true },
  Secret: { apiVersion: "v1", plural: "secrets", namespaced: true },
  PersistentVolumeClaim: { apiVersion: "v1", plural: "persistentvolumeclaims", namespaced: true },
  Service: { apiVersion: "v1", plural: "services", namespaced: true },
  StatefulSet: { apiVersion: "apps/v1", plural: "statefulsets", namespaced: true },
  Deployment: { apiVersion: "apps/v1", plural: "deployments", namespaced: true },
  Ingress: { apiVersion: "networking.k8s.io/v1", plural: "ingresses", namespaced: true },
  CronJob: { apiVersion: "batch/v1", plural: "cronjobs", namespaced: true },
  Job: { apiVersion: "batch/v1", plural: "jobs", namespaced: true },
  Pod: { apiVersion: "v1", plural: "pods", namespaced: true },
} as const satisfies { readonly [kind: string]: Resource };

export type Kind = keyof typeof resources;

/** What every manifest has; the rest is its kind's own. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
};

/** `/apis/apps/v1/namespaces/agents/deployments`, with `/name` when one is given. */
export function resourcePath(kind: Kind, namespace: string, name?: string): string {
  const { apiVersion, plural, namespaced }: Resource = resources[kind];
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespaced ? `${root}/namespaces/${encodeURIComponent(namespace)}` : root;
  return `${place}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}
