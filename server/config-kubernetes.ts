// The part of the environment that says how agents run in a Kubernetes cluster.

import { z } from "zod";
import type { ClusterAccess, IngressSettings, KubernetesSettings } from "../runtimes/kubernetes/settings.ts";
import { ConfigError, type ReadText } from "./config-values.ts";
import { parseJson } from "./contracts/json.ts";

const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
const label = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/;
const quantity = /^[0-9]+(?:\.[0-9]+)?(?:m|k|Ki|M|Mi|G|Gi|T|Ti)?$/;
const labelName = /^(?:[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^(?:[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/;

const prefix = "ASTROLABE_KUBERNETES_";

/** Throws ConfigError with the name of the variable and what it accepts. */
export function readKubernetes(text: ReadText): KubernetesSettings {
  const name = (variable: string): string | undefined => matched(text, variable, subdomain, "a Kubernetes name");
  const amount = (variable: string): string | undefined =>
    matched(text, variable, quantity, "a Kubernetes quantity such as 250m, 512Mi or 2");
  const access = readAccess(text);
  return {
    access,
    namespace: matched(text, "NAMESPACE", label, "a Kubernetes namespace") ?? "astrolabe-agents",
    createNamespace: yesOrNo(text, "CREATE_NAMESPACE", false),
    ingress: readIngress(text, access),
    networkPolicies: yesOrNo(text, "NETWORK_POLICIES", true),
    callerNamespaces: readNamespaces(text),
    imagePullSecret: name("IMAGE_PULL_SECRET"),
    storage: { className: name("STORAGE_CLASS"), size: amount("VOLUME_SIZE") ?? "10Gi" },
    resources: {
      cpuRequest: amount("CPU_REQUEST") ?? "100m",
      memoryRequest: amount("MEMORY_REQUEST") ?? "256Mi",
      cpuLimit: amount("CPU_LIMIT"),
      memoryLimit: amount("MEMORY_LIMIT"),
    },
    gpu: {
      nodeSelectors: { cuda: readSelector(text, "CUDA_NODES"), rocm: readSelector(text, "ROCM_NODES") },
      memoryLabel: matched(text, "GPU_MEMORY_LABEL", labelName, "the name of a node label"),
    },
  };
}

/** What is named wins, then the variables of kubectl and of pods. */
function readAccess(text: ReadText): ClusterAccess {
  const named = text(`${prefix}KUBECONFIG`);
  const context = text(`${prefix}CONTEXT`);
  const usual = text("KUBECONFIG");
  const [host, port] = [text("KUBERNETES_SERVICE_HOST"), text("KUBERNETES_SERVICE_PORT")];
  const files = (named ?? usual)?.split(":").filter((file) => file !== "");
  if (files === undefined && context === undefined && host !== undefined) {
    return { kind: "in_cluster", host, port: port ?? "443", folder: serviceAccountFolder };
  }
  return { kind: "kubeconfig", files, context };
}

/** From outside the front door does not reach pods. */
function readIngress(text: ReadText, access: ClusterAccess): IngressSettings {
  return {
    isUsed: yesOrNo(text, "INGRESS", access.kind !== "in_cluster"),
    className: matched(text, "INGRESS_CLASS", subdomain, "the name of an ingress class"),
    tlsSecret: matched(text, "INGRESS_TLS_SECRET", subdomain, "the name of a secret"),
    annotations: readAnnotations(text, "INGRESS_ANNOTATIONS") ?? {},
    membersAnnotations: readAnnotations(text, "MEMBERS_ANNOTATIONS"),
  };
}

const annotationsSchema = z.record(z.string().regex(labelName), z.string());

function readAnnotations(text: ReadText, variable: string): Readonly<Record<string, string>> | undefined {
  const value = text(prefix + variable);
  if (value === undefined) return undefined;
  const read = annotationsSchema.safeParse(parseJson(value));
  if (!read.success || Object.keys(read.data).length === 0) {
    throw new ConfigError(`${prefix}${variable} must be a JSON object of annotations: {"name": "value"}.`);
  }
  return read.data;
}

function readNamespaces(text: ReadText): readonly string[] {
  const names = (text(`${prefix}CALLER_NAMESPACES`) ?? "").split(",").map((name) => name.trim());
  const given = names.filter((name) => name !== "");
  if (given.every((name) => label.test(name))) return given;
  throw new ConfigError(`${prefix}CALLER_NAMESPACES must be Kubernetes namespaces, separated by commas.`);
}

function readSelector(text: ReadText, variable: string): Readonly<Record<string, string>> {
  const pairs = (text(prefix + variable) ?? "").split(",").filter((pair) => pair.trim() !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", value = "", ...rest] = pair.trim().split("=");
      if (labelName.test(name) && labelValue.test(value) && rest.length === 0) return [name, value];
      throw new ConfigError(`${prefix}${variable} must be node labels: label=value, separated by commas.`);
    }),
  );
}

function matched(text: ReadText, variable: string, form: RegExp, words: string): string | undefined {
  const value = text(prefix + variable);
  if (value === undefined || form.test(value)) return value;
  throw new ConfigError(`${prefix}${variable} must be ${words}.`);
}

function yesOrNo(text: ReadText, variable: string, fallback: boolean): boolean {
  const value = text(prefix + variable);
  if (value === undefined) return fallback;
  if (value === "true" || value === "false") return value === "true";
  throw new ConfigError(`${prefix}${variable} must be true or false.`);
}
