// The kinds of objects that agents are made of, and where the API has them.

type Resource = {
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Whether pods or jobs belong to it. */
  readonly owns: boolean;
};

export const resources = {
  Namespace: { apiVersion: "v1", plural: "namespaces", namespaced: false, owns: false },
  NetworkPolicy: { apiVersion: "networking.k8s.io/v1", plural: "networkpolicies", namespaced: true, owns: false },
  Secret: { apiVersion: "v1", plural: "secrets", namespaced: true, owns: false },
  PersistentVolumeClaim: { apiVersion: "v1", plural: "persistentvolumeclaims", namespaced: true, owns: false },
  Service: { apiVersion: "v1", plural: "services", namespaced: true, owns: false },
  StatefulSet: { apiVersion: "apps/v1", plural: "statefulsets", namespaced: true, owns: true },
  Deployment: { apiVersion: "apps/v1", plural: "deployments", namespaced: true, owns: true },
  Ingress: { apiVersion: "networking.k8s.io/v1", plural: "ingresses", namespaced: true, owns: false },
  CronJob: { apiVersion: "batch/v1", plural: "cronjobs", namespaced: true, owns: true },
  Job: { apiVersion: "batch/v1", plural: "jobs", namespaced: true, owns: true },
  Pod: { apiVersion: "v1", plural: "pods", namespaced: true, owns: false },
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
