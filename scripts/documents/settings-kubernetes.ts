// The settings of agents in a Kubernetes cluster, in words.

import type { SettingGroup } from "./settings.ts";

export const kubernetesSettings: SettingGroup = {
  title: "Kubernetes",
  settings: [
    {
      name: "KUBECONFIG",
      meaning:
        "How the cluster is reached, when `ASTROLABE_KUBERNETES_KUBECONFIG` is not set. Neither of them: the service account in a pod, `~/.kube/config` elsewhere.",
      accepts: "paths separated by colons",
    },
    {
      name: "ASTROLABE_KUBERNETES_KUBECONFIG",
      meaning: "The same for this server alone.",
      accepts: "paths separated by colons",
    },
    {
      name: "ASTROLABE_KUBERNETES_CONTEXT",
      meaning: "Which context of the kubeconfig. Left out: its current one.",
      accepts: "a name",
    },
    {
      name: "KUBERNETES_SERVICE_HOST",
      meaning: "Set by Kubernetes in every pod: where the cluster's API is.",
      accepts: "an address",
    },
    { name: "KUBERNETES_SERVICE_PORT", meaning: "Set by Kubernetes in every pod.", accepts: "a port", preset: "443" },
    {
      name: "ASTROLABE_KUBERNETES_NAMESPACE",
      meaning: "Where all agents run.",
      accepts: "a namespace",
      preset: "astrolabe-agents",
    },
    {
      name: "ASTROLABE_KUBERNETES_CREATE_NAMESPACE",
      meaning: "Whether the server makes the namespace when it is missing.",
      accepts: "`true` or `false`",
      preset: "false",
    },
    {
      name: "ASTROLABE_KUBERNETES_INGRESS",
      meaning:
        "Whether frontends get an ingress. Left out: not when the server runs in the cluster, where its front door leads to them.",
      accepts: "`true` or `false`",
    },
    {
      name: "ASTROLABE_KUBERNETES_INGRESS_CLASS",
      meaning: "Which ingress controller serves frontends. Left out: the cluster's default.",
      accepts: "a name",
    },
    {
      name: "ASTROLABE_KUBERNETES_INGRESS_TLS_SECRET",
      meaning: "A secret in the namespace with a certificate for all frontends. Left out: no TLS at the ingress.",
      accepts: "a name",
    },
    {
      name: "ASTROLABE_KUBERNETES_INGRESS_ANNOTATIONS",
      meaning: "Put on every ingress.",
      accepts: "a JSON object of text",
    },
    {
      name: "ASTROLABE_KUBERNETES_MEMBERS_ANNOTATIONS",
      meaning:
        "Put on the ingress of frontends for members only: what makes the controller ask for sign-in. Left out: such frontends are refused.",
      accepts: "a JSON object of text",
    },
    {
      name: "ASTROLABE_KUBERNETES_NETWORK_POLICIES",
      meaning: "Whether agents are kept apart by network policies.",
      accepts: "`true` or `false`",
      preset: "true",
    },
    {
      name: "ASTROLABE_KUBERNETES_CALLER_NAMESPACES",
      meaning:
        "Namespaces whose pods may call agents: the ingress controller's and this server's. Left out: all but the agents' own.",
      accepts: "namespaces separated by commas",
    },
    {
      name: "ASTROLABE_KUBERNETES_IMAGE_PULL_SECRET",
      meaning: "A secret in the namespace by which images are pulled.",
      accepts: "a name",
    },
    {
      name: "ASTROLABE_KUBERNETES_STORAGE_CLASS",
      meaning: "What keeps the data of knowledge stores. Left out: the cluster's default.",
      accepts: "a name",
    },
    {
      name: "ASTROLABE_KUBERNETES_VOLUME_SIZE",
      meaning: "How much each of them gets.",
      accepts: "a Kubernetes quantity",
      preset: "10Gi",
    },
    {
      name: "ASTROLABE_KUBERNETES_CPU_REQUEST",
      meaning: "What each container is promised.",
      accepts: "a Kubernetes quantity",
      preset: "100m",
    },
    {
      name: "ASTROLABE_KUBERNETES_MEMORY_REQUEST",
      meaning: "What each container is promised.",
      accepts: "a Kubernetes quantity",
      preset: "256Mi",
    },
    {
      name: "ASTROLABE_KUBERNETES_CPU_LIMIT",
      meaning: "The most that each container gets.",
      accepts: "a Kubernetes quantity",
    },
    {
      name: "ASTROLABE_KUBERNETES_MEMORY_LIMIT",
      meaning: "The most that each container gets; beyond it the container is ended.",
      accepts: "a Kubernetes quantity",
    },
    {
      name: "ASTROLABE_KUBERNETES_CUDA_NODES",
      meaning: "Labels of the nodes that have accelerators for CUDA.",
      accepts: "`label=value`, separated by commas",
    },
    {
      name: "ASTROLABE_KUBERNETES_ROCM_NODES",
      meaning: "Labels of the nodes that have accelerators for ROCm.",
      accepts: "`label=value`, separated by commas",
    },
    {
      name: "ASTROLABE_KUBERNETES_GPU_MEMORY_LABEL",
      meaning:
        "Node label with the accelerator's memory in MiB, by which nodes are chosen for `vram`. Left out: `vram` chooses nothing.",
      accepts: "the name of a label",
    },
  ],
};
