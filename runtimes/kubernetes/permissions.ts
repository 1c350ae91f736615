// What the server has to be allowed in the namespace of agents; deploy/kubernetes/rbac.yaml says the same.

export type Permission = {
  readonly apiGroup: string;
  readonly resource: string;
  readonly verbs: readonly string[];
};

const managed = ["get", "list", "create", "patch", "delete"] as const;

export const permissions: readonly Permission[] = [
  { apiGroup: "", resource: "namespaces", verbs: ["get"] },
  { apiGroup: "", resource: "secrets", verbs: managed },
  { apiGroup: "", resource: "services", verbs: managed },
  { apiGroup: "", resource: "persistentvolumeclaims", verbs: managed },
  { apiGroup: "", resource: "pods", verbs: ["list", "delete"] },
  { apiGroup: "", resource: "pods/log", verbs: ["get"] },
  { apiGroup: "apps", resource: "deployments", verbs: managed },
  { apiGroup: "apps", resource: "deployments/scale", verbs: ["patch"] },
  { apiGroup: "apps", resource: "statefulsets", verbs: managed },
  { apiGroup: "apps", resource: "statefulsets/scale", verbs: ["patch"] },
  { apiGroup: "batch", resource: "cronjobs", verbs: managed },
  { apiGroup: "batch", resource: "jobs", verbs: ["get", "list", "create", "delete"] },
  { apiGroup: "networking.k8s.io", resource: "ingresses", verbs: managed },
  { apiGroup: "networking.k8s.io", resource: "networkpolicies", verbs: managed },
];
