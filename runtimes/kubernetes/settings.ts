// How agents run in a cluster: how the cluster is reached, and what everything that is made in it has in common.

export type KubernetesSettings = {
  readonly access: ClusterAccess;
  /** Where all agents live; a DNS label. */
  readonly namespace: string;
  /** Whether the namespace is made when it is missing, which needs a cluster-wide permission. */
  readonly createNamespace: boolean;
  readonly ingress: IngressSettings;
  /** Whether projects are kept apart by network policies. */
  readonly networkPolicies: boolean;
  /** Namespaces whose pods may call agents, such as the ingress controller's and this server's; empty: all but the agents' own. */
  readonly callerNamespaces: readonly string[];
  /** Name of a secret in the namespace by which images are pulled. */
  readonly imagePullSecret: string | undefined;
  /** `className` undefined: the cluster's default. */
  readonly storage: { readonly className: string | undefined; readonly size: string };
  readonly resources: ContainerResources;
  readonly gpu: GpuSettings;
};

/** In a cluster the server speaks with its service account, elsewhere with a kubeconfig. */
export type ClusterAccess =
  | {
      readonly kind: "kubeconfig";
      /** Merged in this order; undefined: `~/.kube/config`. */
      readonly files: readonly string[] | undefined;
      /** Undefined: the file's current one. */
      readonly context: string | undefined;
    }
  | {
      readonly kind: "in_cluster";
      readonly host: string;
      readonly port: string;
      /** Where the service account is mounted: `token` and `ca.crt`. */
      readonly folder: string;
    };

export type IngressSettings = {
  /** Whether frontends get an ingress; otherwise this server's front door leads to them. */
  readonly isUsed: boolean;
  /** Undefined: the cluster's default. */
  readonly className: string | undefined;
  /** Name of a secret in the namespace with a certificate for all frontends; undefined: no TLS at the ingress. */
  readonly tlsSecret: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** What makes the controller ask for sign-in; undefined: frontends for members only are refused. */
  readonly membersAnnotations: Readonly<Record<string, string>> | undefined;
};

/** Kubernetes quantities (`250m`, `512Mi`); undefined: no limit. */
export type ContainerResources = {
  readonly cpuRequest: string;
  readonly memoryRequest: string;
  readonly cpuLimit: string | undefined;
  readonly memoryLimit: string | undefined;
};

export type GpuSettings = {
  /** Labels that nodes must have, by the runtime that a blueprint asks for. */
  readonly nodeSelectors: { readonly [runtime in "cuda" | "rocm"]: Readonly<Record<string, string>> };
  /** Node label with the accelerator's memory in MiB, to choose nodes by `vram`; undefined: `vram` chooses nothing. */
  readonly memoryLabel: string | undefined;
};
