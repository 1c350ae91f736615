// What the API server refused, in words for people.

import { z } from "zod";
import { RuntimeError, type RuntimeErrorCode } from "../runtime.ts";

const statusSchema = z.object({ message: z.string().optional(), reason: z.string().optional() }).catch({});

type Refusal = { readonly code: RuntimeErrorCode; readonly message: string; readonly hint: string };

/** Reads the answer's body. */
export async function refusal(
  response: Response,
  call: { readonly method: string; readonly path: string },
): Promise<RuntimeError> {
  const text = (await response.text()).slice(0, 64 * 1024);
  const body = await new Response(text).json().catch(() => ({}));
  const said = statusSchema.parse(body).message ?? `${call.method} ${call.path} was answered with ${response.status}`;
  const { code, message, hint } = describe(response.status, said);
  return new RuntimeError(code, message, { hint });
}

function describe(status: number, said: string): Refusal {
  if (status === 401) {
    return {
      code: "unavailable",
      message: "the cluster does not know who this server is",
      hint: "Renew the kubeconfig's credentials, or the pod's service account.",
    };
  }
  if (status === 403) return { code: "failed", message: `the cluster forbids it: ${said}`, hint: forbiddenHint(said) };
  if (status === 404 && said.startsWith("namespaces ")) {
    return {
      code: "failed",
      message: `the cluster refuses it: ${said}`,
      hint: "Make the namespace, or set ASTROLABE_KUBERNETES_CREATE_NAMESPACE=true.",
    };
  }
  if (status === 409) {
    return { code: "conflict", message: `something is in the way: ${said}`, hint: "Try it again in a moment." };
  }
  if (status === 429 || status >= 500) {
    return {
      code: "unavailable",
      message: `the cluster's API does not work now: ${said}`,
      hint: "Try it again when the cluster is well.",
    };
  }
  return { code: "failed", message: `the cluster refuses it: ${said}`, hint: "Correct what it names, and try again." };
}

function forbiddenHint(said: string): string {
  if (/exceeded quota/.test(said)) return "Raise the namespace's quota, or end other agents.";
  if (/violates PodSecurity/.test(said)) return "Let the namespace take pods of the level `baseline`.";
  return "Give the server the role in deploy/kubernetes/rbac.yaml.";
}
